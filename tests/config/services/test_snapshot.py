"""The migrated database is kept for the next run, but never where a clean run is wanted."""

from pathlib import Path

import pytest
from django.db import connection

from config.services import snapshot


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(snapshot, "HOME", tmp_path)
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


@pytest.mark.django_db
@pytest.mark.as_owner
def test_a_dump_replaces_those_of_older_code(home: Path) -> None:
    (home / "older.dump").write_bytes(b"")
    made = connection.settings_dict
    place = Path(made["OPTIONS"].get("host", made["HOST"]))
    snapshot.keep_snapshot(place=place, database=made["NAME"])
    kept = snapshot.snapshot_path()
    assert kept is not None
    assert list(home.iterdir()) == [kept]
    assert kept.read_bytes().startswith(b"PGDMP")


def test_a_dump_of_a_database_that_is_not_there_leaves_nothing(home: Path) -> None:
    snapshot.keep_snapshot(place=home, database="nowhere")
    assert list(home.iterdir()) == []


def test_continuous_integration_keeps_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert snapshot.snapshot_path() is None
