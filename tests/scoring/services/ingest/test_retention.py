import datetime as dt

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from config.lib.clock import app_now
from scoring.models import Event, EventQuarantine, EventSeen, IngestBatch, UsageDay
from scoring.services.ingest.retention import (
    add_partitions,
    add_usage_months,
    count_strays,
    purge_usage,
    tend_usage,
)
from tests.factories import make_account, make_organisation
from tests.scoring.ingest import deliver, make_item, make_write_key

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def now():
    make_organisation(event_retention_days=60, replay_days=60)
    return app_now()


def partitions(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", [table])
        return cursor.fetchone()[0]


def test_partitions_are_made_three_months_ahead_by_a_login_that_owns_no_table(now):
    before = partitions("scoring_event")

    assert add_partitions(at=now + 10 * DAY) > 0
    assert add_partitions(at=now + 10 * DAY) == 0
    assert partitions("scoring_event") > before


def test_what_found_no_partition_raises_the_alarm_and_moves_once_its_own_is_made(now, caplog):
    make_account(external_id="acme")
    later = now + 200 * DAY
    deliver(make_write_key(), make_item(groupId="acme", timestamp=later), at=later)
    assert count_strays() == 1
    assert "no partition" in caplog.text

    add_partitions(at=later)

    assert count_strays() == 0
    assert Event.objects.count() == UsageDay.objects.count() == 1


def test_what_is_too_old_goes(now):
    make_account(external_id="acme")
    key, old = make_write_key(), now - 300 * DAY
    items = [make_item(groupId="acme", timestamp=old), make_item(groupId="new", timestamp=old)]
    deliver(key, *items, at=old)
    deliver(key, make_item(groupId="acme", timestamp=now), at=now)
    add_partitions(at=old)

    assert purge_usage(at=now) > 0

    assert Event.objects.count() == UsageDay.objects.count() == 1
    assert EventSeen.objects.count() == IngestBatch.objects.count() == 1
    assert not EventQuarantine.objects.exists()


def test_keys_of_imports_are_kept_for_ever(now):
    make_account(external_id="acme")
    old = now - 300 * DAY
    deliver(make_write_key(), make_item(groupId="acme", timestamp=old), at=old, is_import=True)

    purge_usage(at=now)

    assert EventSeen.objects.count() == 1


def test_young_partitions_can_not_be_dropped(now):
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="older than 35 days"):
        cursor.execute("SELECT scoring_drop_partitions('scoring_event', %s)", [now.date()])


def test_no_other_table_can_be_dropped(now):
    long_ago = dt.date(2020, 1, 1)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="only partitions"):
        cursor.execute("SELECT scoring_drop_partitions('accounts_account', %s)", [long_ago])


def test_the_months_of_a_long_history_are_made_at_once(now):
    assert add_usage_months(first=dt.date(2012, 3, 5), last=dt.date(2012, 12, 31)) == 40


def test_the_upkeep_is_done_once_a_day(now):
    assert tend_usage(at=now) == 1
    assert tend_usage(at=now) == 0
    assert tend_usage(at=now + DAY) == 1
