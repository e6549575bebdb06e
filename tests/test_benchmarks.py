"""Each benchmark still measures: with a tiny book, in a database of its own, for no figure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import benchmarks
from config.services.addresses import ROOT
from tests.live import free_port, own_database

#: The questions of the book are those of the walks over all routes; here it is only filled.
FILL = (
    "from benchmarks.bench_book import keep, make_book; keep('book', {'m': make_book(500) and 1})"
)
#: The demo itself is walked in `tests/flows/test_story_demo.py`.
LOAD = "from benchmarks.bench_demo import keep, load; keep('demo', {'floor_s': load()})"
BEGUN = {"bench_book": FILL, "bench_demo": LOAD}
TINY = {
    "bench_book": [],
    "bench_demo": [],
    "bench_import": ["200"],
    "bench_ingest": ["50"],
    "bench_kpis": ["1", "500"],
    "bench_reaction": ["50", "4"],
    "bench_recompute": ["120", "40"],
}
#: The rows of the promise that one benchmark measures, each beside its floors.
FIGURES = {
    "bench_recompute": {"score_ratio", "orm_ratio", "what_if", "dirty_seconds", "explanation_ms"}
}


def test_every_benchmark_is_tried():
    assert benchmarks() == sorted(TINY)


@pytest.mark.parametrize("name", sorted(TINY))
def test_a_benchmark_runs_with_a_tiny_book(name: str, tmp_path: Path) -> None:
    with own_database(f"bench_{free_port()}") as urls:
        owner = {**urls, "DATABASE_URL": urls["DATABASE_OWNER_URL"]}
        own = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "BENCH_RESULTS": str(tmp_path)}
        done = subprocess.run(
            [
                sys.executable,
                *(["-m", f"benchmarks.{name}", *TINY[name]] if TINY[name] else ["-c", BEGUN[name]]),
            ],
            check=False,
            cwd=ROOT,
            env={**os.environ, **owner, **own},
            capture_output=True,
            text=True,
        )
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    figures = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert figures
    assert figures.keys() >= FIGURES.get(name, set())
