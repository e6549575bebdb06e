"""One clock for all processes, and a hand on it for tests."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from config.lib.clock import app_now, set_clock_offset
from tests.config.lib.connections import in_own_connection
from tests.config.lib.models import Fact

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.as_owner]

DAY = dt.timedelta(days=1)
NO_TIME = dt.timedelta(0)


@pytest.fixture(autouse=True)
def _clock_put_right() -> Iterator[None]:
    yield
    set_clock_offset(NO_TIME)


def wall() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_the_clock_shows_the_time_of_the_database_with_a_zone():
    assert abs(app_now() - wall()) < dt.timedelta(seconds=10)
    assert app_now().utcoffset() == NO_TIME


def test_the_clock_stands_still_within_a_transaction():
    with transaction.atomic():
        assert app_now() == app_now()


@pytest.mark.parametrize("offset", [400 * DAY, -3 * DAY, dt.timedelta(microseconds=1500000)])
def test_the_clock_can_be_moved_and_put_right(offset):
    set_clock_offset(offset)
    assert abs(app_now() - wall() - offset) < dt.timedelta(seconds=1)
    set_clock_offset(NO_TIME)
    assert abs(app_now() - wall()) < dt.timedelta(seconds=1)


def test_moving_the_clock_moves_connections_that_are_open_already():
    with ThreadPoolExecutor(1) as elsewhere:
        before = elsewhere.submit(app_now).result()
        set_clock_offset(2 * DAY)
        after = elsewhere.submit(app_now).result()
        elsewhere.submit(in_own_connection(app_now)).result()
    assert 2 * DAY <= after - before < 2 * DAY + dt.timedelta(seconds=10)


def test_a_column_filled_by_the_database_follows_the_moved_clock():
    set_clock_offset(DAY)
    fact = Fact.objects.create(value="x", starts_on=dt.date(2026, 4, 1))
    fact.refresh_from_db()
    assert DAY - dt.timedelta(seconds=10) < fact.recorded_at - wall() <= DAY
