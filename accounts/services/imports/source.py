"""The file of an import: CSV or a workbook, its header, which column is which, its rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

from django.conf import settings

from accounts.domain.cells import CellFault
from accounts.domain.csv_text import BadText, Row, detect_encoding, read_rows
from accounts.domain.import_columns import Column, Match, match_headers
from accounts.domain.spreadsheet import ZIP_BEGINS, Sheet, check_unpacked
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.words import header_words


class Table(Protocol):
    """Rows of texts in flat memory, to be read as often as needed; the first is the header."""

    encoding: str
    sheet: str
    sheets: Sequence[str]

    @property
    def share_read(self) -> float: ...

    def rows(self) -> Iterator[Row]: ...


class CsvTable:
    """A text file in one encoding."""

    sheet = ""
    sheets: Sequence[str] = ()

    def __init__(self, file: BinaryIO, *, size: int) -> None:
        self.file, self.size = file, max(size, 1)
        self.encoding = detect_encoding(file)

    @property
    def share_read(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        return min(self.file.tell() / self.size, 1.0)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the file."""
        return read_rows(self.file, self.encoding)


class SheetTable:
    """One sheet of an Excel workbook, which was looked into before it is unpacked."""

    encoding = "xlsx"
    sheets: Sequence[str]

    def __init__(self, file: BinaryIO, *, sheet: str) -> None:
        check_unpacked(file, most_bytes=settings.IMPORT_MAX_UNPACKED_BYTES)
        self.content = Sheet(file, sheet)
        self.sheet, self.sheets = self.content.name, self.content.names

    @property
    def share_read(self) -> float:
        """Return how much of the sheet was read, from 0 to 1."""
        return self.content.share_read

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the sheet."""
        return self.content.rows()


def open_table(file: BinaryIO, *, size: int, sheet: str = "") -> Table:
    """Return the rows of a file, whatever program wrote it.

    :raises BadImportFile: when it can't be read.
    """
    file.seek(0)
    begins = file.read(4)
    with _worded(sheet):
        if begins == ZIP_BEGINS:
            return SheetTable(file, sheet=sheet)
        return CsvTable(file, size=size)


class Source:
    """A file that was opened and whose headers are understood.

    :raises BadImportFile: when it can't be read or its headers do not do.
    """

    def __init__(
        self,
        file: BinaryIO,
        columns: Sequence[Column],
        *,
        mapping: Mapping[str, Any],
        size: int,
        sheet: str = "",
    ) -> None:
        self.columns = columns
        self.table = open_table(file, size=size, sheet=sheet)
        self.header = read_header(self.table)
        self.values = self._values(mapping.get("values", {}))
        self.match = self._understood(mapping)
        named = frozenset(self.match.places.values())
        self.present = named | self.values.keys()
        self.is_fill_only = bool(mapping.get("fill_only", False))
        emptied = frozenset() if self.is_fill_only else frozenset(mapping.get("clear", ()))
        self.cleared = emptied & named - self.values.keys()

    def every_row(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        rows = self.table.rows()
        next(rows, None)
        return rows

    def rows_to_take_in(self) -> Iterator[Row]:
        """Yield the rows below the header as long as they are not too many.

        :raises BadImportFile: when they are, or when the text breaks off.
        """
        limit = settings.IMPORT_MAX_ROWS
        with _worded():
            for count, row in enumerate(self.every_row()):
                if count == limit:
                    raise BadImportFile("too_many_rows", limit=f"{limit:,}")
                yield row

    def _understood(self, mapping: Mapping[str, Any]) -> Match:
        named = mapping.get("columns", {})
        known = {column.key for column in self.columns}
        clearable = {column.key for column in self.columns if column.cleared is not None}
        odd = {key for key in named.values() if key is not None} - known
        odd |= set(mapping.get("clear", ())) - clearable
        if odd:
            raise BadImportFile("bad_mapping", columns=", ".join(sorted(odd)))
        words = header_words(self.columns)
        match = match_headers(self.header, self.columns, words=words, mapping=named)
        missing = [key for key in match.missing if key not in self.values]
        for fault, keys in (("missing", missing), ("twice", match.twice)):
            if keys:
                raise BadImportFile(fault, columns=", ".join(self._labels(keys)))
        return match

    def _values(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what rows hold that say nothing, as the stage takes it."""
        columns = {column.key: column for column in self.columns}
        values = {}
        for key, text in given.items():
            try:
                values[key] = columns[key].parse(text)
            except (KeyError, CellFault) as error:
                raise BadImportFile("bad_mapping", columns=f"{key}: {text}") from error
        return values

    def _labels(self, keys: Sequence[str]) -> list[str]:
        labels = {column.key: str(column.label) for column in self.columns}
        return [f"{labels[key]} ({key})" for key in keys]


def read_header(table: Table) -> list[str]:
    """Return the cells of the first row.

    :raises BadImportFile: for a file without one.
    """
    with _worded():
        first = next(table.rows(), None)
    if first is None:
        raise BadImportFile("empty")
    return first.cells


@contextmanager
def _worded(sheet: str = "") -> Iterator[None]:
    try:
        yield
    except BadText as error:
        raise BadImportFile.of(error, sheet=sheet) from error
