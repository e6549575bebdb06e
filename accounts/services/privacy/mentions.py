"""Find a person in the files people sent in or took out; such files are deleted, not rewritten."""

import codecs
import re
import zipfile
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import IO, Any

from django.db import transaction
from django.db.models import Q

from accounts.domain.person import Person
from accounts.domain.spellings import spelled
from accounts.models import Export, ImportChange, ImportRun

CHUNK = 1 << 20
#: Longer than anything that is looked for, so that nothing is lost between two chunks.
OVERLAP = 1 << 10
CODES = ("utf-8", "cp932")


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
    """What to look for in a file: texts, and pairs of names that stand in cells of their own."""

    hint: re.Pattern[str]
    exact: re.Pattern[str]
    cells: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


def _needles(person: Person) -> _Needles:
    written = person.written_among_us()
    hint, exact = (re.compile(one, re.IGNORECASE) for one in (written.hint, written.exact))
    return _Needles(hint, exact, tuple((_cell(one), _cell(other)) for one, other in person.pairs))


def _cell(name: str) -> re.Pattern[str]:
    return re.compile(f">{spelled(name)}<", re.IGNORECASE)


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
    """Read the part in both codes at once; the wrong one shows no names."""
    readers = [codecs.getincrementaldecoder(code)(errors="replace") for code in CODES]
    kept, seen = [""] * len(CODES), set[re.Pattern[str]]()
    while chunk := part.read(CHUNK):
        for place, reader in enumerate(readers):
            kept[place] += reader.decode(chunk)
            text = unescape(kept[place])
            named = needles.hint.search(text) and needles.exact.search(text)
            if named or (in_cells and _in_cells(text, needles, seen)):
                return True
            kept[place] = kept[place][-OVERLAP:]
    return False


def _in_cells(text: str, needles: _Needles, seen: set[re.Pattern[str]]) -> bool:
    names = {name for pair in needles.cells for name in pair}
    seen |= {name for name in names - seen if name.search(text)}
    return any(one in seen and other in seen for one, other in needles.cells)
