"""What computing health costs, beside floors of the same machine in the same minutes.

A book in which every account has facts for each measure of the starter scorecard:
- nightly: the official run of a whole day (windows, distinct users, values, score, history, band
  changes) with one worker, then with two; seconds of every shard.
- score: the compiled statement with all its writes beside a hand-written one (`score_floor`) that
  does the same arithmetic and writes as many rows into bare copies of the tables.
- orm: a loop over accounts that fetches with the ORM and evaluates in Python.
- incremental: 1,000 dirty accounts; explanation of one account.
- what-if over the whole book: other weights on stored values, and a measure nobody has stored yet;
  its floor is the hand-written statement for both sides, which only reads.

Run with `python -m benchmarks.bench_recompute [ACCOUNTS] [DAYS OF USAGE]` in a database that may be
filled; a book that is there already is used again.
"""

import datetime as dt
import json
import logging
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.models import Account, DirtyAccount, Organisation, Team  # noqa: E402
from benchmarks.common import HERE, keep, serve_as  # noqa: E402
from benchmarks.orm_loop import score_with_the_orm  # noqa: E402
from benchmarks.score_floor import TELL, floor_seconds  # noqa: E402
from config import celery_app  # noqa: E402
from config.lib.clock import app_now  # noqa: E402
from scoring.domain.parsing import parse_definition  # noqa: E402
from scoring.models import HealthRun, Scorecard, ScorecardVersion  # noqa: E402
from scoring.selectors.custom_metrics import all_metrics  # noqa: E402
from scoring.selectors.explanations import explain_current  # noqa: E402
from scoring.selectors.scorecards import acting_scorecards  # noqa: E402
from scoring.selectors.what_if import try_definition  # noqa: E402
from scoring.services.custom_metrics import create_metric  # noqa: E402
from scoring.services.metric_slots import ensure_metric_slots  # noqa: E402
from scoring.services.runs import (  # noqa: E402
    compute_shard,
    open_official_run,
    recompute_dirty,
)
from scoring.services.write_keys import create_write_key  # noqa: E402

ACCOUNTS, USAGE_DAYS, DIRTY, ORM_ACCOUNTS = 100_000, 90, 1_000, 100
#: What a statement that begins so does.
PARTS = {
    "INSERT INTO scoring_metricvalue": "values",
    "WITH scored AS": "scores",
    "scoring_healthalert": "alerts",
}
#: An official run opens so long after its midnight.
WAIT = dt.timedelta(minutes=11)


def make_book(accounts: int, days: int) -> None:
    """Fill the book where there is none of this size yet."""
    Organisation.objects.get_or_create(pk=1, defaults={"name": "bench"})
    if Account.objects.filter(external_id=f"bench-score-{accounts}").exists():
        return
    team, _ = Team.objects.get_or_create(name="bench-score")
    values = {
        "accounts": accounts,
        "days": days,
        "day": Organisation.objects.day_of(app_now()),
        "team": team.pk,
        "key": create_write_key(name="bench-score")[0].pk,
    }
    with connection.cursor() as cursor:
        for statement in (HERE / "scores.sql").read_text("utf-8").split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        cursor.execute("VACUUM ANALYZE")


def midnight(nights: int) -> dt.datetime:
    """Return the start of the organisation's day `nights` nights ahead."""
    day = Organisation.objects.day_of(app_now()) + dt.timedelta(days=nights)
    return dt.datetime.combine(day, dt.time.min, Organisation.objects.zone())


def night(nights: int, *, workers: int) -> dict[str, Any]:
    """Run a whole official run with so many processes and return what it took."""
    at = midnight(nights) + WAIT
    run = open_official_run(at=at)
    assert run is not None, f"the run of {at} is blocked or was made before"
    parts: dict[str, float] = {}
    with connection.execute_wrapper(lambda *call: timed(parts, *call)):
        started = time.perf_counter()
        seconds = share(at, workers) if workers > 1 else work_through(at)
    shards = run.shards.order_by("pk").values_list("seconds", flat=True)
    run.refresh_from_db()
    return {
        "workers": workers,
        "accounts": run.accounts,
        "seconds": round(seconds or time.perf_counter() - started, 2),
        "parts": {name: round(one, 2) for name, one in parts.items()},
        "shards": [round(one, 2) for one in shards],
        "transitions": run.transitions,
    }


def timed(parts: dict[str, float], execute: Any, sql: str, *rest: Any) -> Any:
    """Add the time of a statement to its part of the work."""
    started = time.perf_counter()
    try:
        return execute(sql, *rest)
    finally:
        names = (name for mark, name in PARTS.items() if mark in sql[:200])
        part = next(names, "other")
        parts[part] = parts.get(part, 0) + time.perf_counter() - started


def work_through(at: dt.datetime) -> float:
    """Compute shard after shard until none is open; return the seconds."""
    started = time.perf_counter()
    while compute_shard(at=at):
        pass
    return time.perf_counter() - started


def share(at: dt.datetime, workers: int) -> float:
    """Let processes that are up already work through the shards of a run; return the seconds."""
    code = (
        "import datetime as dt; from benchmarks.bench_recompute import serve_as, work_through;"
        "serve_as('web'); print('ready', flush=True); input();"
        f"work_through(dt.datetime.fromisoformat({at.isoformat()!r}))"
    )
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code]
    running = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        for _ in range(workers)
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    started = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    ended = [one.wait() for one in running]
    assert not any(ended), ended
    return time.perf_counter() - started


