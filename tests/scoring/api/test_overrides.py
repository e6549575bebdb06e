import pytest

from scoring.models import HealthOverride, ScoreFeedback
from tests.factories import make_team, make_user
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    close_day,
    install_scorecards,
    last_days,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_usage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    install_scorecards()
    account = make_scored_account(team=make_team())
    make_live_source(account=account, days=60)
    make_paid_invoice(account)
    make_usage(account=account, days=last_days(60), users=6)
    close_day(DAY - ONE_DAY, account)
    return account


@pytest.fixture
def ask(api, account):
    caller = api(make_user(team=account.team))
    path = f"/api/v1/accounts/{account.pk}/health/override/"

    def send(method, body=None, **headers):
        return getattr(caller, method)(path, body, format="json", headers=headers)

    return send


BODY = {"kind": "band", "band": "at_risk", "reason": "Merger rumour"}


def test_it_is_set_read_replaced_and_ended(ask):
    assert ask("get").status_code == 404

    made = ask("put", BODY)
    read = ask("get")
    changed = ask("put", {"kind": "value", "value": 41, "reason": "M&A"})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert read.json() | BODY == read.json()
    assert read.json()["computed"] is not None
    assert read["ETag"] == made["ETag"]
    assert changed.json()["value"] == 41
    assert ask("delete").status_code == 204
    assert ask("delete").status_code == 404
    assert HealthOverride.objects.filter(retracted_at=None).count() == 0


def test_without_a_reason_the_problem_names_it(ask):
    answer = ask("put", {"kind": "band", "band": "at_risk"})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/reason"]
    assert not HealthOverride.objects.exists()


def test_faults_the_service_finds_are_named_too(ask):
    answer = ask("put", {"kind": "band", "reason": "M&A", "expires_at": "2100-01-01T00:00:00Z"})

    assert {error["pointer"] for error in answer.json()["errors"]} == {"/band", "/expires_at"}


def test_who_worked_on_an_older_one_learns_it(ask):
    tag = ask("put", BODY)["ETag"]
    ask("put", BODY | {"band": "critical"})

    assert ask("put", BODY, **{"If-Match": tag}).status_code == 412
    assert ask("delete", **{"If-Match": tag}).status_code == 412
    assert ask("delete", **{"If-Match": ask("get")["ETag"]}).status_code == 204


def test_a_viewer_may_not(api, account):
    viewer = api(make_user(team=account.team, role="viewer"))

    answer = viewer.put(f"/api/v1/accounts/{account.pk}/health/override/", BODY, format="json")

    assert answer.status_code == 403


def test_objections_are_made_listed_filtered_and_taken_back(api, account):
    caller = api(make_user(team=account.team))
    path = "/api/v1/score-feedback/"

    made = caller.post(
        path,
        {"account": account.pk, "direction": "too_low", "reason": "Summer", "metric": "login_days"},
        format="json",
    )
    found = caller.get(path, {"scorecard": "standard", "version": 1, "direction": "too_low"})

    assert made.status_code == 201
    assert [row["id"] for row in found.json()["results"]] == [made.json()["id"]]
    assert caller.get(path, {"direction": "too_high"}).json()["results"] == []
    assert caller.delete(f"{path}{made.json()['id']}/").status_code == 204
    assert caller.get(path).json()["results"] == []
    assert ScoreFeedback.objects.get().retracted_at is not None
