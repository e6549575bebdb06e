import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SUPERVISED = """
import os, sys
from config.services import supervisor
from config.services.supervisor import Program, Supervisor
supervisor.GRACE_SECONDS = 1
talker = Program("talker", ["/bin/sh", "-c", "echo pid $$; exec sleep 60"])
stubborn = Program("stubborn", ["/bin/sh", "-c", "trap '' TERM; echo pid $$; sleep 60 & wait"])
Supervisor([talker, stubborn][: int(sys.argv[1])], os.environ).run(on_tick=lambda: None)
"""


@pytest.fixture
def supervise() -> Iterator:
    started = []

    def start(programs: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SUPERVISED, str(programs)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def read_pid(supervisor: subprocess.Popen[str]) -> int:
    for line in supervisor.stdout:
        if "| pid " in line:
            return int(line.split()[-1])
    raise AssertionError("no program spoke")


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_program(supervise, number) -> None:
    supervisor = supervise(1)
    pid = read_pid(supervisor)
    supervisor.send_signal(number)
    assert supervisor.wait(10) == 0
    assert wait_until_gone(pid)


def test_a_dead_program_is_started_again(supervise) -> None:
    supervisor = supervise(1)
    first = read_pid(supervisor)
    os.kill(first, signal.SIGKILL)
    assert "talker ended (-9); again in 2 s" in supervisor.stdout.readline()
    assert read_pid(supervisor) != first


def test_what_a_program_says_bears_its_name(supervise) -> None:
    assert supervise(1).stdout.readline().startswith("talker | pid ")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_killed_supervisor_takes_its_programs_along(supervise) -> None:
    supervisor = supervise(1)
    pid = read_pid(supervisor)
    supervisor.kill()
    assert wait_until_gone(pid)


def test_a_program_that_will_not_stop_is_killed(supervise) -> None:
    supervisor = supervise(2)
    pids = [read_pid(supervisor), read_pid(supervisor)]
    supervisor.terminate()
    assert supervisor.wait(15) == 0
    assert all(wait_until_gone(pid) for pid in pids)
