"""A backup taken by the script is restored by the script into an empty database, whole."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from config.services.addresses import ROOT
from config.services.binaries import find_postgres
from tests.deploy.conftest import manage, written
from tests.live import free_port, own_database

NOT_KEPT = {"django_session", "cache_entry"}
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def run(script: str, *words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    tools = {"PATH": f"{find_postgres()}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", str(ROOT / "deploy" / script), *words],
        cwd=ROOT,
        env=environment | tools,
        check=False,
        capture_output=True,
        text=True,
    )


def rows(environment: dict[str, str]) -> dict[str, int]:
    """Return how many rows each table has."""
    with psycopg.connect(environment["DATABASE_OWNER_URL"]) as connection:
        tables = [name for (name,) in connection.execute(TABLES) if name not in NOT_KEPT]
        counts = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(name))
            for name in tables
        )
        return dict(connection.execute(counts).fetchall())


@pytest.fixture(scope="module")
def backup(server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    manage(server, "migrate", "--verbosity", "0")
    manage(server, "seed_demo", "--accounts", "20")
    files = Path(server["MEDIA_ROOT"])
    (files / "imports").mkdir(parents=True)
    (files / "imports/顧客.csv").write_text("external_id,name\n")
    target = tmp_path_factory.mktemp("backups") / "today"
    done = run("backup.sh", str(target), environment=server)
    assert done.returncode == 0, done.stderr
    return target


def test_what_is_restored_is_what_was_backed_up(
    server: dict[str, str], backup: Path, tmp_path: Path
) -> None:
    with own_database(f"restore_{free_port()}", empty=True) as urls:
        other = server | urls | {"MEDIA_ROOT": str(tmp_path / "media")}

        done = run("restore.sh", str(backup), environment=other)

        assert done.returncode == 0, done.stderr
        assert rows(other) == rows(server)
        assert rows(other)["accounts_account"] >= 20
        assert written(tmp_path / "media") == written(Path(server["MEDIA_ROOT"]))
        assert "no issues" in manage(other, "check", "--database", "default")
        assert manage(other, "run_due").strip().endswith("}")


def test_a_database_that_holds_something_is_left_alone(
    server: dict[str, str], backup: Path
) -> None:
    before = rows(server)
    done = run("restore.sh", str(backup), environment=server)
    assert done.returncode == 1
    assert "make an empty one" in done.stderr
    assert rows(server) == before


def test_a_damaged_backup_is_refused_before_anything_is_written(
    server: dict[str, str], backup: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    subprocess.run(["cp", "-r", str(backup), str(damaged)], check=True)
    with (damaged / "database.dump").open("ab") as dump:
        dump.write(b"!")
    with own_database(f"restore_{free_port()}") as urls:
        other = server | urls | {"MEDIA_ROOT": str(tmp_path / "media")}
        done = run("restore.sh", str(damaged), environment=other)
        assert done.returncode != 0
        assert not (tmp_path / "media").exists()


def test_a_backup_is_never_written_over(server: dict[str, str], backup: Path) -> None:
    done = run("backup.sh", str(backup), environment=server)
    assert done.returncode == 1
    assert "nothing was written" in done.stderr


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    modes = {path.stat().st_mode & 0o077 for path in [backup, *backup.iterdir()]}
    assert modes == {0}
