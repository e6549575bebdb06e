"""Senders of events and what came of them, for the tests of ingestion."""

import datetime as dt
import itertools
import json
import uuid
from typing import Any

from django.db.models import Sum

from scoring.domain.wire import pack
from scoring.models import EventQuarantine, UsageDay, UserMonth, WaitingKey, WriteKey
from scoring.services.ingest.acceptance import Acceptance, accept_batch
from scoring.services.ingest.batches import process_accepted
from scoring.services.write_keys import create_write_key

#: 15:00 in Tokyo, in the middle of a month.
NOW = dt.datetime(2026, 11, 18, 6, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 18)

_numbers = itertools.count(1)


def make_write_key(**fields: Any) -> WriteKey:
    return create_write_key(**{"name": f"Product {next(_numbers)}", **fields})[0]


def make_waiting_key(key: str = "", write_key: WriteKey | None = None) -> WaitingKey:
    """Set one event of an unknown account aside."""
    number = next(_numbers)
    key = key or f"unknown-{number}"
    EventQuarantine.objects.create(
        write_key=write_key or make_write_key(),
        batch_id=number,
        message_id=uuid.uuid4(),
        kind="track",
        group_key=key,
        name="Report opened",
        occurred_at=NOW,
        received_at=NOW,
    )
    return WaitingKey.objects.get(kind="group", key=key)


def make_item(**fields: Any) -> dict[str, Any]:
    number = next(_numbers)
    values = {
        "type": "track",
        "event": "Report opened",
        "messageId": f"m-{number}",
        "userId": "u-1",
        "timestamp": NOW,
        **fields,
    }
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in values.items()
        if value is not None
    }


def send(
    write_key: WriteKey, *items: dict[str, Any], at: dt.datetime = NOW, is_import: bool = False
) -> Acceptance:
    body = pack(json.dumps({"batch": items}).encode())
    return accept_batch(write_key=write_key, body=body, is_gzip=True, at=at, is_import=is_import)


def deliver(write_key: WriteKey, *items: dict[str, Any], at: dt.datetime = NOW, **how: Any) -> int:
    send(write_key, *items, at=at, **how)
    return process_accepted(at=at)


def counts_by_day(**known: Any) -> dict[tuple[int, dt.date, str], int]:
    """Sum the roll-ups over known time: (account, day, event) → n."""
    rows = UsageDay.objects.filter(**known).values_list("account_id", "day", "series__name")
    return {row[:3]: row[3] for row in rows.annotate(sum=Sum("n"))}


def active_days(*, series: int = 0, **filters: Any) -> dict[tuple[int, str], set[dt.date]]:
    """Read the bit masks back: (account, user key) → days."""
    found: dict[tuple[int, str], set[dt.date]] = {}
    for row in UserMonth.objects.filter(series_id=series, **filters).select_related("user"):
        days = {row.month.replace(day=bit + 1) for bit in range(31) if row.days >> bit & 1}
        found.setdefault((row.account_id, row.user.user_key), set()).update(days)
    return found
