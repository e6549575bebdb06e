"""Schemathesis reads the OpenAPI document and tries everything it allows, and what it does not."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.api.conftest import FOUNDING
from tests.live import TOOLS, LiveSite, live_site

CONFIG = Path(__file__).parent / "schemathesis.toml"


def explore(site: LiveSite, report: Path, *options: str) -> dict[str, Any]:
    """Run schemathesis against the site; return its report, failing when it found faults."""
    command = [TOOLS / "schemathesis", "--no-color", "--config-file", CONFIG, "run"]
    where = [f"{site.url}/api/schema/", "--header", f"Authorization: Bearer {site.keys['token']}"]
    reports = ["--report", "json", "--report-json-path", report]
    done = subprocess.run(
        [*command, *where, *reports, "--seed", "1", "--continue-on-failure", *options],
        cwd=report.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3_000:] + site.logs()
    return json.loads(report.read_text())


def share_answered(report: dict[str, Any]) -> float:
    """Return the share of operations that took at least one of the right requests."""
    rates = [phases["fuzzing"]["accepted"] for phases in report["valid_rates"].values()]
    return sum(accepted > 0 for accepted in rates) / len(rates)


def still_lets_in(site: LiveSite) -> bool:
    """Say whether the token outlived what was tried with it."""
    headers = {"Authorization": f"Bearer {site.keys['token']}"}
    return requests.get(f"{site.url}/api/v1/teams/", headers=headers, timeout=20).ok


def test_no_request_gets_an_answer_that_is_not_described(api_site, tmp_path):
    report = explore(api_site, tmp_path / "report.json", "--phases", "fuzzing", "-n", "8")

    assert report["operations"]["tested"] == report["operations"]["total"] > 100
    assert share_answered(report) > 0.6
    assert still_lets_in(api_site)


@pytest.mark.thorough
def test_no_request_gets_an_answer_that_is_not_described_however_long_one_tries(tmp_path):
    with live_site("web", founding=FOUNDING) as site:
        report = explore(site, tmp_path / "report.json", "-n", "60")

    assert report["operations"]["tested"] == report["operations"]["total"]