def incremental(at: dt.datetime, ids: list[int]) -> float:
    """Return the median seconds of recomputing so many dirty accounts."""
    times = []
    DirtyAccount.objects.all().delete()
    for n in range(5):
        late = at + dt.timedelta(minutes=n)
        DirtyAccount.objects.bulk_create(
            DirtyAccount(account_id=pk, first_at=at - WAIT, since=at - WAIT, reason="bench")
            for pk in ids
        )
        started = time.perf_counter()
        assert recompute_dirty(at=late) == len(ids)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def explanation(ids: list[int]) -> float:
    """Return the median milliseconds of explaining one account's newest score."""
    times = []
    for pk in ids:
        started = time.perf_counter()
        assert explain_current(account_id=pk) is not None
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def what_if(at: dt.datetime) -> dict[str, float]:
    """Return the seconds of trying other weights, and of trying a measure that is not stored."""
    version = max(
        ScorecardVersion.objects.filter(state="published").select_related("scorecard"),
        key=lambda one: len(str(one.definition)),
    )
    wanted = json.loads(json.dumps(version.definition))
    first = wanted["dimensions"][0]["measures"]
    for measure in first:
        measure["weight"] = round(1 / len(first), 6)
    stored = tried(version.scorecard, wanted, at)
    with transaction.atomic():
        spec = {"source": "events", "event": "Bench event 3", "aggregate": "count", "window": 28}
        labels = {"label_en": "Bench", "label_ja": "計測", "higher_is_better": True}
        create_metric(key="bench_new", spec=spec, at=at, unit="count", **labels)
        wanted["dimensions"][0]["measures"] = [
            {"metric": "bench_new", "weight": 1, "curve": [[0, 0], [100, 100]]}
        ]
        fresh = tried(version.scorecard, wanted, at)
        transaction.set_rollback(True)
    return {"stored_seconds": stored, "new_metric_seconds": fresh}


def tried(scorecard: Scorecard, wanted: dict[str, Any], at: dt.datetime) -> float:
    """Return the median seconds of trying a definition over the book."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        definition = parse_definition(wanted, metrics=all_metrics())
        found = try_definition(
            scorecard=scorecard, definition=definition, at=at, progress=lambda done, total: None
        )
        times.append(time.perf_counter() - started)
        assert found["movers"], "nobody moves"
    return round(statistics.median(times), 3)


def orm_loop(run: HealthRun, ids: list[int]) -> float:
    """Return the seconds an account takes in a loop with the ORM."""
    card = max(acting_scorecards(run.day), key=lambda one: len(one.definition.measures))
    accounts = list(Account.objects.filter(pk__in=ids))
    started = time.perf_counter()
    with transaction.atomic():
        score_with_the_orm(
            accounts, card.definition, version_id=card.version_id, run_id=run.pk, day=run.day
        )
        transaction.set_rollback(True)
    return (time.perf_counter() - started) / len(accounts)


def main() -> None:
    """Measure, print and keep."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else ACCOUNTS
    days = int(sys.argv[2]) if len(sys.argv) > 2 else USAGE_DAYS
    logging.disable(logging.WARNING)
    celery_app.conf.task_always_eager = False
    made = time.perf_counter()
    make_book(accounts, days)
    print(f"book ready after {time.perf_counter() - made:.0f} s", flush=True)
    serve_as("web")
    first = HealthRun.objects.filter(kind="official").count() + 1
    nights = [night(first, workers=1), night(first + 1, workers=1), night(first + 2, workers=2)]
    run = HealthRun.objects.filter(kind="official").latest("day")
    at = midnight(first + 2) + dt.timedelta(hours=9)
    ids = list(
        Account.objects.filter(external_id__startswith="bench-score-")
        .order_by("pk")
        .values_list("pk", flat=True)[:DIRTY]
    )
    one = orm_loop(run, ids[:ORM_ACCOUNTS])
    card = max(acting_scorecards(run.day), key=lambda each: len(each.definition.measures))
    serve_as("owner")
    floor = floor_seconds(card.definition, ensure_metric_slots())
    both_sides = 2 * floor_seconds(card.definition, ensure_metric_slots(), end=TELL)
    serve_as("web")
    tries = what_if(at)
    nightly = nights[1]["seconds"] / max(1, nights[1]["accounts"])
    result = {
        "accounts": accounts,
        "daily_rows": accounts * days,
        "nights": nights,
        "score_floor_seconds": round(floor, 2),
        "score_ratio": round(nights[1]["parts"]["scores"] / floor, 2),
        "microseconds_an_account": round(1e6 * nightly, 1),
        "orm_microseconds_an_account": round(1e6 * one, 1),
        "orm_ratio": round(one / nightly, 1),
        "what_if": {
            **tries,
            "floor_seconds": round(both_sides, 3),
            "ratio": round(tries["stored_seconds"] / both_sides, 2),
            "orm_ratio": round(one * accounts / tries["stored_seconds"], 1),
        },
        "dirty": len(ids),
        "dirty_seconds": round(incremental(at, ids), 3),
        "explanation_ms": round(explanation(ids[:50]), 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    keep("recompute", result)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
