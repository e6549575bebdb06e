import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.services import identity, stack

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that everybody can enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="yorisoi-place-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def elsewhere(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let what root can't keep below a closed directory lie in `place`."""
    monkeypatch.setattr(stack, "STATE", place / "state")
    monkeypatch.setattr(identity, "CACHE", place / "cache")
    return place


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = place / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=755", "none", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)
