import os

import pytest
from django.core.management import CommandError, call_command

from config.services.stack import stack_in


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def test_env_prints_lines_for_a_shell(tmp_path, capsys) -> None:
    call_command("services", "env")
    lines = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert lines == stack_in(tmp_path).environment()
    assert set(lines) == {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}


def test_status_tells_what_runs(capsys) -> None:
    call_command("services", "status")
    assert capsys.readouterr().out == "postgres: stopped\nvalkey: stopped\n"


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_servers_of_ones_own_keep_the_embedded_ones_off(name, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv(name, "elsewhere://")
    with pytest.raises(CommandError, match=f"{name} names a server of your own"):
        call_command("services", "start")
    assert not os.path.exists(tmp_path / "postgres.log")
