"""Run a few programs in the foreground: prefix what they say, revive what dies, stop all at once.

Each program has a session of its own, so Ctrl-C reaches only the supervisor, which then stops
them in order. On Linux a killed supervisor takes them along (`lifeline`).
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from config.services.lifeline import die_with_parent

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
GRACE_SECONDS = 10.0


@dataclass
class Program:
    """One command to keep alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    due: float = field(default=0.0)
    rest: bytes = b""

    def start(self, environment: Mapping[str, str]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 (one C call, no lock)
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def plan_revival(self, now: float) -> None:
        """Choose when to start again: at once after a steady run, ever later after a short one."""
        self.pause = 1.0 if now - self.started > STEADY_SECONDS else self.pause * 2
        self.pause = min(self.pause, LONGEST_PAUSE)
        self.process, self.due = None, now + self.pause

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


class Supervisor:
    """Keeps programs running until a signal or `stop`."""

    def __init__(self, programs: Sequence[Program], environment: Mapping[str, str]) -> None:
        self._programs = programs
        self._environment = environment
        self._selector = selectors.DefaultSelector()
        self._stopping = False

    def run(self, *, on_tick: Callable[[], None]) -> None:
        """Start every program, call `on_tick` a few times a second, return once all are gone."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._note_signal)
        try:
            for program in self._programs:
                self._start(program)
            while not self._stopping:
                self._relay(0.2)
                self._revive()
                on_tick()
        finally:
            self._stop_all()

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, program: Program) -> None:
        program.start(self._environment)
        if program.process is not None and program.process.stdout is not None:
            os.set_blocking(program.process.stdout.fileno(), False)
            self._selector.register(program.process.stdout, selectors.EVENT_READ, program)

    def _relay(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            program: Program = key.data
            chunk = os.read(key.fd, 65_536)
            if not chunk:
                self._selector.unregister(key.fileobj)
            *lines, program.rest = (program.rest + chunk).split(b"\n")
            for line in lines:
                say(program.name, line.decode(errors="replace"))

    def _revive(self) -> None:
        now = time.monotonic()
        for program in self._programs:
            if program.has_died() and program.process is not None:
                code = program.process.returncode
                program.plan_revival(now)
                say("demo", f"{program.name} ended ({code}); again in {program.pause:.0f} s")
            elif program.process is None and now >= program.due:
                self._start(program)

    def _stop_all(self) -> None:
        for program in self._programs:
            program.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and not all(p.has_died() for p in self._running()):
            self._relay(0.1)
        for program in self._running():
            program.signal(signal.SIGKILL)
            if program.process is not None:
                program.process.wait()

    def _running(self) -> list[Program]:
        return [program for program in self._programs if program.process is not None]


def say(name: str, line: str) -> None:
    """Print a line with the name of who says it."""
    sys.stdout.write(f"{name:>6} | {line}\n")
    sys.stdout.flush()
