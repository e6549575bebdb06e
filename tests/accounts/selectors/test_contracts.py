import datetime as dt

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.domain.renewals import covered_until, decision
from accounts.models import Contract
from accounts.selectors.contracts import covered_until_sql, renewal_of, with_worth
from tests.factories import make_account, make_contract

AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)
days = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))
cases = st.tuples(st.none() | days, st.integers(0, 24), st.booleans(), days)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(st.lists(cases, min_size=1, max_size=40))
def test_the_database_and_the_rule_agree_on_every_day(rows):
    sql = """SELECT accounts_decide_on(e, n, g, d)
             FROM unnest(%s::date[], %s::int[], %s::bool[], %s::date[])
             WITH ORDINALITY AS t(e, n, g, d, place) ORDER BY place"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        answers = [answer for (answer,) in cursor.fetchall()]

    expected = [
        decision(ends_on=end, notice_months=notice, goes_on=goes_on, today=today)
        for end, notice, goes_on, today in rows
    ]
    assert answers == [found and found.decide_on for found in expected]


ends = st.dates(dt.date(2020, 1, 1), dt.date(2028, 12, 31)) | st.just(dt.date(2024, 2, 29))
promises = st.tuples(st.none() | ends, st.booleans(), st.none() | ends, st.integers(0, 24))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(st.lists(promises, min_size=1, max_size=60))
def test_the_last_day_is_the_same_in_the_database_and_in_the_rule(rows):
    sql = f"""SELECT {covered_until_sql("c")}
              FROM unnest(%s::date[], %s::bool[], %s::date[], %s::int[]) WITH ORDINALITY
              AS c(ends_on, auto_renews, notice_received_on, notice_months, place)
              ORDER BY place"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        answers = [answer for (answer,) in cursor.fetchall()]

    assert answers == [
        covered_until(ends_on=end, auto_renews=auto_renews, notice_on=notice, notice_months=months)
        for end, auto_renews, notice, months in rows
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("notice", [None, dt.date(2027, 2, 1), dt.date(2028, 2, 1)])
@pytest.mark.parametrize("auto_renews", [False, True])
@pytest.mark.parametrize("frame", [{}, {"ends_on": None, "kind": "open_ended"}])
def test_queries_read_the_same_last_day(auto_renews, notice, frame):
    one = make_contract(
        account=make_account(),
        auto_renews=auto_renews,
        notice_received_on=notice,
        notice_months=2,
        **frame,
    )

    known = covered_until(
        ends_on=one.ends_on, auto_renews=auto_renews, notice_on=notice, notice_months=2
    )
    assert Contract.objects.with_last_day().get().last_day == known


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "open"),
        ({"notice_months": 10}, "missed"),
        ({"notice_received_on": dt.date(2026, 5, 1)}, "notice_given"),
        ({"kind": "open_ended", "ends_on": None}, "open_ended"),
        ({"starts_on": dt.date(2024, 4, 1), "ends_on": dt.date(2025, 3, 31)}, "ended"),
        ({"archived_at": AT}, "archived"),
    ],
)
def test_what_is_to_be_decided_is_said_in_one_word(fields, state):
    make_contract(account=make_account(), **fields)
    contract = with_worth(Contract.objects.all(), at=AT).get()

    assert renewal_of(contract, today=TODAY, is_followed=contract.is_followed).state == state


@pytest.mark.django_db
@pytest.mark.parametrize("auto_renews", [True, False])
def test_a_contract_of_a_lost_customer_leaves_nothing_to_decide(auto_renews):
    make_contract(account=make_account(status="churned"), auto_renews=auto_renews)
    contract = with_worth(Contract.objects.all(), at=AT).get()

    found = renewal_of(contract, today=TODAY, is_lost=contract.is_lost)
    assert (found.state, contract.decide_on) == ("lost", None)
    assert not Contract.objects.in_force(on=TODAY).exists()


@pytest.mark.django_db
def test_a_contract_that_another_follows_leaves_nothing_to_decide():
    account = make_account()
    first = make_contract(account=account)
    make_contract(account=account, starts_on=dt.date(2027, 4, 1), ends_on=dt.date(2028, 3, 31))
    contract = with_worth(Contract.objects.filter(pk=first.pk), at=AT).get()

    assert renewal_of(contract, today=TODAY, is_followed=contract.is_followed).state == "followed"
    assert (contract.arr_now, contract.seats_now) == (1_200_000, None)
