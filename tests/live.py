"""An installation of one's own: database, broker, web, workers and beats as real processes.

Flows walk through it and faults are injected into it. Each process leads a session of its own and
is killed with it; the database and the place of the broker are removed at the end.
"""

import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config.services.addresses import ROOT
from config.services.demo import QUEUES
from config.services.identity import service_user
from config.services.lifeline import die_with_parent
from config.services.valkey import Valkey

#: Ends a start that hangs; how long one takes is measured in `benchmarks/`.
READY_SECONDS = 300
ALL = ("web", "worker", "beat")
TOOLS = Path(sys.executable).parent


class TookTooLong(AssertionError):
    """What was waited for did not come about in time."""


def wait_until(what: str, check: Callable[[], Any], *, seconds: float, pause: float = 0.25) -> Any:
    """Return what `check` answers once it is true.

    :raises TookTooLong: saying what was waited for.
    """
    deadline = time.monotonic() + seconds
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise TookTooLong(f"after {seconds:.0f} s still waiting until {what}")
        time.sleep(pause)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Site:
    """Where an installation answers, and the variables that point a process at it."""

    url: str
    environment: Mapping[str, str]

    def python(self, code: str) -> str:
        """Run code with Django set up as the owner of the tables; return what it prints."""
        owner = {"DATABASE_URL": self.environment["DATABASE_OWNER_URL"]}
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT,
            env={**self.environment, **owner},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def manage(self, *words: str) -> str:
        """Run a management command and return its last line."""
        call = f"from django.core.management import call_command; call_command(*{list(words)!r})"
        return (self.python(call).splitlines() or [""])[-1]

    def move_clock(self, offset: dt.timedelta) -> None:
        """Move the clock of every process that uses the database."""
        call = f"set_clock_offset(datetime.timedelta(seconds={offset.total_seconds()}))"
        self.python(f"import datetime\nfrom config.lib.clock import set_clock_offset\n{call}")

    def ask(self, statement: str, *values: object) -> Any:
        """Return the first column of the first row."""
        with psycopg.connect(self.environment["DATABASE_OWNER_URL"]) as connection:
            row = connection.execute(statement, values).fetchone()
        return row and row[0]

    def now(self) -> dt.datetime:
        """Read the clock of the installation."""
        return self.ask("SELECT app_now()")

    def is_ready(self) -> bool:
        """Say whether web, worker and beat work together."""
        return self._opens("readyz")

    def answers(self) -> bool:
        """Say whether there is a web server, whatever else works."""
        return self._opens("healthz")

    def _opens(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/{path}", timeout=2):
                return True
        except OSError:
            return False


@dataclass
class LiveSite(Site):
    """An installation whose processes the test starts, and may kill."""

    place: Path
    valkey: Valkey
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @cached_property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def start(self, *names: str) -> None:
        """Start `web`, `worker…` and `beat…`; a name's letters choose the program."""
        for name in names:
            with (self.place / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    self._command(name),
                    cwd=ROOT,
                    env=dict(self.environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509
                )

    def mend(self) -> None:
        """Bring back what a test ended: the broker, and one web, worker and beat."""
        self.start_broker()
        self.kill(*(name for name in list(self.processes) if name not in ALL))
        self.kill(*(name for name in ALL if name in self.processes and self._has_ended(name)))
        self.start(*(name for name in ALL if name not in self.processes))
        wait_until("the installation works again", self.is_ready, seconds=READY_SECONDS)

    def kill(self, *names: str) -> None:
        """End programs with all their children as a power cut would."""
        for name in names:
            process = self.processes.pop(name)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def start_broker(self) -> None:
        """Start the broker unless it runs; it dies with this process."""
        self.valkey.start(tied=True)

    def kill_broker(self) -> None:
        """End the broker as a power cut would; it kept nothing."""
        pid = self.valkey.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until("the broker is gone", lambda: not self.valkey.is_running(), seconds=60)

    def logs(self, lines: int = 25) -> str:
        """Return the last lines of every program's log."""
        tails = []
        for path in sorted(self.place.glob("*.log")):
            tails.append(f"--- {path.name}")
            tails += path.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(tails)

    def revive(self) -> None:
        """Start again what ended by itself, as every installation's supervisor does.

        A worker may end when it loses the broker while it holds messages.
        """
        self.start(*(name for name in list(self.processes) if self._has_ended(name)))

    def _has_ended(self, name: str) -> bool:
        return self.processes[name].poll() is not None

    def _command(self, name: str) -> list[str]:
        celery = [str(TOOLS / "celery"), "--quiet", "--app", "config"]
        kind = name.rstrip("0123456789")
        if kind == "web":
            bind = ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
            return [
                str(TOOLS / "gunicorn"),
                "config.wsgi",
                "-k",
                "gthread",
                "--threads",
                "4",
                *bind,
            ]
        if kind == "worker":
            alone = ["--without-gossip", "--without-mingle", "-n", f"{name}@%h"]
            return [*celery, "worker", "--queues", QUEUES, "--concurrency", "2", *alone]
        return [*celery, "beat", "--schedule", str(self.place / name), "--pidfile="]


@contextlib.contextmanager
def live_site(
    *programs: str, founding: str = "from tests.founding import found; found()"
) -> Iterator[LiveSite]:
    """Lend an installation, founded and ready; with web, worker and beat, or with some of them.

    :param founding: code that runs inside it and prints the keys it made, as JSON.
    """
    user = service_user()
    place = Path(tempfile.mkdtemp(prefix="yorisoi-live-", dir="/tmp"))
    place.chmod(0o755)
    valkey = Valkey(user.own_directory(place / "broker"), place / "valkey.log", user)
    with own_database(f"live_{os.getpid()}_{free_port()}") as urls:
        port = free_port()
        site = LiveSite(
            url=f"http://localhost:{port}",
            environment={**outside(), **urls, **_inside(place, port, valkey)},
            place=place,
            valkey=valkey,
        )
        try:
            site.start_broker()
            site.manage("migrate", "--verbosity", "0")
            site.keys = json.loads(site.python(founding).splitlines()[-1])
            site.start(*(programs or ALL))
            check = site.answers if programs else site.is_ready
            wait_until("the installation is ready", check, seconds=READY_SECONDS)
            yield site
        except Exception as error:
            error.add_note(site.logs())
            raise
        finally:
            site.kill(*list(site.processes))
            valkey.stop()
    shutil.rmtree(place)


def outside() -> dict[str, str]:
    """Return this process's environment without what points at its own servers."""
    ours = ("DATABASE", "REDIS", "DJANGO", "DATA_DIR", "PYTEST", "PROMETHEUS")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _inside(place: Path, port: int, valkey: Valkey) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DEBUG": "false",
        "LOG_JSON": "false",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": f"http://localhost:{port}",
        "API_RATE": "1000000/min",
        "DATA_DIR": str(place),
        "REDIS_URL": f"unix://{valkey.socket}?db=0",
    }


@contextlib.contextmanager
def own_database(name: str, *, empty: bool = False) -> Iterator[dict[str, str]]:
    """Make a database on the cluster of this test run, migrated or empty, and drop it after."""
    web = os.environ["DATABASE_URL"]
    owner = os.environ.get("DATABASE_OWNER_URL", web)
    words = sql.Identifier(name)
    with psycopg.connect(_on(owner, "postgres"), autocommit=True) as cluster:
        known = "template1" if empty else os.environ.get("TEST_TEMPLATE", "template1")
        template = sql.Identifier(known)
        cluster.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(words, template))
        try:
            yield {"DATABASE_URL": _on(web, name), "DATABASE_OWNER_URL": _on(owner, name)}
        finally:
            _drop(cluster, words)


def _drop(cluster: psycopg.Connection, words: sql.Identifier) -> None:
    """Drop a database whose sessions are ours or autovacuum's.

    Only ours may be ended by force. The server itself ends autovacuum's, and waits five seconds
    for it, where no force is asked for.
    """
    try:
        cluster.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(words))
    except psycopg.errors.InsufficientPrivilege:
        cluster.execute(sql.SQL("DROP DATABASE {}").format(words))


def _on(url: str, database: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{database}?{parts.query}"
