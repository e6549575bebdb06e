"""A pair of servers for one test run, of which nothing is left behind.

The servers skip every precaution against a crash, since nobody will miss their data. A tiny
shell waits on a pipe that only this process holds: however this process ends, even by SIGKILL,
the pipe closes and the shell kills the servers and removes their directory.
"""

import atexit
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.services.addresses import server_environment
from config.services.faults import files_in
from config.services.identity import service_user
from config.services.postgres import Postgres
from config.services.valkey import Valkey

_UNDERTAKER = """
read _
postgres=$(head -n 1 "$1/postgres/cluster/postmaster.pid" 2>/dev/null) && kill -QUIT "$postgres"
valkey=$(cat "$1/valkey.pid" 2>/dev/null) && kill "$valkey"
if [ -n "$postgres$valkey" ]; then sleep 1; fi
rm -rf "$1"
"""


@dataclass(frozen=True)
class Throwaway:
    """The running pair, its place, and the process that clears up."""

    place: Path
    postgres: Postgres
    valkey: Valkey
    undertaker: subprocess.Popen[bytes]

    def environment(self) -> dict[str, str]:
        """Return the variables that point Django at these servers."""
        return server_environment(self.place)

    def stop(self) -> None:
        """Kill the servers and remove their directory; a second call does nothing."""
        atexit.unregister(self.stop)
        if self.undertaker.stdin and not self.undertaker.stdin.closed:
            self.valkey.stop()
            self.postgres.stop(immediately=True)
            self.undertaker.stdin.close()
            self.undertaker.wait()


def start_throwaway() -> Throwaway:
    """Start a fresh pair of servers that ends with this process.

    :raises ServiceError: in one sentence, if servers can't run here.
    """
    user = service_user()
    place = Path(tempfile.mkdtemp(prefix="yorisoi-test-", dir="/tmp"))
    undertaker = subprocess.Popen(
        ["/bin/sh", "-c", _UNDERTAKER, "undertaker", str(place)],
        stdin=subprocess.PIPE,
        cwd="/",
        start_new_session=True,
    )
    with files_in(place):
        user.own_directory(place)
        home = user.own_directory(place / "postgres")
    logs = {"postgres": place / "postgres.log", "valkey": place / "valkey.log"}
    pair = Throwaway(
        place=place,
        postgres=Postgres(home, place, logs["postgres"], user, careless=True),
        valkey=Valkey(place, logs["valkey"], user),
        undertaker=undertaker,
    )
    atexit.register(pair.stop)
    pair.postgres.start()
    pair.valkey.start()
    return pair
