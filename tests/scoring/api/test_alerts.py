import datetime as dt

import pytest

from config.lib.clock import app_now
from scoring.models import HealthAlert
from tests.factories import make_account, make_team, make_user
from tests.scoring.factories import make_alert, make_scored_account

pytestmark = pytest.mark.django_db
PATH = "/api/v1/alerts/"


@pytest.fixture
def alert():
    return make_alert(account=make_scored_account(team=make_team()))


@pytest.fixture
def caller(api, alert):
    return api(make_user(team=alert.account.team))


def change(caller, alert, body, **headers):
    return caller.patch(f"{PATH}{alert.pk}/", body, format="json", headers=headers)


def test_they_are_listed_with_their_reason_and_filtered(caller, alert):
    make_alert(account=make_account())

    (row,) = caller.get(PATH, {"state": "open", "kind": "crossing"}).json()["results"]

    assert (row["id"], row["state"]) == (alert.pk, "open")
    assert row["reason"] == "86 → 55 since 20 May."
    for question in ({"state": "closed"}, {"acknowledged": "true"}, {"mine": "true"}):
        assert caller.get(PATH, question).json()["results"] == []


def test_it_is_acknowledged_snoozed_and_called_false(caller, alert):
    later = (app_now() + dt.timedelta(days=3)).isoformat()

    acknowledged = change(caller, alert, {"acknowledged": True}).json()
    snoozed = change(caller, alert, {"snoozed_until": later}).json()
    false = change(caller, alert, {"is_false": True, "false_reason": "Summer"}).json()

    assert acknowledged["acknowledged_at"] is not None
    assert snoozed["state"] == "snoozed"
    assert (false["state"], false["false_reason"]) == ("false", "Summer")
    assert change(caller, alert, {"is_false": False}).json()["false_reason"] == ""


def test_without_a_reason_the_problem_names_the_field(caller, alert):
    answer = change(caller, alert, {"is_false": True})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/false_reason"]
    assert HealthAlert.objects.get().false_at is None


def test_who_worked_on_an_older_version_learns_it(caller, alert):
    tag = caller.get(f"{PATH}{alert.pk}/")["ETag"]
    change(caller, alert, {"acknowledged": True})

    assert change(caller, alert, {"acknowledged": False}, **{"If-Match": tag}).status_code == 412


def test_nobody_makes_or_deletes_one(caller, alert):
    assert caller.post(PATH, {}, format="json").status_code == 405
    assert caller.delete(f"{PATH}{alert.pk}/").status_code == 405
