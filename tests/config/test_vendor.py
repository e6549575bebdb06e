"""What we ship of others is what we say it is."""

import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings

MANIFESTS = [
    settings.BASE_DIR / "static/vendor/vendor.json",
    settings.BASE_DIR / "tests/vendor/vendor.json",
]
FILES = [(path.parent, entry) for path in MANIFESTS for entry in json.loads(path.read_text())]


@pytest.mark.parametrize(("folder", "entry"), FILES, ids=[entry["name"] for _, entry in FILES])
def test_a_vendored_file_has_the_hash_it_is_listed_with(
    folder: Path, entry: dict[str, str]
) -> None:
    content = (folder / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry["version"]
    assert entry["licence"]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.parent.name)
def test_every_vendored_file_is_listed(manifest: Path) -> None:
    listed = {entry["file"] for entry in json.loads(manifest.read_text())}
    assert {path.name for path in manifest.parent.iterdir()} - {"vendor.json"} == listed
