"""Facts as they held on a day, as they were known at an instant."""

import datetime as dt

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.config.lib.models import Fact

pytestmark = pytest.mark.django_db

FIRST = dt.date(2026, 4, 1)
MIDNIGHT = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
DAYS = st.integers(0, 12)
OPEN_OR_DAYS = st.none() | DAYS


def day(number: int | None) -> dt.date | None:
    return None if number is None else FIRST + dt.timedelta(days=number)


def instant(number: int | None) -> dt.datetime | None:
    return None if number is None else MIDNIGHT + dt.timedelta(days=number)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    starts, length = draw(DAYS), draw(OPEN_OR_DAYS)
    recorded, stood = draw(DAYS), draw(OPEN_OR_DAYS)
    return Fact(
        starts_on=day(starts),
        ends_on=day(None if length is None else starts + length),
        recorded_at=instant(recorded),
        retracted_at=instant(None if stood is None else recorded + stood),
    )


def holds(fact: Fact, t: dt.date) -> bool:
    return fact.starts_on <= t and (fact.ends_on is None or t < fact.ends_on)


def is_known(fact: Fact, k: dt.datetime) -> bool:
    return fact.recorded_at <= k and (fact.retracted_at is None or k < fact.retracted_at)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(known=st.lists(facts(), max_size=12), t=DAYS, k=DAYS)
def test_as_of_keeps_exactly_what_held_and_was_known(db, known, t, k):
    Fact.objects.all().delete()
    Fact.objects.bulk_create(known)
    expected = {fact.pk for fact in known if holds(fact, day(t)) and is_known(fact, instant(k))}
    assert set(Fact.objects.as_of(day(t), instant(k)).values_list("pk", flat=True)) == expected


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(known=st.lists(facts(), max_size=8), t=DAYS, k=DAYS, later=st.integers(13, 30))
def test_what_is_recorded_or_retracted_later_never_changes_what_was_known(db, known, t, k, later):
    Fact.objects.all().delete()
    Fact.objects.bulk_create(known)
    before = set(Fact.objects.as_of(day(t), instant(k)).values_list("pk", flat=True))
    Fact.objects.current().update(retracted_at=instant(later))
    Fact.objects.create(starts_on=FIRST, recorded_at=instant(later))
    assert set(Fact.objects.as_of(day(t), instant(k)).values_list("pk", flat=True)) == before


def test_open_facts_stand_and_have_no_end():
    standing = Fact.objects.create(starts_on=FIRST)
    ended = Fact.objects.create(starts_on=FIRST, ends_on=day(3))
    Fact.objects.create(starts_on=FIRST, retracted_at=MIDNIGHT)
    assert list(Fact.objects.open()) == [standing]
    assert set(Fact.objects.current()) == {standing, ended}


def test_a_fact_that_ends_before_it_starts_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="ends_after_start"):
        Fact.objects.create(starts_on=day(3), ends_on=day(2))
