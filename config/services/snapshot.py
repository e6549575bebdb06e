"""The migrated database of which a test run makes its own, kept between runs.

It is made once a run, and every database of the run is a copy of it. A dump for the next run is
named by everything that decides what a migration makes; CI neither keeps nor uses one.
"""

import hashlib
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from config.services.addresses import ROOT
from config.services.binaries import find_postgres
from config.services.throwaway import Throwaway

#: Tests make their database from this one (`config.settings.test`).
TEMPLATE = "migrated"
HOME = ROOT / ".data" / "tests"
ROLES = ROOT / "config" / "database" / "roles.toml"
SOURCES = ("*/migrations/*.py", "config/database/*", "config/settings/*.py", "requirements*.txt")


def snapshot_path() -> Path | None:
    """Return where the dump of this code lies or will lie; None where none is kept."""
    if os.environ.get("CI"):
        return None
    known = hashlib.sha256()
    for path in _sources():
        known.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return HOME / f"{known.hexdigest()[:16]}.dump"


def make_template(pair: Throwaway) -> None:
    """Make the template from the dump of this code, or migrate it and keep a dump."""
    if not restore_snapshot(pair):
        _run("createdb", pair.place, TEMPLATE)
        urls = {
            name: url.replace("/yorisoi?", f"/{TEMPLATE}?")
            for name, url in pair.environment().items()
        }
        migrate = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, cwd=ROOT, env=os.environ | urls)
        keep_snapshot(place=pair.place, database=TEMPLATE)


def restore_snapshot(pair: Throwaway) -> bool:
    """Make the template from the dump of this code, if there is one; say whether it stands."""
    path = snapshot_path()
    if path is None or not path.is_file():
        return False
    _make_roles(pair.place)
    _run("createdb", pair.place, TEMPLATE)
    done = _run("pg_restore", pair.place, "--no-owner", "-d", TEMPLATE, str(path))
    if not done:
        _run("dropdb", pair.place, TEMPLATE)
        path.unlink(missing_ok=True)
    return done


def keep_snapshot(*, place: Path, database: str) -> None:
    """Dump the migrated `database` for the runs to come; older dumps go."""
    path = snapshot_path()
    if path is None or path.is_file():
        return
    HOME.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    if _run("pg_dump", place, "-Fc", "--compress=1", "-f", str(fresh), database):
        for old in HOME.glob("*.dump"):
            old.unlink(missing_ok=True)
        fresh.replace(path)
    fresh.unlink(missing_ok=True)


def _make_roles(place: Path) -> None:
    """Make whom the dump's grants name, with what they have in every database.

    Processes of one run that found it missing would set it at the same moment, and fail.
    """
    with psycopg.connect(host=str(place), user="owner", dbname="postgres") as connection:
        for name, rights in tomllib.loads(ROLES.read_text()).items():
            role = sql.Identifier(name)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            for key, value in rights["settings"].items():
                words = (role, sql.Identifier(key), sql.Literal(value))
                connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*words))


def _sources() -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(path for path in ROOT.glob(pattern) if path.is_file())


def _run(program: str, place: Path, *arguments: str) -> bool:
    command = [str(find_postgres() / program), "-h", str(place), "-U", "owner", *arguments]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:  # a server without its client programs
        return False
