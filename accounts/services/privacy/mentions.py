"""Find a person in the files people sent in or took out; such files are deleted, not rewritten."""

import re
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import IO, Any
from xml.sax.saxutils import escape

from django.db import transaction
from django.db.models import Q

from accounts.domain.person import Person
from accounts.models import Export, ImportChange, ImportRun

CHUNK = 1 << 20
#: Longer than any needle, so that none is lost between two chunks.
OVERLAP = 1 << 10
#: What stands between two cells of a line, or two words of a cell.
_BETWEEN = rb"(?:[ \t,;|\"']|\xe3\x80\x80|\x81\x40){1,8}"
_END = rb"(?=[ \t,;|\"'\r\n])"


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


@dataclass(frozen=True)
class _Needles:
    """What to look for in a file: texts, and pairs of names in cells of their own.

    Bytes are compared in lower case, letters and all: the second byte of a sign in CP932 may look
    like a capital.
    """

    anywhere: re.Pattern[bytes]
    cells: tuple[tuple[bytes, bytes], ...]


def _needles(person: Person) -> _Needles:
    texts = {*person.addresses, *person.names, *person.phones}
    told = {one for text in texts for one in _coded(text) if len(one) > 3}
    sought = [re.escape(one) for one in sorted(told)]
    both = [*person.pairs, *((given, family) for family, given in person.pairs)]
    cells = [pair for one, other in both for pair in zip(_coded(one), _coded(other), strict=True)]
    sought += [re.escape(one) + _BETWEEN + re.escape(other) + _END for one, other in cells]
    return _Needles(re.compile(b"|".join(sought) or b"(?!)"), tuple(cells))


def _coded(text: str) -> list[bytes]:
    """Return a text as files hold it: in both codes, and as XML writes it."""
    plain = text.lower()
    forms = (plain.encode(), plain.encode("cp932", errors="ignore"), escape(plain).encode())
    return [form.lower() for form in forms]


def _mentions(file: Any, needles: _Needles) -> bool:
    """Say whether a file names the person; one that can't be read is taken as naming them."""
    try:
        with file.open("rb") as opened:
            if not zipfile.is_zipfile(opened):
                opened.seek(0)
                return _found(opened, needles)
            return _found_in_members(opened, needles)
    except FileNotFoundError:
        return False
    except (OSError, zipfile.BadZipFile):
        return True


def _found_in_members(file: IO[bytes], needles: _Needles) -> bool:
    """Look into what a ZIP holds; a workbook keeps each text once, wherever its cells stand."""
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            with packed.open(name) as part:
                if _found(part, needles, in_cells=True):
                    return True
    return False


def _found(part: IO[bytes], needles: _Needles, *, in_cells: bool = False) -> bool:
    kept, seen = b"\n", set[bytes]()
    cells = {name for pair in needles.cells for name in pair} if in_cells else set()
    while chunk := part.read(CHUNK):
        text = kept + chunk.lower()
        if needles.anywhere.search(text):
            return True
        seen |= {name for name in cells - seen if b">" + name + b"<" in text}
        if any(one in seen and other in seen for one, other in needles.cells):
            return True
        kept = text[-OVERLAP:]
    return needles.anywhere.search(kept + b"\n") is not None
