"""`make demo`: servers, tables, messages, believable data, then web, worker and beat."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import environ

from config.demo.staff import PASSWORD, logins
from config.services.addresses import ROOT, data_directory
from config.services.faults import ServiceError, files_in
from config.services.lifeline import die_with_parent, follow_parent
from config.services.stack import Stack, stack_in
from config.services.supervisor import STOP_SIGNALS, Program, Supervisor, say

QUEUES = "default,mail,recompute,import"
LOOPBACKS = (
    (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
    (socket.AF_INET6, "::1", "[::1]"),
)
SEED_COMMAND = ROOT / "config" / "management" / "commands" / "seed_demo.py"
NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


@dataclass
class Demo:
    """The try-out on one machine: where its data lies and where its pages answer."""

    data_dir: Path
    port: int
    accounts: int
    said: bool = False
    asked: float = 0.0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def counters(self) -> Path:
        return self.data_dir / "counters"

    def run(self) -> None:
        """Bring everything up and stay until a signal.

        :raises ServiceError: in one sentence, if something is in the way.
        """
        binds = free_binds(self.port)
        stack = None if {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys() else self._servers()
        try:
            self._prepare()
            Supervisor(self._programs(binds), self._environment()).run(on_tick=self._announce)
        finally:
            if stack:
                stack.stop()

    def _servers(self) -> Stack:
        stack = stack_in(self.data_dir)
        stack.start(tied=True)
        os.environ.update(stack.environment() | os.environ)
        return stack

    def _prepare(self) -> None:
        with files_in(self.data_dir):
            shutil.rmtree(self.counters, ignore_errors=True)
            self.counters.mkdir(parents=True)
        compiling = self._begin("compile_messages")
        self._manage("migrate", "--verbosity", "1")
        self._end(compiling, "compile_messages")
        seeded = self.data_dir / "seeded"
        if not seeded.is_file() and SEED_COMMAND.is_file():
            self._manage("seed_demo", "--accounts", str(self.accounts))
            seeded.write_text(f"{self.accounts}\n")

    def _manage(self, *words: str) -> None:
        self._end(self._begin(*words), words[0])

    def _begin(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=self._environment(),
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one thread prepares
        )

    def _end(self, command: subprocess.Popen[bytes], word: str) -> None:
        if command.wait():
            raise ServiceError(f"`manage.py {word}` did not succeed: the reason stands above.")

    def _environment(self) -> dict[str, str]:
        defaults = {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DEBUG": "false",
            "LOG_JSON": "false",
            "PYTHONWARNINGS": "ignore",
            "SITE_URL": self.url,
            "DATA_DIR": str(self.data_dir),
            "DATABASE_POOL_SIZE": "8",
            "PROMETHEUS_MULTIPROC_DIR": str(self.counters),
            "PYTHONUNBUFFERED": "1",
        }
        return defaults | os.environ

    def _programs(self, binds: list[str]) -> list[Program]:
        tool = Path(sys.executable).parent
        celery = [str(tool / "celery"), "--quiet", "--app", "config"]
        web = [str(tool / "gunicorn"), "config.wsgi", "--no-control-socket"]
        web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        for bind in binds:
            web += ["--bind", bind]
        worker = [*celery, "worker", "--queues", QUEUES, "--concurrency", "2"]
        worker += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        beat = [*celery, "beat", "--loglevel", "INFO", "--schedule", str(self.data_dir / "beat")]
        beat.append("--pidfile=")
        return [Program("web", web), Program("worker", worker), Program("beat", beat)]

    def _announce(self) -> None:
        """Say once that the pages answer."""
        if self.said or time.monotonic() - self.asked < 1:
            return
        self.asked = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=0.5):
                self.said = True
        except OSError:
            return
        say("demo", f"Ready: {self.url}")
        for role, login in logins():
            say("demo", f"  {role:<16} {login:<8} {PASSWORD}")


def free_binds(port: int) -> list[str]:
    """Return `port` on each loopback address of this machine, in the form gunicorn takes.

    :raises ServiceError: if somebody else listens there.
    """
    binds = []
    for family, address, bind in LOOPBACKS:
        try:
            with closing(socket.socket(family)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno in NO_SUCH_ADDRESS:
                continue
            raise ServiceError(
                f"Port {port} can't be used ({error.strerror}): "
                f"stop what listens there, or run `make demo PORT={port + 1}`."
            ) from error
        binds.append(f"{bind}:{port}")
    return binds


def main() -> str | None:
    """Run the demo; return what went wrong as one sentence."""
    follow_parent()
    for number in STOP_SIGNALS:
        signal.signal(number, _leave)
    environ.Env.read_env(ROOT / ".env")
    try:
        port = int(os.environ.get("PORT", "8000"))
        accounts = int(os.environ.get("DEMO_ACCOUNTS", "300"))
    except ValueError as error:
        return f"PORT and DEMO_ACCOUNTS are numbers: {error}."
    try:
        Demo(data_directory(), port, accounts).run()
    except ServiceError as error:
        return str(error)
    return None


def _leave(number: int, frame: FrameType | None) -> None:
    """End while still preparing; a second signal must not disturb the clearing up."""
    for other in STOP_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
