"""`import_data` from the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, ImportRun
from config.lib.jobs import JobState
from tests.accounts.importers.files import csv_bytes
from tests.factories import make_organisation, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    make_organisation()
    make_team()
    path = tmp_path / "accounts.csv"
    path.write_bytes(csv_bytes(["external_id", "name", "tier"], ["A-1", "青嶺", "a"]))
    return path


def last_line(capsys) -> dict:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_last_line_is_json(file, capsys):
    call_command("import_data", "accounts", str(file))
    run = ImportRun.objects.get()
    assert last_line(capsys) == {
        "import_id": run.pk, "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "failed": 0,
        "error_file": None,
    }  # fmt: skip
    assert run.job.state == JobState.DONE
    assert Account.objects.get().name == "青嶺"


def test_a_failed_row_ends_with_1_and_an_error_file(file, capsys):
    file.write_bytes(
        csv_bytes(["external_id", "name", "tier"], ["A-1", "x", "a"], ["A-2", "y", "z"])
    )
    with pytest.raises(SystemExit) as caught:
        call_command("import_data", "accounts", str(file))
    told = last_line(capsys)
    assert caught.value.code == 1
    assert (told["created"], told["failed"]) == (1, 1)
    with open(told["error_file"], "rb") as errors:
        assert b"A-2" in errors.read()


def test_a_dry_run_changes_nothing(file, capsys):
    call_command("import_data", "accounts", str(file), "--dry-run")
    assert last_line(capsys)["created"] == 1
    assert not Account.objects.exists()


def test_a_mapping_file_decides(file, tmp_path):
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"columns": {"name": "short_name", "tier": "name"}}')
    call_command("import_data", "accounts", str(file), "--mapping", str(mapping))
    assert (Account.objects.get().short_name, Account.objects.get().name) == ("青嶺", "a")


def test_an_unknown_kind_names_the_kinds_there_are(file):
    with pytest.raises(CommandError, match="accounts, contacts, contracts"):
        call_command("import_data", "pigeons", str(file))


@pytest.mark.parametrize("mapping", ["nonsense", "[1]", '{"columns": []}', '{"colums": {}}'])
def test_a_mapping_of_another_shape_is_refused(file, tmp_path, mapping):
    path = tmp_path / "mapping.json"
    path.write_text(mapping)
    with pytest.raises(CommandError, match="mapping"):
        call_command("import_data", "accounts", str(file), "--mapping", str(path))


def test_a_file_that_is_not_there_or_not_readable_is_refused(file, tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_data", "accounts", str(tmp_path / "nowhere.csv"))
    file.write_bytes(b"external_id,name\nA-1,\xff\xff\n")
    with pytest.raises(CommandError, match="Line 2"):
        call_command("import_data", "accounts", str(file))
    assert ImportRun.objects.get().job.state == JobState.FAILED
