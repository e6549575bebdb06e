import pytest

from accounts.models import AccessPolicy
from scoring.models import HealthAlert
from tests.factories import make_team, make_touchpoint, make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    install_scorecards,
    last_days,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_usage,
    noon,
    slot_after,
)

pytestmark = pytest.mark.django_db

BEFORE = DAY - 30 * ONE_DAY


@pytest.fixture
def account():
    install_scorecards()
    account = make_scored_account(team=make_team())
    make_live_source(account=account, days=60)
    make_usage(account=account, days=last_days(80, until=DAY - 20 * ONE_DAY), users=8, events=4)
    make_usage(account=account, days=last_days(20), users=3)
    talked_at = noon(DAY - 40 * ONE_DAY)
    talk = make_touchpoint(account=account, occurred_at=talked_at, recorded_at=talked_at)
    talk.signals.create(signal="complaint")
    make_paid_invoice(account)
    close_day(BEFORE, account)
    close_day(DAY, account)
    return account


@pytest.fixture
def ask(client, account):
    client.force_login(make_user(team=account.team))

    def get(path="", **query):
        return client.get(f"/api/v1/accounts/{account.pk}/health/{path}", query)

    return get


def test_the_members_sum_to_the_score(ask):
    health = ask().json()

    total = (
        health["reference"]
        + sum(part["points"] for part in health["contributions"])
        + sum(part["points"] for part in health["points"])
        + sum(health["corrections"].values())
    )
    assert total == pytest.approx(health["score"], abs=1e-9)
    assert health["status"] == "ok"
    assert health["scorecard"] == {"key": "standard", "version": 1}
    assert health["as_of"] == health["known_at"]
    assert min(part["points"] for part in health["points"]) < 0


def test_a_past_day_is_explained_as_it_was(ask, account):
    now, then = ask().json(), ask(at=BEFORE.isoformat()).json()
    by_instant = ask(at=slot_after(BEFORE).isoformat()).json()

    assert then["day"] == BEFORE.isoformat()
    assert then["score"] > now["score"]
    assert by_instant == then


def test_late_facts_do_not_change_the_explanation_of_a_past_day(ask, account):
    then = ask(at=BEFORE.isoformat()).json()

    make_usage(
        account=account, days=last_days(20, until=BEFORE), users=9, name="late", known_on=DAY
    )

    assert ask(at=BEFORE.isoformat()).json() == then


def test_the_parts_of_a_difference_sum_to_it(ask):
    diff = ask("diff/", **{"from": BEFORE.isoformat()}).json()

    total = sum(move["total"] for move in diff["moves"])
    total += diff["points"] + diff["corrections"] + diff["scorecard"]
    assert total == pytest.approx(diff["change"], abs=1e-9)
    assert diff["change"] < 0


def test_the_history_has_a_row_a_day(ask):
    rows = ask("history/", **{"from": BEFORE.isoformat(), "to": DAY.isoformat()}).json()["results"]

    assert [row["day"] for row in rows] == [BEFORE.isoformat(), DAY.isoformat()]
    assert {row["kind"] for row in rows} == {"official"}


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("", {"at": "yesterday"}, 400, "not_a_date"),
        ("", {"at": "2026-02-30"}, 400, "not_a_date"),
        ("", {"at": "2026-06-01T10:00"}, 400, "not_a_date"),
        ("", {"at": "2020-01-01"}, 404, "no_score_that_day"),
        ("", {"at": "0001-01-01T00:00:00+14:00"}, 400, "not_a_date"),
        ("history/", {"to": "0001-01-01"}, 400, "not_a_date"),
        ("diff/", {}, 400, "not_a_date"),
        ("history/", {"from": "x"}, 400, "not_a_date"),
    ],
)
def test_what_can_not_be_answered_says_why(ask, path, query, status, code):
    answer = ask(path, **query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_health_without_enough_data_is_null_and_says_so(client):
    install_scorecards()
    account = make_scored_account(team=make_team())
    close_day(DAY, account)
    client.force_login(make_user(team=account.team))

    health = client.get(f"/api/v1/accounts/{account.pk}/health/").json()

    assert (health["score"], health["status"]) == (None, "not_enough_data")
    assert health["band"] == "not_enough_data"


def test_foreign_health_does_not_exist(client, account):
    client.force_login(make_user(team=make_team()))

    assert client.get(f"/api/v1/accounts/{account.pk}/health/").status_code == 404


def test_who_sees_accounts_but_no_health_finds_nothing(ask):
    AccessPolicy.objects.create(role="member", kind="health", read_scope="none", write_scope="none")

    assert ask().status_code == 404
    assert ask("history/").status_code == 404


def test_the_account_carries_its_health(client, account):
    client.force_login(make_user(team=account.team))

    health = client.get(f"/api/v1/accounts/{account.pk}/").json()["health"]

    promised = {"score", "band", "status", "coverage", "change_30d", "computed_at"}
    assert promised | {"open_alerts", "alert_crossing", "override_until"} <= set(health)
    assert health["open_alerts"] == HealthAlert.objects.open(NOON).count()
    assert health["override_until"] is None
    assert health["status"] == "ok"
