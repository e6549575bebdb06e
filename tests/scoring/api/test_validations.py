import pytest

from accounts.models import Job
from scoring.models import Validation
from tests.factories import make_account, make_user
from tests.scoring.factories import make_scorecard
from tests.scoring.selectors.test_what_if import HARMLESS, definition_of

pytestmark = pytest.mark.django_db

URL = "/api/v1/validations/"


def make_validation(**report):
    version = make_scorecard(definition_of(HARMLESS))
    job = Job.objects.create(kind="validation", state="done", result=report)
    return Validation.objects.create(
        job=job, kind="what_if", scorecard=version.scorecard, version=version
    )


def test_a_manager_asks_and_reads(api):
    version = make_scorecard(definition_of(HARMLESS))
    client = api(make_user(role="manager"))

    made = client.post(
        URL, {"kind": "backtest", "scorecard": version.scorecard.key, "months": 6}, format="json"
    )
    read = client.get(f"{URL}{made.json()['id']}/")

    assert made.status_code == 201
    assert (made.json()["state"], made.json()["months"], made.json()["version"]) == (
        "queued", 6, 1,
    )  # fmt: skip
    assert (read.status_code, read.json()["report"]) == (200, None)


def test_a_member_reads_only(api):
    row = make_validation()
    client = api(make_user(role="member"))

    asked = client.post(URL, {"kind": "linkage"}, format="json")
    stopped = client.post(f"{URL}{row.pk}/cancel/")

    assert (asked.status_code, stopped.status_code) == (403, 403)
    assert client.get(f"{URL}{row.pk}/").status_code == 200


def test_who_sees_no_health_finds_nothing(api):
    row = make_validation()
    client = api(make_user(role="privacy_officer"))

    assert client.get(f"{URL}{row.pk}/").status_code == 404
    assert client.get(URL).json()["results"] == []


@pytest.mark.parametrize(
    ("order", "pointer"),
    [
        ({"kind": "what_if"}, "/scorecard"),
        ({"kind": "what_if", "scorecard": "unknown"}, "/scorecard"),
        ({"kind": "linkage", "months": 0}, "/months"),
        ({"kind": "linkage", "horizon_days": 5}, "/horizon_days"),
    ],
)
def test_a_faulty_order_names_its_field(api, order, pointer):
    client = api(make_user(role="administrator"))

    answer = client.post(URL, order, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_an_unknown_version_names_its_field(api):
    version = make_scorecard(definition_of(HARMLESS))
    client = api(make_user(role="administrator"))
    order = {"kind": "what_if", "scorecard": version.scorecard.key, "version": 9}

    answer = client.post(URL, order, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/version")


def test_accounts_out_of_sight_are_counted_and_not_named(api, alice):
    mine, other = make_account(team=alice.teams.get()), make_account()
    movers = [
        {"account": pk, "before": 50.0, "after": 40.0, "was": "at_risk", "becomes": "at_risk",
         "arr": 1.0, "reasons": []}
        for pk in (mine.pk, other.pk)
    ]  # fmt: skip
    row = make_validation(movers=movers, unscored=[])

    report = api(alice).get(f"{URL}{row.pk}/").json()["report"]

    assert [mover["account"] for mover in report["movers"]] == [mine.pk]
    assert report["hidden"] == {"movers": 1, "unscored": 0}


def test_lists_go_without_reports(api):
    make_validation(movers=[])

    row = api(make_user(role="viewer")).get(URL).json()["results"][0]

    assert "report" not in row
    assert row["scorecard"].startswith("card-")
