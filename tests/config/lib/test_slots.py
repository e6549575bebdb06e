"""Periodic work happens once a slot, whoever beats and however often."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from config.lib.slots import daily_slot, periodic_slot, take_slot
from tests.config.lib.connections import in_own_connection
from tests.config.lib.models import Slot

committing = pytest.mark.django_db(transaction=True)

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
NIGHT = dt.datetime(2026, 4, 1, 15, 0, tzinfo=dt.UTC)
INSTANTS = st.integers(0, 2**31).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))


@pytest.mark.django_db
def test_a_slot_is_taken_once():
    assert take_slot(Slot, key="nightly", slot_at=NIGHT) is True
    assert take_slot(Slot, key="nightly", slot_at=NIGHT) is False
    assert take_slot(Slot, key="nightly", slot_at=NIGHT + dt.timedelta(days=1)) is True
    assert take_slot(Slot, key="weekly", slot_at=NIGHT) is True


@committing
def test_six_beats_at_once_take_a_slot_once():
    start = threading.Barrier(6)

    @in_own_connection
    def beat(_: int) -> bool:
        start.wait()
        with transaction.atomic():
            return take_slot(Slot, key="nightly", slot_at=NIGHT)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(beat, range(6))) == [False] * 5 + [True]


@committing
@pytest.mark.parametrize("crashes", [True, False])
def test_a_second_beat_waits_for_the_first_and_takes_the_slot_only_if_that_crashed(crashes):
    @in_own_connection
    @transaction.atomic
    def second_beat() -> bool:
        return take_slot(Slot, key="nightly", slot_at=NIGHT)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            take_slot(Slot, key="nightly", slot_at=NIGHT)
            second = pool.submit(second_beat)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
            transaction.set_rollback(crashes)
        assert second.result(timeout=5) is crashes


def test_the_day_begins_in_the_zone_of_the_organisation():
    just_before = dt.datetime(2026, 4, 1, 14, 59, 59, tzinfo=dt.UTC)
    assert daily_slot(NIGHT, zone=TOKYO) == NIGHT
    assert daily_slot(just_before, zone=TOKYO) == NIGHT - dt.timedelta(days=1)
    ten_past = dt.time(0, 10)
    assert daily_slot(NIGHT, zone=TOKYO, starts=ten_past) == dt.datetime(
        2026, 3, 31, 15, 10, tzinfo=dt.UTC
    )


@given(at=INSTANTS, zone=st.sampled_from([TOKYO, NEW_YORK, dt.UTC]))
def test_a_daily_slot_is_midnight_and_at_most_a_day_of_25_hours_old(at, zone):
    slot = daily_slot(at, zone=zone)
    assert slot <= at < slot + dt.timedelta(hours=25)
    assert slot.astimezone(zone).time() == dt.time.min
    assert daily_slot(slot, zone=zone) == slot


@given(at=INSTANTS, minutes=st.integers(1, 3000))
def test_a_periodic_slot_is_stable_over_its_period(at, minutes):
    every = dt.timedelta(minutes=minutes)
    slot = periodic_slot(at, every=every)
    assert slot <= at < slot + every
    assert periodic_slot(slot + every - dt.timedelta(microseconds=1), every=every) == slot
    assert periodic_slot(slot + every, every=every) == slot + every
