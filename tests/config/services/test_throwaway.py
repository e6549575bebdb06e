import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from config.services.throwaway import start_throwaway

ONE_RUN = """
import sys, time
from config.services.throwaway import start_throwaway
pair = start_throwaway()
print(pair.place, pair.postgres.pid(), pair.valkey.pid(), flush=True)
time.sleep(60)
"""


def lives(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def wait_until_gone(place: Path, *pids: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not place.exists() and not any(map(lives, pids)):
            return True
        time.sleep(0.05)
    return False


def test_two_runs_at_once_have_their_own_servers_and_leave_nothing() -> None:
    one, other = start_throwaway(), start_throwaway()
    pids = [one.postgres.pid(), other.postgres.pid()]
    try:
        assert one.environment() != other.environment()
        with psycopg.connect(one.environment()["DATABASE_OWNER_URL"]) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
    finally:
        one.stop()
        other.stop()
    assert wait_until_gone(one.place, *pids)
    assert wait_until_gone(other.place)


def test_a_killed_run_leaves_nothing() -> None:
    run = subprocess.Popen([sys.executable, "-c", ONE_RUN], stdout=subprocess.PIPE, text=True)
    place, *pids = run.stdout.readline().split()
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert wait_until_gone(Path(place), *map(int, pids))
