"""How long the KPIs of a year take over 100,000 accounts, 300,000 contracts and 1,000,000 talks.

The report is asked for as a person asks: first with everything to add up, then kept. Beside it
stands each statement behind it, and as a floor one scan that only adds the yearly values up. Run
with `python -m benchmarks.bench_kpis [ROUNDS] [ACCOUNTS]`; with `EXPLAIN=1` plans are printed.
"""

import datetime as dt
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import caches  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Contract, Segment, SegmentMembership  # noqa: E402
from accounts.services.segments import install_starter_segments  # noqa: E402
from benchmarks.bench_book import ACCOUNTS, make_book  # noqa: E402
from benchmarks.common import HERE, keep, serve_as  # noqa: E402
from config.lib.clock import app_now  # noqa: E402
from scoring.selectors import kpi_sql  # noqa: E402
from scoring.selectors.kpis import (  # noqa: E402
    Scope,
    facts_of,
    line_of,
    totals_of,
    values_of,
)
from scoring.selectors.reports import question_of  # noqa: E402

ROUNDS = 5
PERIOD = "FY2025"
FLOOR = """
SELECT sum(t.arr) FROM accounts_contract c JOIN accounts_contractterm t ON t.contract_id = c.id
WHERE DATE '2026-03-31' BETWEEN c.starts_on AND coalesce(c.ends_on, 'infinity')
"""
TABLES = (
    "accounts_contract, accounts_contractterm, accounts_stakeholderrole,"
    " accounts_touchpoint_contacts, accounts_segmentmembership"
)


def make_contracts() -> None:
    """Give the accounts of the book contracts, people and segments, where they have none yet."""
    if Contract.objects.filter(external_id="book-1-0").exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute((HERE / "kpis.sql").read_text("utf-8"))
    install_starter_segments(at=app_now())
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Segment.objects.update(created_at=long_ago)
    SegmentMembership.objects.update(entered_at=long_ago)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {TABLES}")


def timed(rounds: int, work: Callable[[], Any]) -> float:
    """Return the median time of some work in milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def statements() -> dict[str, Callable[[], Any]]:
    """Return what a report adds up, part by part, and the floor."""
    at = app_now()
    question = question_of(code=PERIOD, team=None, segment=None, at=at)
    assert question is not None
    asked: dict[str, Any] = {"facts": facts_of(at), "scope": Scope(), "k": at}

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR)

    return {
        "floor": floor,
        "whole and parts": lambda: totals_of(question.period, **asked),
        "whole": lambda: totals_of(question.before, **asked, with_parts=False),
        "line": lambda: line_of(question.period, **asked),
    }


def explain() -> None:
    """Print the plans of what takes longest."""
    at = app_now()
    question = question_of(code=PERIOD, team=None, segment=None, at=at)
    assert question is not None
    values = values_of(question.period, facts=facts_of(at), scope=Scope(), k=at)
    for name, sql in (
        ("sums", kpi_sql.sums_sql(with_parts=True)),
        ("renewals", kpi_sql.renewals_sql(with_parts=True)),
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values)
            print(f"== {name}", *(row[0] for row in cursor.fetchall()), sep="\n")


def main() -> int:
    """Measure, print and keep the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    accounts = int(sys.argv[2]) if len(sys.argv) > 2 else ACCOUNTS
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    logging.disable(logging.WARNING)
    reader = make_book(accounts, ("book.sql",))["administrator"]
    make_contracts()
    serve_as("web")
    if os.environ.get("EXPLAIN"):
        explain()
    client = Client()
    client.force_login(reader)
    address = f"/reports/?period={PERIOD}"

    def anew() -> None:
        caches["pages"].clear()
        assert client.get(address).status_code == 200

    found = {name: timed(rounds, work) for name, work in statements().items()}
    found["page, added up"] = timed(rounds, anew)
    found["page, kept"] = timed(rounds * 3, lambda: client.get(address))
    for name, ms in found.items():
        print(f"{ms:8.0f} ms {name}")
    result = {"accounts": accounts, "rounds": rounds, "ms": {k: round(v) for k, v in found.items()}}
    keep("kpis", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
