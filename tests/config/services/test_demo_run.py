"""The demo itself, as `make demo` starts it, on an empty data directory without invented data."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config.services.stack import stack_in

pytestmark = pytest.mark.flow


@pytest.fixture
def demo(place: Path):
    (place / "seeded").touch()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outside = {
        key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "REDIS"))
    }
    environment = outside | {
        "DATA_DIR": str(place),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    run = subprocess.Popen(
        [sys.executable, "-m", "config.services.demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    yield run, port
    run.kill()
    run.wait()
    stack_in(place).stop()


def wait_for(text: str, run: subprocess.Popen[str]) -> str:
    for line in run.stdout:
        if text in line:
            return line
    raise AssertionError(f"the demo ended before saying {text!r}")


def processes_of(place: Path) -> list[str]:
    """Command lines, and environments, that name the data directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(place).encode() in said and int(process.name) != os.getpid():
            found.append(process.name)
    return found


def wait_until_none(place: Path) -> bool:
    deadline = time.monotonic() + 30
    while processes_of(place) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not processes_of(place)


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_the_demo_gets_ready_and_leaves_no_process_behind(demo, place, end) -> None:
    run, port = demo
    assert f"http://localhost:{port}" in wait_for("Ready:", run)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200
    getattr(run, end)()
    run.wait(30)
    assert wait_until_none(place)
