import sys
from pathlib import Path

import pytest

from config.services import bootstrap


@pytest.fixture(autouse=True)
def fresh_clone(tmp_path, monkeypatch) -> None:
    (tmp_path / "requirements.txt").write_text("")
    for name in ("STAMP", "PYTHON", "VENV", "ROOT"):
        moved = tmp_path / getattr(bootstrap, name).relative_to(bootstrap.ROOT)
        monkeypatch.setattr(bootstrap, name, moved)


def test_a_python_without_its_venv_module_is_told_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    sentence = bootstrap.main("requirements.txt")
    assert sentence.startswith("Python's venv module is missing: on Debian or Ubuntu run `apt")


def test_an_old_python_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))
    assert bootstrap.main("requirements.txt").startswith("Python 3.11 or newer is needed")


def test_windows_is_told_to_bring_its_own(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert "set DATABASE_URL and REDIS_URL" in bootstrap.main("requirements.txt")


def test_the_same_requirements_are_installed_once(monkeypatch) -> None:
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    digest = bootstrap._digest(bootstrap.ROOT / "requirements.txt")
    bootstrap.STAMP.write_text(digest)
    monkeypatch.setattr(bootstrap, "_install", lambda wanted: "installed again")
    assert bootstrap.main("requirements.txt") is None


@pytest.mark.parametrize(("home", "is_kept"), [("this", True), ("/opt/other/bin", False)])
def test_a_virtualenv_of_another_python_is_made_anew(monkeypatch, home, is_kept) -> None:
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.symlink_to(sys.executable)
    here = str(Path(sys._base_executable).parent) if home == "this" else home
    (bootstrap.VENV / "pyvenv.cfg").write_text(f"home = {here}\nversion = 3.11\n")
    made = []
    monkeypatch.setattr("venv.create", lambda path, **options: made.append(path))
    monkeypatch.setattr(bootstrap, "_install", lambda wanted: None)

    assert bootstrap.main("requirements.txt") is None
    assert made == ([] if is_kept else [bootstrap.VENV])
