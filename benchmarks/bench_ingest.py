"""What ingestion costs beside the floor of the same machine in the same minute.

The floor is COPY of ready bytes of as many events into a bare table, with its commit. Beside it
stand: a request of 100 events from the first byte to the answer; what a worker does with accepted
batches, once without and once with roll-ups, reading of JSON included in `everything`; the same
batches again, which must store nothing; and requests and batches while the health of the whole
book is recomputed next door. All of it in a book of 20,000 and one of 100,000 accounts. Run with
`python -m benchmarks.bench_ingest [ACCOUNTS…]` in a database that may be filled.
"""

import base64
import datetime as dt
import io
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Organisation, Team  # noqa: E402
from benchmarks.common import HERE, keep  # noqa: E402
from config import celery_app  # noqa: E402
from config.lib.clock import app_now  # noqa: E402
from scoring.domain.wire import pack  # noqa: E402
from scoring.models import Event, IngestBatch, WriteKey  # noqa: E402
from scoring.services.ingest import batches, rollups, stage  # noqa: E402
from scoring.services.ingest.acceptance import accept_batch  # noqa: E402
from scoring.services.ingest.batches import process_accepted  # noqa: E402
from scoring.services.write_keys import create_write_key  # noqa: E402

BOOKS = (20_000, 100_000)
USERS_EACH = 3
ROUNDS = 7
REQUESTS = 60
#: RELIABILITY.md section 4: the least share of the floor, or as many events a second.
LEAST = {"request": 0.25, "store": 0.12, "everything": 0.08}
LEAST_PER_SECOND = 15_000

_BOOK = """
INSERT INTO accounts_account (external_id, kind, name, short_name, name_kana, name_latin, name_key,
  search_text, language, corporate_number, country, status, phase, tier, touch_model, tracked,
  team_id, currency, arr, mrr, churn_reason, attributes)
SELECT 'bench-' || n, 'customer', 'Bench ' || n, '', '', '', 'bench' || n, '', 'ja', '', 'JP',
  'active', 'adoption', 'c', 'tech', true, t.id, 'JPY', 0, 0, '', '{}'
FROM generate_series(1, %(accounts)s) n, (SELECT id FROM accounts_team WHERE name = 'bench') t
ON CONFLICT DO NOTHING;
INSERT INTO scoring_usageuser (account_id, user_key)
SELECT a.id, 'bench-user-' || n FROM generate_series(0, %(accounts)s * 3 - 1) n
JOIN accounts_account a ON a.external_id = 'bench-' || n %% %(accounts)s + 1
ON CONFLICT DO NOTHING;
DROP TABLE IF EXISTS bench_floor;
CREATE TABLE bench_floor (LIKE scoring_event);
"""
_ROW = (
    "1\t00000000-0000-0000-0000-000000000000\t1\t1\t1\t2026-01-01 00:00+00\t2026-01-01 00:00+00"
    '\t{"rows": 1, "screen": "report", "ok": true}\n'
)
_ANALYZE = "VACUUM ANALYZE accounts_account, scoring_usageuser"

Figures = dict[str, float]


def prepare(accounts: int) -> tuple[WriteKey, str]:
    """Make a book of so many accounts, as far as it is missing, and a key to send with."""
    Organisation.objects.get_or_create(pk=1, defaults={"name": "bench"})
    Team.objects.get_or_create(name="bench")
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, {"accounts": accounts})
        cursor.execute(_ANALYZE)
    return create_write_key(name="bench")


def body_of(count: int, accounts: int, at: dt.datetime) -> bytes:
    """Return a gzip body of fresh events, spread over the book."""
    users = accounts * USERS_EACH
    batch = [event_of(random.randrange(users), accounts, at) for _ in range(count)]
    return pack(json.dumps({"batch": batch}).encode())


def event_of(user: int, accounts: int, at: dt.datetime) -> dict[str, Any]:
    """Return an event of a user, who belongs to one account."""
    return {
        "type": "track",
        "event": f"Feature {random.randrange(20)}",
        "messageId": f"{random.getrandbits(96):x}",
        "userId": f"bench-user-{user}",
        "groupId": f"bench-{user % accounts + 1}",
        "timestamp": (at - dt.timedelta(minutes=random.randrange(600))).isoformat(),
        "properties": {"rows": random.randrange(100), "screen": "report", "ok": True},
    }


