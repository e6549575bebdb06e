"""An environment such as a server's: production settings, two logins, a place for files."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.services.addresses import ROOT
from tests.live import free_port, outside, own_database

Manage = Callable[..., str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    place = tmp_path_factory.mktemp("server")
    with own_database(f"deploy_{free_port()}") as urls:
        yield {
            **outside(),
            **urls,
            "DJANGO_SETTINGS_MODULE": "config.settings.prod",
            "SECRET_KEY": "a secret of fifty characters that only this test ever knew of",
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": "https://localhost",
            "TRUSTED_PROXY_COUNT": "1",
            "STATIC_ROOT": str(place / "static"),
            "MEDIA_ROOT": str(place / "media"),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "PYTHON": sys.executable,
        }


def manage(environment: dict[str, str], *words: str) -> str:
    """Run a command in an environment and return what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def written(directory: Path) -> dict[str, bytes]:
    """Return each file below a directory with its content."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}
