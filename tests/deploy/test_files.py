"""What `deploy/` says agrees with the code: queues, programs, variables."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config.services.addresses import ROOT
from config.services.demo import QUEUES

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_workers_take_every_queue_there_is() -> None:
    worker = (DEPLOY / "systemd/yorisoi-worker.service").read_text()
    compose = (DEPLOY / "compose.yaml").read_text()
    assert f"--queues {QUEUES} " in worker
    assert f'"--queues", "{QUEUES}"' in compose


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_what_systemd_understands(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    faults = [line for line in done.stderr.splitlines() if unit.name in line]
    assert [line for line in faults if "is not executable" not in line] == []


def test_every_variable_of_the_compose_file_is_explained() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    guide = (ROOT / "docs/operations.md").read_text()
    assert {name for name in asked if name not in guide} == set()


def test_the_web_server_s_log_leaves_secret_paths_out() -> None:
    assert "~^/(s|u)/ 0;" in (DEPLOY / "nginx/yorisoi.conf").read_text()


def test_no_secret_gets_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".data", "**/.env", "media"} <= set(left_out)


def test_only_migrate_knows_the_owner_of_the_tables() -> None:
    services = (DEPLOY / "compose.yaml").read_text().split("services:")
    shared, (_, migrate) = services[0], services[1].split("  migrate:")
    assert 'OWNER_PASSWORD: ""' in shared
    assert "DATABASE_OWNER_URL: postgres://web:" in shared
    assert "DATABASE_OWNER_URL: postgres://owner:" in migrate
    assert "OWNER_PASSWORD" not in migrate.split("  web:")[1]


def test_only_the_unit_that_migrates_reads_the_owner_s_password() -> None:
    read = {unit.stem for unit in UNITS if "/etc/yorisoi/owner" in unit.read_text()}
    assert read == {"yorisoi-migrate"}
    assert all("DATABASE_OWNER_URL" not in unit.read_text() for unit in UNITS)
