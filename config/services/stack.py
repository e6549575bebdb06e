"""The pair of servers that belongs to one data directory."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from config.services.addresses import digest, server_environment, socket_directory
from config.services.faults import files_in
from config.services.identity import STATE, ServiceUser, locked, service_user
from config.services.postgres import Postgres
from config.services.valkey import Valkey


@dataclass(frozen=True)
class Stack:
    """PostgreSQL and Valkey with their data in `data_dir`."""

    data_dir: Path
    postgres: Postgres
    valkey: Valkey
    user: ServiceUser

    def start(self, *, tied: bool = False) -> None:
        """Start what doesn't run yet; servers orphaned by a crash are taken over.

        :raises ServiceError: in one sentence, if a server can't run here.
        """
        with files_in(self.data_dir), locked(self.data_dir / "services.lock"):
            self._prepare_places()
            self.postgres.start(tied=tied)
            self.valkey.start(tied=tied)

    def stop(self) -> None:
        """Stop both servers and remove the directory of their sockets."""
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.postgres.sockets, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Return the variables that point Django at these servers."""
        return server_environment(self.postgres.sockets)

    def status(self) -> dict[str, bool]:
        """Return which servers run."""
        return {"postgres": self.postgres.is_running(), "valkey": self.valkey.is_running()}

    def _prepare_places(self) -> None:
        self.user.own_directory(self.postgres.sockets)
        home, pointer = self.postgres.home, self.data_dir / "postgres"
        if home != pointer and not pointer.is_symlink():
            shutil.rmtree(home, ignore_errors=True)
            home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            pointer.symlink_to(home)
        self.user.own_directory(home)


def stack_in(data_dir: Path) -> Stack:
    """Return the servers of `data_dir`, which is made if missing.

    Where the user of the servers can't enter `data_dir` (it lies below a directory of mode 0700
    and we are root), PostgreSQL's files lie in /var/lib and a symbolic link marks them as ours.

    :raises ServiceError: if it can't be made.
    """
    user = service_user()
    with files_in(data_dir):
        data_dir.mkdir(parents=True, exist_ok=True)
    data_dir = data_dir.resolve()
    sockets = socket_directory(data_dir)
    reachable = user.can_reach(data_dir)
    home = data_dir / "postgres" if reachable else STATE / digest(data_dir)
    return Stack(
        data_dir=data_dir,
        postgres=Postgres(home, sockets, data_dir / "postgres.log", user),
        valkey=Valkey(sockets, data_dir / "valkey.log", user),
        user=user,
    )
