"""The file of an import: its encoding, its header, which column is which, its rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.conf import settings

from accounts.domain.csv_text import BadText, Row, detect_encoding, read_rows
from accounts.domain.import_columns import Column, Match, match_headers
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.words import header_words


class Source:
    """A file that was opened and whose headers are understood.

    :raises BadImportFile: when it can't be read or its headers do not do.
    """

    def __init__(
        self, file: BinaryIO, columns: Sequence[Column], *, mapping: Mapping[str, Any], size: int
    ) -> None:
        self.file, self.columns, self.size = file, columns, max(size, 1)
        with _worded():
            self.encoding = detect_encoding(file)
        self.header = self._read_header()
        self.match = self._understood(mapping)
        self.present = frozenset(self.match.places.values())
        self.cleared = frozenset(mapping.get("clear", ())) & self.present

    @property
    def share_read(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        return min(self.file.tell() / self.size, 1.0)

    def every_row(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        rows = read_rows(self.file, self.encoding)
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

    def _read_header(self) -> list[str]:
        with _worded():
            first = next(read_rows(self.file, self.encoding), None)
        if first is None:
            raise BadImportFile("empty")
        return first.cells

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
        for fault, keys in (("missing", match.missing), ("twice", match.twice)):
            if keys:
                raise BadImportFile(fault, columns=", ".join(self._labels(keys)))
        return match

    def _labels(self, keys: Sequence[str]) -> list[str]:
        labels = {column.key: str(column.label) for column in self.columns}
        return [f"{labels[key]} ({key})" for key in keys]


@contextmanager
def _worded() -> Iterator[None]:
    try:
        yield
    except BadText as error:
        raise BadImportFile.of(error) from error
