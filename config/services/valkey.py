"""One Valkey server: only a bell, so it keeps nothing on disk."""

import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from config.services.binaries import find_valkey
from config.services.faults import ServiceError
from config.services.identity import ServiceUser, reachable_program
from config.services.lifeline import die_with_parent

START_SECONDS = 20


@dataclass(frozen=True)
class Valkey:
    """A server whose socket and pid file live in `sockets`, its messages in `log`."""

    sockets: Path
    log: Path
    user: ServiceUser

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def is_running(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def start(self, *, tied: bool = False) -> None:
        """Start the server unless it runs; `tied` lets it die with the calling process.

        :raises ServiceError: if it doesn't come up.
        """
        if self.is_running():
            return
        with self.log.open("ab") as log:
            process = self.user.spawn(
                self._command(),
                log=log,
                before_exec=die_with_parent(signal.SIGTERM) if tied else None,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServiceError(f"Valkey did not start (see {self.log}).")
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop the server if it runs and wait until it is gone."""
        pid = self.pid()
        if pid is None or not self.is_running():
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + START_SECONDS
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.01)

    def pid(self) -> int | None:
        """Return the process id of the server, if one wrote it."""
        try:
            return int((self.sockets / "valkey.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _command(self) -> list[str | Path]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.sockets),
            "pidfile": str(self.sockets / "valkey.pid"),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
        }
        command: list[str | Path] = [reachable_program(find_valkey(), self.user)]
        for name, value in options.items():
            command += [f"--{name}", value]
        return command
