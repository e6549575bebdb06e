"""The ledger of erasures: outside of the database, because a restore takes the database back.

One line of JSON an erasure: keyed hashes and the numbers of rows, never a name. It lies with the
private files; operations keep its newest copy beside every backup.
"""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Erasure

FOLDER = "erasures"


def note_erasure(erasure: Erasure) -> None:
    """Keep the erasure outside of the database, in a file of its own that is never rewritten."""
    key = bytes(erasure.person_key).hex() if erasure.person_key else ""
    line = {
        "person_key": key,
        "contacts": erasure.contacts,
        "user_keys": [bytes(one).hex() for one in erasure.user_keys],
        "created_at": erasure.created_at.isoformat(),
    }
    name = f"{FOLDER}/{erasure.created_at:%Y%m%dT%H%M%S%f}-{erasure.pk}.json"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(json.dumps(line).encode()))


def noted_erasures() -> Iterator[dict[str, Any]]:
    """Yield what the ledger holds, oldest first."""
    if not default_storage.exists(FOLDER):
        return
    _folders, names = default_storage.listdir(FOLDER)
    for name in sorted(names):
        if PurePosixPath(name).suffix == ".json":
            with default_storage.open(f"{FOLDER}/{name}") as file:
                yield json.loads(file.read())
