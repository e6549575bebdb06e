"""What ingestion costs beside the floor of the same machine in the same minute.

Request: accepting a body of 100 events beside COPY of ready bytes. Worker: everything (dedupe,
resolve, store, roll up, mark dirty) beside COPY of the same rows into a bare table. Run with
`python -m benchmarks.bench_ingest` in a database that may be filled with thousands of rows.
"""

import datetime as dt
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.models import Team  # noqa: E402
from config import celery_app  # noqa: E402
from config.lib.clock import app_now  # noqa: E402
from scoring.domain.wire import pack  # noqa: E402
from scoring.models import WriteKey  # noqa: E402
from scoring.services.ingest.acceptance import accept_batch  # noqa: E402
from scoring.services.ingest.batches import process_accepted  # noqa: E402
from scoring.services.write_keys import create_write_key  # noqa: E402

ACCOUNTS = 20_000
USERS = 60_000
ROUNDS = 7
RESULT = Path(__file__).parent / "results" / "ingest.json"

_BOOK = """
INSERT INTO accounts_account (external_id, kind, name, short_name, name_kana, name_latin, name_key,
  search_text, language, corporate_number, country, status, phase, tier, touch_model, tracked,
  team_id, currency, arr, mrr, churn_reason, attributes)
SELECT 'bench-' || n, 'customer', 'Bench ' || n, '', '', '', 'bench' || n, '', 'ja', '', 'JP',
  'active', 'adoption', 'c', 'tech', true, t.id, 'JPY', 0, 0, '', '{}'
FROM generate_series(1, 20000) n, (SELECT id FROM accounts_team WHERE name = %s LIMIT 1) t
ON CONFLICT DO NOTHING;
INSERT INTO scoring_usageuser (account_id, user_key)
SELECT a.id, 'bench-user-' || n FROM generate_series(0, 59999) n
JOIN accounts_account a ON a.external_id = 'bench-' || n %% 20000 + 1 ON CONFLICT DO NOTHING;
ANALYZE accounts_account, scoring_usageuser;
DROP TABLE IF EXISTS bench_floor;
CREATE TABLE bench_floor (LIKE scoring_event);
"""
_ROW = (
    "1\t00000000-0000-0000-0000-000000000000\t1\t1\t1\t2026-01-01 00:00+00\t2026-01-01 00:00+00"
    '\t{"rows": 1, "screen": "report", "ok": true}\n'
)


def prepare() -> WriteKey:
    """Make a book of accounts, as far as it is missing."""
    Team.objects.get_or_create(name="bench")
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, ["bench"])
    return create_write_key(name="bench")[0]


def body_of(count: int, at: dt.datetime) -> bytes:
    """Return a gzip body of fresh events, spread over the book."""
    batch = [event_of(random.randrange(USERS), at) for _ in range(count)]
    return pack(json.dumps({"batch": batch}).encode())


def event_of(user: int, at: dt.datetime) -> dict[str, Any]:
    """Return an event of a user, who belongs to one account."""
    return {
        "type": "track",
        "event": f"Feature {random.randrange(20)}",
        "messageId": f"{random.getrandbits(96):x}",
        "userId": f"bench-user-{user}",
        "groupId": f"bench-{user % ACCOUNTS + 1}",
        "timestamp": (at - dt.timedelta(minutes=random.randrange(600))).isoformat(),
        "properties": {"rows": random.randrange(100), "screen": "report", "ok": True},
    }


def seconds_of(work: Callable[[], Any]) -> float:
    """Return the seconds a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median_seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Return the median time of a piece of work, the first run left out."""
    return statistics.median([seconds_of(work) for _ in range(rounds + 1)][1:])


def floor_seconds(count: int) -> float:
    """Return the time of COPY of ready bytes into a table without index, with its commit."""
    rows = _ROW * count

    def work() -> None:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy("COPY bench_floor FROM STDIN") as copy,
        ):
            copy.write(rows)

    return median_seconds(work, 20)


def accept_seconds(key: WriteKey, at: dt.datetime) -> float:
    """Return the time of accepting one body of 100 events."""
    bodies = iter([body_of(100, at) for _ in range(41)])
    work = lambda: accept_batch(write_key=key, body=next(bodies), is_gzip=True, at=at)  # noqa: E731
    return median_seconds(work, 40)


def process_seconds(key: WriteKey, count: int, at: dt.datetime) -> float:
    """Return the time of making facts of so many accepted events."""
    times = []
    for _ in range(ROUNDS + 1):
        for _ in range(max(1, count // 1_000)):
            accept_batch(write_key=key, body=body_of(min(count, 1_000), at), is_gzip=True, at=at)
        times.append(seconds_of(lambda: process_accepted(at=at)))
    return statistics.median(times[1:])


def main() -> None:
    """Measure, print a table and write the figures."""
    celery_app.conf.update(task_always_eager=False)
    key, at, results = prepare(), app_now(), {}
    floor, seconds = floor_seconds(100), accept_seconds(key, at)
    results["accept 100"] = {"floor_ms": floor * 1e3, "ms": seconds * 1e3, "share": floor / seconds}
    process_accepted(at=at)
    for count in (100, 1_000, 10_000):
        floor, seconds = floor_seconds(count), process_seconds(key, count, at)
        results[f"process {count}"] = {
            "floor_ms": floor * 1e3,
            "ms": seconds * 1e3,
            "share": floor / seconds,
            "events_per_second": count / seconds,
        }
    for name, figures in results.items():
        print(f"{name:>15}", *(f"{what} {value:,.3f}" for what, value in figures.items()), sep="  ")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
