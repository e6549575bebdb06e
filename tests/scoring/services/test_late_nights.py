"""The official run of a day that comes after provisional runs of the next one."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import DirtyAccount
from scoring.models import HealthCurrent, HealthTransition
from scoring.services.runs import recompute_health
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    close_day,
    current,
    daily,
    make_contacts_card,
    make_scored_account,
    noon,
    set_score,
    slot_after,
)

pytestmark = pytest.mark.django_db
MOMENT = dt.timedelta(seconds=1)


def test_the_night_marks_what_was_computed_meanwhile_and_leaves_it_shown():
    set_score(make_contacts_card(), 55)
    account = make_scored_account(touch_model="high")
    recompute_health(at=noon(DAY + ONE_DAY), account_ids=[account.pk])
    before = HealthCurrent.objects.values().get()

    close_day(DAY, account)

    assert DirtyAccount.objects.filter(account=account, reason="official_run").exists()
    assert HealthCurrent.objects.values().get() == {
        **before,
        "state": daily(account, DAY).state,
    }
    assert daily(account, DAY).kind == "official"


def test_the_next_provisional_run_starts_from_the_night_that_came_late():
    card = make_contacts_card()
    account = make_scored_account(touch_model="high")
    for n, score in enumerate([55, 66]):
        set_score(card, score)
        close_day(DAY + n * ONE_DAY, account)
    recompute_health(at=noon(DAY + 3 * ONE_DAY), account_ids=[account.pk])
    close_day(DAY + 2 * ONE_DAY, account)
    waited = current(account).band
    recompute_health(at=noon(DAY + 3 * ONE_DAY) + MOMENT, account_ids=[account.pk])

    assert (waited, current(account).band) == ("at_risk", "steady")
    assert told(account)[-1] == ("at_risk", "steady")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(
        st.tuples(st.integers(30, 90), st.integers(30, 90), st.booleans()), min_size=2, max_size=5
    )
)
def test_each_change_of_band_begins_where_the_one_before_ended(days):
    """Whenever the night comes, before or after the first provisional run of the new day."""
    with transaction.atomic():
        account = live_through(days)
        news, newest = told(account), current(account).band
        transaction.set_rollback(True)

    ends = ["not_enough_data", *(to for _, to in news)]
    assert [begin for begin, _ in news] == ends[:-1]
    assert newest == ends[-1]


def live_through(days):
    """Live days of a score at night, one at the next noon, and whether the night comes late."""
    card = make_contacts_card()
    account = make_scored_account(touch_model="high")
    for n, (night, at_noon, comes_late) in enumerate(days):
        day = DAY + n * ONE_DAY
        steps = [(night, slot_after(day)), (at_noon, noon(day + ONE_DAY))]
        again = [(at_noon, noon(day + ONE_DAY) + MOMENT)]
        for score, at in [*reversed(steps), *again] if comes_late else steps:
            set_score(card, score)
            recompute_health(at=at, account_ids=[account.pk])
    return account


def told(account):
    """Return the changes of band as the account's page tells them."""
    news = HealthTransition.objects.filter(account=account).order_by("at", "pk")
    return list(news.values_list("from_band", "to_band"))
