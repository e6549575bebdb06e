"""Find a person in the files people sent in or took out; such files are deleted, not rewritten."""

import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO, Any

from django.db import transaction
from django.db.models import Q

from accounts.domain.person import Person
from accounts.models import Export, ImportChange, ImportRun

CHUNK = 1 << 20
#: Longer than any needle, so that none is lost between two chunks.
OVERLAP = 1 << 10


def drop_mentioning_files(person: Person) -> int:
    """Delete import files, error files and exports in which the person is named.

    The rows stay. The files go when the transaction has committed. Return how many they are.
    """
    needles = _needles(person)
    gone = 0
    for run in ImportRun.objects.exclude(file="").iterator():
        if any(_mentions(file, needles) for file in (run.file, run.error_file) if file):
            gone += 1
            _drop(run, "file", "error_file")
            ImportChange.objects.filter(run=run).delete()
    for export in Export.objects.exclude(file="").iterator():
        if export.contact_id in person.contacts or _mentions(export.file, needles):
            gone += 1
            _drop(export, "file")
    return gone


def count_mentioning_files(person: Person) -> int:
    """Return how many files `drop_mentioning_files` would delete."""
    needles = _needles(person)
    runs = ImportRun.objects.exclude(file="").iterator()
    found = sum(
        any(_mentions(file, needles) for file in (run.file, run.error_file) if file) for run in runs
    )
    exports = Export.objects.exclude(Q(file="")).iterator()
    return found + sum(_mentions(export.file, needles) for export in exports)


def _drop(row: Any, *names: str) -> None:
    for name in names:
        file = getattr(row, name)
        if file:
            storage, path = file.storage, file.name
            transaction.on_commit(partial(storage.delete, path))
            setattr(row, name, "")
    row.save(update_fields=list(names))


def _needles(person: Person) -> list[bytes]:
    texts = {*person.addresses, *person.names, *person.phones}
    encoded = {text.lower().encode("utf-8") for text in texts}
    for text in texts:
        encoded.add(text.lower().encode("cp932", errors="ignore"))
    return sorted(needle for needle in encoded if len(needle) > 3)


def _mentions(file: Any, needles: Iterable[bytes]) -> bool:
    """Say whether a file names the person; one that can't be read is taken as naming them."""
    wanted = list(needles)
    try:
        with file.open("rb") as opened:
            return any(_found(part, wanted) for part in _parts(opened))
    except FileNotFoundError:
        return False
    except (OSError, zipfile.BadZipFile):
        return True


def _parts(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield what the file holds: the members of a ZIP, which a workbook is, or itself."""
    if not zipfile.is_zipfile(file):
        file.seek(0)
        yield file
        return
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            with packed.open(name) as part:
                yield part


def _found(part: IO[bytes], needles: list[bytes]) -> bool:
    kept = b""
    while chunk := part.read(CHUNK):
        text = kept + chunk.lower()
        if any(needle in text for needle in needles):
            return True
        kept = text[-OVERLAP:]
    return False
