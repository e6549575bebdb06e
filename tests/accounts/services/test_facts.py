"""Dated facts against a model in Python: any order of entries, seen at any (day, known) pair."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccountPhaseFact
from accounts.services.facts import end_fact, put_fact
from tests.factories import make_account

pytestmark = pytest.mark.django_db
START = dt.date(2026, 6, 1)
PHASES = ["adoption", "renewal", "expansion"]
ENTRIES = st.lists(st.tuples(st.sampled_from(PHASES), st.integers(0, 9)), min_size=1, max_size=7)


def day(number):
    return START + dt.timedelta(days=number)


def known(number):
    return dt.datetime(2026, 7, 1, 12, number, tzinfo=dt.UTC)


def expected(entries, on):
    """Say what holds on a day: an entry counts from its day until the next fact begins.

    An entry that repeats what holds on its day is no news, and begins nothing.
    """
    starts = {}
    for phase, number in entries:
        if holding(starts, number) != phase:
            starts[number] = phase
    return holding(starts, on)


def holding(starts, on):
    earlier = [number for number in starts if number <= on]
    return starts[max(earlier)] if earlier else None


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(entries=ENTRIES)
def test_any_order_of_entries_can_be_seen_as_it_was_known_then(entries):
    with transaction.atomic():
        account = make_account()
        for minute, (phase, number) in enumerate(entries):
            put_fact(
                AccountPhaseFact,
                owner={"account": account},
                values={"phase": phase},
                on=day(number),
                at=known(minute),
            )
        facts = AccountPhaseFact.objects.filter(account=account)
        for minute in range(len(entries)):
            for number in range(10):
                seen = facts.as_of(day(number), known(minute)).values_list("phase", flat=True)
                want = expected(entries[: minute + 1], number)
                assert list(seen) == ([want] if want else [])
        transaction.set_rollback(True)


def test_saying_the_same_again_writes_nothing():
    account = make_account()
    owner = {"account": account}

    put_fact(AccountPhaseFact, owner=owner, values={"phase": "renewal"}, on=day(0), at=known(0))
    again = put_fact(
        AccountPhaseFact, owner=owner, values={"phase": "renewal"}, on=day(3), at=known(1)
    )

    assert again is None
    assert AccountPhaseFact.objects.count() == 1


def test_an_ended_fact_keeps_its_id_and_leaves_a_copy_of_what_was_known():
    owner = {"account": make_account()}
    fact = put_fact(
        AccountPhaseFact, owner=owner, values={"phase": "renewal"}, on=day(0), at=known(0)
    )

    end_fact(fact, on=day(5), at=known(1))

    standing = AccountPhaseFact.objects.get(retracted_at=None)
    assert (standing.pk, standing.ends_on, standing.recorded_at) == (fact.pk, day(5), known(1))
    copy = AccountPhaseFact.objects.exclude(retracted_at=None).get()
    assert (copy.ends_on, copy.recorded_at, copy.retracted_at) == (None, known(0), known(1))


def test_a_fact_that_ends_before_it_began_never_was():
    owner = {"account": make_account()}
    fact = put_fact(
        AccountPhaseFact, owner=owner, values={"phase": "renewal"}, on=day(5), at=known(0)
    )

    end_fact(fact, on=day(5), at=known(1))

    assert not AccountPhaseFact.objects.filter(retracted_at=None).exists()
