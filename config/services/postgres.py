"""One PostgreSQL cluster: made once, started and stopped, reached over a unix socket only.

`trust` is safe because nobody but the user of the servers (and root) can enter the directory of
the socket. Without a UTF-8 LC_CTYPE pg_trgm finds no trigram in Japanese, hence C.UTF-8.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

from config.services.addresses import DATABASE
from config.services.binaries import find_postgres
from config.services.faults import ServiceError, disk_sentence
from config.services.identity import ServiceUser, reachable_program
from config.services.lifeline import die_with_parent

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A refused statement holds what people typed; no erasure reaches the log of the server.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 60


@dataclass(frozen=True)
class Postgres:
    """A cluster below `home`, its socket in `sockets`, its messages in `log`."""

    home: Path
    sockets: Path
    log: Path
    user: ServiceUser
    careless: bool = False

    @property
    def data(self) -> Path:
        return self.home / "cluster"

    @property
    def socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    def is_running(self) -> bool:
        """Tell whether somebody answers on the socket; a pid file alone proves nothing."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def start(self, *, tied: bool = False) -> None:
        """Start the cluster unless it runs; `tied` lets it die with the calling process.

        :raises ServiceError: with the server's last words if it doesn't come up.
        """
        process = None
        if not self.is_running():
            self._create_cluster()
            with self.log.open("ab") as log:
                process = self._spawn(log, tied=tied)
        self._wait_until_ready(process)
        self._create_database()

    def stop(self, *, immediately: bool = False) -> None:
        """Stop the cluster if it runs and wait until it is gone."""
        pid = self.pid()
        if pid is None or not self.is_running():
            return
        os.kill(pid, signal.SIGQUIT if immediately else signal.SIGINT)
        deadline = time.monotonic() + START_SECONDS
        while self.pid() is not None and time.monotonic() < deadline:
            time.sleep(0.02)

    def pid(self) -> int | None:
        """Return the process id of the server that owns the cluster, if there is one."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _create_cluster(self) -> None:
        version = self.data / "PG_VERSION"
        if version.is_file():
            self._require_same_version(version.read_text().strip())
            return
        making = self.home / "making"
        shutil.rmtree(making, ignore_errors=True)
        command: list[str | Path] = [self._program("initdb"), "-D", making]
        command += ["-U", "postgres", "-A", "trust"]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        if self.careless:
            command.append("--no-sync")
        result = self.user.run(command)
        if result.returncode:
            raise self._fault("PostgreSQL could not make its files", result.stdout)
        making.rename(self.data)

    def _require_same_version(self, made_by: str) -> None:
        ours = self.user.run([self._program("postgres"), "--version"]).stdout.split()[-1]
        if ours.split(".")[0] != made_by:
            raise ServiceError(
                f"{self.data} was made by PostgreSQL {made_by} and this is {ours}: "
                "move its data with pg_dump, or set DATA_DIR to another place."
            )

    def _spawn(self, log: IO[bytes], *, tied: bool) -> subprocess.Popen[bytes]:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if self.careless:
            settings |= CARELESS
        command: list[str | Path] = [self._program("postgres"), "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        tie = die_with_parent(signal.SIGQUIT if self.careless else signal.SIGINT)
        return self.user.spawn(command, log=log, before_exec=tie if tied else None)

    def _wait_until_ready(self, process: subprocess.Popen[bytes] | None) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process is not None and process.poll() is not None:
                raise self._fault("PostgreSQL stopped while starting", self._last_words())
            if self._is_ready(process):
                return
            time.sleep(0.02)
        raise self._fault("PostgreSQL did not get ready", self._last_words())

    def _is_ready(self, process: subprocess.Popen[bytes] | None) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ours = process is None or lines[:1] == [str(process.pid)]
        return ours and len(lines) > 7 and lines[7].strip() == "ready"

    def _create_database(self) -> None:
        address = f"host={self.sockets} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'owner'").rowcount:
                connection.execute("CREATE ROLE owner LOGIN CREATEDB CREATEROLE")
            # The owner may move the installation's clock (config.lib.clock), as a try-out needs.
            connection.execute("GRANT SET ON PARAMETER yorisoi.clock_offset TO owner")
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not known.rowcount:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER owner")

    def _program(self, name: str) -> Path:
        return reachable_program(find_postgres() / name, self.user)

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log.is_file() else ""

    def _fault(self, what: str, said: str) -> ServiceError:
        if sentence := disk_sentence(said, self.data):
            return ServiceError(sentence)
        complaints = [line for line in said.splitlines() if "FATAL" in line or "error" in line]
        last = (complaints or said.splitlines() or ["no message"])[-1].strip()
        return ServiceError(f"{what}: {last} (see {self.log}).")
