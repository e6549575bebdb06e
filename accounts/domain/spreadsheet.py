"""Read the rows of an Excel workbook as the texts a CSV of it would hold; formulas are values.

A workbook is a zip of XML, so what is small on disk may be huge in memory. Before anything is
parsed the archive is unpacked once into nothing: what it really unpacks to is counted, and the
largest row and column any cell claims, because a sheet is held as a full rectangle.
"""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, ZipError
from python_calamine import XmlError as BadXml

from accounts.domain.csv_text import BadText, Row

ZIP_BEGINS = b"PK\x03\x04"
CHUNK = 1 << 18
#: More entries than any workbook has.
MOST_ENTRIES = 10_000
#: A sheet claims a rectangle; so many cells fit into a worker's memory.
MOST_CELLS = 20_000_000
#: The reader takes small letters and leading zeros, too.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)0*([0-9]{1,20})["']""")
_OVERLAP = 1 << 12
#: What makes an archive a workbook of another kind, whose cells are not counted here.
_OTHERS = {"xl/workbook.bin", "content.xml"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def check_unpacked(file: BinaryIO, *, most_bytes: int) -> None:
    """Refuse an archive that is no workbook or would unpack to more than we hold.

    :raises BadText: `no_workbook`, `unpacked` or `wide_sheet`.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename.lower().lstrip("/") for entry in entries}
            if "xl/workbook.xml" not in names or names & _OTHERS or len(entries) > MOST_ENTRIES:
                raise BadText("no_workbook")
            if sum(entry.file_size for entry in entries) > most_bytes:
                raise BadText("unpacked")
            left = most_bytes
            for entry in entries:
                left -= _unpack(archive, entry, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise BadText("no_workbook") from None


class Sheet:
    """One sheet of a workbook that was checked; its rows can be read again and again.

    :raises BadText: for a damaged workbook, or `no_sheet`.
    """

    def __init__(self, file: BinaryIO, name: str = "") -> None:
        workbook = _open(file)
        self.names = workbook.sheet_names
        if not self.names or (name and name not in self.names):
            raise BadText("no_sheet")
        self.name = name or _first(workbook)
        self._sheet = _parse(workbook, self.name)
        self.share_read = 0.0

    def rows(self) -> Iterator[Row]:
        """Yield the rows that hold anything; the first is the header."""
        total = max(self._sheet.total_height, 1)
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            self.share_read = number / total
            texts = [cell_text(cell) for cell in cells]
            if any(texts):
                yield Row(number, texts)


def cell_text(value: object) -> str:
    """Return what a CSV would hold: whole numbers without a point, days without midnight."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time.min
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """Return how many bytes an entry really unpacks to, reading it into nothing.

    Places are looked for in every entry: which of them is a sheet, the workbook says.
    """
    size = rows = columns = 0
    before = b""
    with archive.open(entry) as unpacked:
        while chunk := unpacked.read(CHUNK):
            if not size and chunk.startswith(_UTF_16):
                raise BadText("no_workbook")
            size += len(chunk)
            if size > left:
                raise BadText("unpacked")
            for letters, number in _PLACE.findall(before + chunk):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            if rows * max(columns, 1) > MOST_CELLS:
                raise BadText("wide_sheet")
            before = chunk[-_OVERLAP:]
    return size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _open(file: BinaryIO) -> CalamineWorkbook:
    file.seek(0)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    except PasswordError:
        raise BadText("locked") from None
    except (CalamineError, ZipError, BadXml):
        raise BadText("no_workbook") from None


def _first(workbook: CalamineWorkbook) -> str:
    """Return the first sheet that holds anything, else the first."""
    for name in workbook.sheet_names:
        if _parse(workbook, name).total_height:
            return name
    return workbook.sheet_names[0]


def _parse(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except (CalamineError, ZipError, BadXml):
        raise BadText("no_workbook") from None