def seconds_of(work: Callable[[], Any]) -> float:
    """Return the seconds a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def floor_seconds(count: int) -> float:
    """Return the median time of the floor for so many events, the first run left out."""
    rows = _ROW * count

    def work() -> None:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy("COPY bench_floor FROM STDIN") as copy,
        ):
            copy.write(rows)

    return statistics.median([seconds_of(work) for _ in range(21)][1:])


class Sender:
    """Posts bodies to the whole product in this process, as a server would hand them over."""

    def __init__(self, secret: str) -> None:
        self._application = get_wsgi_application()
        self._credentials = base64.b64encode(f"{secret}:".encode()).decode()

    def post(self, body: bytes) -> None:
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/v1/batch",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": "gzip",
            "HTTP_AUTHORIZATION": f"Basic {self._credentials}",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        answers: list[str] = []
        b"".join(self._application(environ, lambda status, headers, *_: answers.append(status)))
        assert answers == ["200 OK"], answers


def request_times(sender: Sender, accounts: int, requests: int = REQUESTS) -> list[float]:
    """Return the time of each of many requests of 100 events, the first ones left out."""
    bodies = [body_of(100, accounts, app_now()) for _ in range(requests + 5)]
    return [seconds_of(lambda body=body: sender.post(body)) for body in bodies][5:]  # type: ignore[misc]


def accepted(key: WriteKey, count: int, accounts: int) -> list[bytes]:
    """Accept so many fresh events in bodies of a thousand at most, and return the bodies."""
    at = app_now()
    sizes = [1_000] * (count // 1_000) or [count]
    bodies = [body_of(size, accounts, at) for size in sizes]
    accept_again(key, bodies)
    return bodies


def accept_again(key: WriteKey, bodies: list[bytes]) -> None:
    """Accept bodies, whether they are new or not."""
    at = app_now()
    for body in bodies:
        accept_batch(write_key=key, body=body, is_gzip=True, at=at)


def store_seconds() -> float:
    """Return the time of dedupe, resolution and storage of what is accepted, without roll-ups."""
    at, zone = app_now(), Organisation.objects.zone().key
    waiting = IngestBatch.objects.filter(done_at=None)
    bodies = stage.read_bodies(waiting)

    def work() -> None:
        with transaction.atomic():
            stage.open_stage()
            stage.copy_to_stage(bodies.rows)
            batches.store_facts(zone=zone, at=at, keep=stage.keep_unseen)
            rollups.end_batches(staged=bodies.counts, zone=zone, at=at)

    return seconds_of(work)


def process_seconds() -> float:
    """Return the time of doing everything with what is accepted."""
    at = app_now()
    return seconds_of(lambda: process_accepted(at=at))


def beside(floor: float, seconds: float, events: int) -> Figures:
    """Return figures of a piece of work beside its floor."""
    return {
        "floor_ms": floor * 1e3,
        "ms": seconds * 1e3,
        "share": floor / seconds,
        "events_per_second": events / seconds,
    }


def measure_worker(key: WriteKey, count: int, accounts: int) -> dict[str, Figures]:
    """Measure storage, everything, and the same again, for so many events."""
    stored, done, again = [], [], []
    for _ in range(ROUNDS + 1):
        accepted(key, count, accounts)
        stored.append(store_seconds())
        bodies = accepted(key, count, accounts)
        done.append(process_seconds())
        before = Event.objects.count()
        accept_again(key, bodies)
        again.append(process_seconds())
        assert Event.objects.count() == before, "a replayed batch stored something"
    floor = floor_seconds(count)
    medians = [statistics.median(times[1:]) for times in (stored, done, again)]
    names = ("store", "everything", "replay")
    return {
        f"{name} {count:,}": beside(floor, seconds, count)
        for name, seconds in zip(names, medians, strict=True)
    }


def recomputing() -> Iterator[bool]:
    """Recompute the whole book in another process; yield while it is at it."""
    command = [sys.executable, "manage.py", "recompute_health"]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as work:
        while work.poll() is None:
            yield True
        answer = work.stdout.read() if work.stdout else ""
    assert work.returncode == 0, answer
    print("recomputed meanwhile:", answer.strip().splitlines()[-1])


def measure_beside_recompute(key: WriteKey, sender: Sender, accounts: int) -> Figures:
    """Send and process while the health of every account is computed; return the slow ones."""
    times, processed, busy = [], 0, 0.0
    for _ in recomputing():
        times += request_times(sender, accounts, 10)
        accepted(key, 1_000, accounts)
        waiting = sum(IngestBatch.objects.filter(done_at=None).values_list("items", flat=True))
        busy += process_seconds()
        processed += waiting
    return {
        "requests": len(times),
        "p50_ms": statistics.median(times) * 1e3,
        "p95_ms": statistics.quantiles(times, n=20)[-1] * 1e3,
        "max_ms": max(times) * 1e3,
        "events_per_second": processed / busy,
    }


def measure_book(accounts: int) -> dict[str, Figures]:
    """Return every row for a book of this size."""
    key, secret = prepare(accounts)
    sender = Sender(secret)
    floor = floor_seconds(100)
    seconds = statistics.median(request_times(sender, accounts))
    results = {"request 100": beside(floor, seconds, 100)}
    process_accepted(at=app_now())
    for count in (100, 1_000, 10_000):
        results |= measure_worker(key, count, accounts)
    results["beside recompute"] = measure_beside_recompute(key, sender, accounts)
    return results


def misses(results: dict[str, Figures]) -> list[str]:
    """Return the rows that do not reach what was promised."""
    found = []
    for name, figures in results.items():
        kind = name.split()[0]
        if kind == "everything" and figures["events_per_second"] >= LEAST_PER_SECOND:
            continue
        if kind in LEAST and figures["share"] < LEAST[kind] and not name.endswith(" 100"):
            found.append(f"{name}: {figures['share']:.3f} < {LEAST[kind]}")
    if results["request 100"]["share"] < LEAST["request"]:
        found.append(f"request 100: {results['request 100']['share']:.3f}")
    return found


def main() -> None:
    """Measure, print a table and write the figures."""
    celery_app.conf.update(task_always_eager=False)
    sizes = tuple(int(size) for size in sys.argv[1:]) or BOOKS
    results = {}
    for accounts in sizes:
        rows = results[f"{accounts:,} accounts"] = measure_book(accounts)
        print(f"-- {accounts:,} accounts")
        for name, figures in rows.items():
            shown = (f"{what} {value:,.3f}" for what, value in figures.items())
            print(f"{name:>18}", *shown, sep="  ")
        for line in misses(rows):
            print("below what was promised:", line)
    keep("ingest", results)


if __name__ == "__main__":
    main()
