import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.choices import TouchModel
from accounts.domain.expectations import NEAR_RENEWAL_DAYS
from accounts.models import Account, TouchExpectation
from accounts.panels.talks import TalksPanel
from accounts.selectors.expectations import expectations_on, next_touch_of, touches_due
from accounts.services.expectations import set_expectation
from config.lib.pagination import KeysetPaginator
from tests.factories import (
    make_account,
    make_account_role,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)


def due(account, at=AT):
    return Account.objects.with_fields("next_touch_on", at=at).get(pk=account.pk).next_touch_on


def test_the_next_touch_is_the_last_talk_plus_the_cadence():
    account = make_account(touch_model="high", customer_since_on=dt.date(2024, 1, 1))
    # 23:00 UTC is the next day in Tokyo.
    make_touchpoint(account=account, occurred_at=dt.datetime(2026, 5, 31, 23, tzinfo=dt.UTC))

    assert due(account) == dt.date(2026, 7, 1)


def test_an_internal_note_and_a_mail_one_way_never_count():
    account = make_account(touch_model="low", customer_since_on=dt.date(2026, 6, 1))
    make_touchpoint(account=account, direction="outbound")
    make_touchpoint(account=account, direction="internal", type="internal_note")

    assert due(account) == dt.date(2026, 6, 1) + dt.timedelta(days=90)


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"touch_model": "high"}, 30),
        ({"touch_model": "high", "phase": "onboarding"}, 7),
        ({"touch_model": "high", "renewal_on": TODAY + dt.timedelta(days=120)}, 14),
        ({"touch_model": "high", "renewal_on": TODAY + dt.timedelta(days=121)}, 30),
        ({"touch_model": "high", "renewal_on": TODAY - dt.timedelta(days=1)}, 30),
        ({"touch_model": "low", "renewal_on": TODAY}, 30),
        ({"touch_model": "tech", "renewal_on": TODAY}, None),
        ({"touch_model": "high", "status": "churned"}, None),
    ],
)
def test_near_a_renewal_talks_are_due_more_often(fields, days):
    account = make_account(customer_since_on=dt.date(2026, 6, 1), **fields)

    assert due(account) == (days and dt.date(2026, 6, 1) + dt.timedelta(days=days))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["high", "low", "tech"]),
    st.sampled_from(["onboarding", "adoption", "renewal"]),
    st.none() | st.integers(-5, NEAR_RENEWAL_DAYS + 5),
)
def test_the_page_and_the_database_agree(model, phase, ahead):
    renewal_on = None if ahead is None else TODAY + dt.timedelta(days=ahead)
    account = make_account(
        touch_model=model,
        phase=phase,
        renewal_on=renewal_on,
        customer_since_on=dt.date(2026, 6, 1),
    )

    shown = TalksPanel().context(account=account, user=make_user(role="administrator"), at=AT)

    assert shown["next_on"] == due(account)


def test_a_setting_acts_from_tomorrow_and_the_day_that_runs_keeps_its_numbers():
    values = {
        "cadence_days": 10,
        "onboarding_cadence_days": None,
        "near_cadence_days": None,
        "required_roles": ["champion"],
    }

    set_expectation(touch_model="high", at=AT, **values)

    assert expectations_on(TODAY)["high"].cadence_days == 30
    tomorrow = expectations_on(TODAY + dt.timedelta(days=1))["high"]
    assert (tomorrow.cadence_days, tomorrow.required_roles) == (10, ("champion",))


DAYS = st.none() | st.integers(1, 200)


@settings(max_examples=30, deadline=None)
@given(
    st.tuples(DAYS, DAYS, DAYS),
    st.sampled_from(["onboarding", "adoption"]),
    st.none() | st.integers(-5, NEAR_RENEWAL_DAYS + 5),
)
def test_the_page_and_the_database_agree_whatever_is_demanded(days, phase, ahead):
    TouchExpectation.objects.all().delete()
    names = ("cadence_days", "onboarding_cadence_days", "near_cadence_days")
    demand("high", **dict(zip(names, days, strict=True)))
    renewal_on = None if ahead is None else TODAY + dt.timedelta(days=ahead)
    account = make_account(
        touch_model="high",
        phase=phase,
        renewal_on=renewal_on,
        customer_since_on=dt.date(2026, 6, 1),
    )

    assert due(account) == next_touch_of(account, last=None, at=AT).on


def test_where_nothing_is_demanded_no_touch_is_due_and_lists_sort_all_the_same():
    account = make_account(touch_model="high", customer_since_on=dt.date(2026, 6, 1))
    for touch_model in TouchModel.values:
        demand(touch_model)

    accounts = Account.objects.with_fields("next_touch_on", at=AT)

    assert due(account) is None
    assert KeysetPaginator(accounts, order="-next_touch_on").page().rows == [account]


def demand(touch_model, **days):
    nothing = dict.fromkeys(("cadence_days", "onboarding_cadence_days", "near_cadence_days"))
    set_expectation(
        touch_model=touch_model,
        required_roles=[],
        at=AT - dt.timedelta(days=1),
        **nothing | days,
    )


def test_touches_due_are_those_of_accounts_one_has_a_role_on():
    make_organisation()
    team = make_team()
    user = make_user(team=team)
    mine = make_account(team=team, touch_model="high", customer_since_on=dt.date(2026, 1, 1))
    make_account(team=team, touch_model="high", customer_since_on=dt.date(2026, 1, 1))
    make_account_role(account=mine, user=user)

    assert list(touches_due(user=user, at=AT)) == [mine]
