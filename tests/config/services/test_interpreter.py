import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.services import interpreter


def python(tmp_path: Path, *, serves: bool) -> Path:
    """Return a program that stands where the system's Python is looked for."""
    program = tmp_path / "python3"
    program.write_text(f"#!/bin/sh\nexit {0 if serves else 1}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def built(monkeypatch):
    def built(how: str) -> None:
        monkeypatch.setattr(interpreter.sysconfig, "get_config_var", lambda name: how)

    return built


@pytest.mark.parametrize(
    ("how", "serves", "is_system"),
    [
        ("'--prefix=/opt'", True, True),
        ("'--prefix=/opt'", False, False),
        ("'--enable-optimizations'", True, False),
        (None, True, True),
    ],
)
def test_the_system_s_python_goes_before_a_slower_one(
    tmp_path, monkeypatch, built, how, serves, is_system
) -> None:
    built(how)
    monkeypatch.setattr(sys, "executable", "/opt/python/bin/python3")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(interpreter, "SYSTEM", python(tmp_path, serves=serves))
    assert interpreter.best() == (
        str(tmp_path / "python3") if is_system else "/opt/python/bin/python3"
    )


def test_without_a_python_of_the_system_this_one_serves(tmp_path, monkeypatch, built) -> None:
    built("")
    monkeypatch.setattr(interpreter, "SYSTEM", tmp_path / "none")
    assert interpreter.best() == sys.executable


def recipe(*beside: str, **environment: str) -> str:
    """Return what make would run to build the virtualenv."""
    said = subprocess.run(
        ["make", "--dry-run", "venv", *beside],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]} | environment,
    )
    return said.stdout


def test_make_takes_the_python_it_is_given() -> None:
    assert recipe(PYTHON="/somewhere/python3").startswith("/somewhere/python3 ")
    assert recipe("PYTHON=/somewhere/python3").startswith("/somewhere/python3 ")


def test_make_takes_the_best_python_by_itself() -> None:
    asked = subprocess.run(
        ["python3", "config/services/interpreter.py"], capture_output=True, text=True, check=True
    )
    assert asked.stdout
    assert recipe().startswith(f"{asked.stdout} config/services/bootstrap.py ")
