"""What an import of accounts costs beside the floor of the same machine in the same minutes.

Floor: COPY of ready lines to a staging table and one `INSERT … SELECT … ON CONFLICT` into the real
table with its indexes and history. Import: the same accounts from a CSV file with everything it
does: decode, parse, validate, derive names, resolve teams, dated facts, dirty accounts, result.
`ratio` is of the clock, `cpu_ratio` of the processors, which a busy machine does not distort.
Then the same file again, where nothing changes. Run with
`python -m benchmarks.bench_import [ROWS]` in a database that may be filled and emptied of `bench-`.
"""

import csv
import io
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Organisation, Team  # noqa: E402
from accounts.services.imports.runs import ImportOrder, import_here  # noqa: E402
from benchmarks.common import keep  # noqa: E402
from config.lib.clock import app_now  # noqa: E402

ROWS = 100_000
ROUNDS = 3
HEADER = ["external_id", "name", "name_kana", "team", "status", "phase", "tier", "touch_model",
          "live_on", "corporate_number"]  # fmt: skip
_OTHERS = """
SELECT EXISTS (SELECT FROM accounts_account
  WHERE external_id IS NULL OR external_id NOT LIKE 'bench-import-%')
"""
_EMPTY = """
DELETE FROM accounts_dirtyaccount d USING accounts_account a
  WHERE a.id = d.account_id AND a.external_id LIKE 'bench-import-%';
DELETE FROM accounts_attributevalue v USING accounts_account a
  WHERE a.id = v.account_id AND a.external_id LIKE 'bench-import-%';
DELETE FROM accounts_accountstatusfact v USING accounts_account a
  WHERE a.id = v.account_id AND a.external_id LIKE 'bench-import-%';
DELETE FROM accounts_accountphasefact v USING accounts_account a
  WHERE a.id = v.account_id AND a.external_id LIKE 'bench-import-%';
DELETE FROM accounts_account WHERE external_id LIKE 'bench-import-%';
"""
_STAGE = """
CREATE TEMP TABLE bench_stage (external_id text, name text, name_kana text, team text, status text,
  phase text, tier text, touch_model text, live_on date, corporate_number text) ON COMMIT DROP
"""
_INSERT = """
INSERT INTO accounts_account (external_id, kind, name, short_name, name_kana, name_latin, name_key,
  search_text, language, corporate_number, country, status, phase, tier, touch_model, tracked,
  team_id, currency, arr, mrr, churn_reason, attributes, live_on)
SELECT s.external_id, 'customer', s.name, '', s.name_kana, '', s.name,
  s.name || E'\\n' || s.name_kana || E'\\n' || s.external_id, 'ja', s.corporate_number, 'JP',
  s.status, s.phase, s.tier, s.touch_model, false, t.id, 'JPY', 0, 0, '', '{}', s.live_on
FROM bench_stage s JOIN accounts_team t ON t.name = s.team
ON CONFLICT (external_id) WHERE external_id IS NOT NULL DO UPDATE SET name = excluded.name
"""


def rows(count: int) -> list[list[str]]:
    """Return believable accounts, the same every time."""
    kanji = "青嶺春風水上精機商事製作所電子工業運輸建設食品"
    kana = "アオミネハルカゼミナカミセイキショウジデンシ"
    return [
        [
            f"bench-import-{n}",
            f"株式会社{kanji[n % 20 : n % 20 + 4]}{n}",
            f"{kana[n % 15 : n % 15 + 6]}{n}",
            "bench",
            ("active", "signed", "leaving")[n % 3],
            ("adoption", "onboarding", "renewal")[n % 3],
            "abc"[n % 3],
            ("high", "low", "tech")[n % 3],
            f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}",
            "",
        ]
        for n in range(count)
    ]


class Cost(NamedTuple):
    """Seconds on the clock, and seconds of this process and of its database process together."""

    wall: float
    cpu: float


class Meter:
    """Measures what is done within it; where the server's process can't be seen, `cpu` is 0."""

    def __enter__(self) -> "Meter":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.server = Path(f"/proc/{cursor.fetchone()[0]}/stat")
        self.began = self._now()
        return self

    def __exit__(self, *_error: object) -> None:
        self.cost = Cost(*(end - start for end, start in zip(self._now(), self.began, strict=True)))

    def _now(self) -> Cost:
        wall, own = time.perf_counter(), time.process_time()
        if not self.server.exists():
            return Cost(wall, 0.0)
        ticks = self.server.read_text().rpartition(")")[2].split()[11:13]
        return Cost(wall, own + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"))


def floor(book: list[list[str]]) -> Cost:
    """Return the cost of COPY and one INSERT."""
    lines = "".join("\t".join(row) + "\n" for row in book).encode()
    with Meter() as meter, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("COPY bench_stage FROM STDIN") as copy:
            copy.write(lines)
        cursor.execute(_INSERT)
    return meter.cost


def take_in(data: bytes) -> tuple[Cost, dict[str, int]]:
    """Return the cost of an import and what it counted."""
    order = ImportOrder(kind="accounts", file_name="bench.csv")
    with Meter() as meter:
        run = import_here(order=order, file=ContentFile(data, "bench.csv"), at=app_now())
    run.file.delete(save=False)
    counts = {name: run.job.result[name] for name in ("created", "unchanged", "failed")}
    return meter.cost, counts


def empty() -> None:
    """Take the benchmark's accounts away and leave tidy tables.

    Where they are all there is they go at once: DELETE looks into each referring table for each.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        is_shared = cursor.fetchone()[0]
        cursor.execute(_EMPTY if is_shared else "TRUNCATE accounts_account CASCADE")
        cursor.execute("VACUUM ANALYZE accounts_account, accounts_attributevalue")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    Organisation.objects.get_or_create(pk=1, defaults={"name": "bench"})
    Team.objects.get_or_create(name="bench")
    book = rows(count)
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *book])
    data = text.getvalue().encode()
    floors, imports = [], []
    for _round in range(ROUNDS):  # other work on the machine hits both alike; the best of each
        empty()
        floors.append(floor(book))
        empty()
        cost, counted = take_in(data)
        imports.append(cost)
    least, taken = Cost(*map(min, *floors)), Cost(*map(min, *imports))
    again, unchanged = take_in(data)
    empty()
    result = {
        "rows": count,
        "floor_seconds": round(least.wall, 2),
        "import_seconds": round(taken.wall, 2),
        "ratio": round(taken.wall / least.wall, 2),
        "cpu_ratio": round(taken.cpu / least.cpu, 2) if least.cpu else None,
        "again_seconds": round(again.wall, 2),
        "counted": counted,
        "again": unchanged,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    keep("import", result)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
