"""Read the text of a CSV file as people's programs write it, row by row, in flat memory.

UTF-8 with or without a byte order mark, or CP932 as Excel on a Japanese Windows saves it; commas,
semicolons or tabs. A whole file is read in one encoding: bytes are looked at once before the first
row is handed out, so that a damaged line 70,000 is found before anything is done with line 2.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 1 << 20
DELIMITERS = ",;\t"
#: More characters than this in valid UTF-8 before the first fault: it is damaged, not CP932.
CONVINCING = 10
#: What Python's cp932 makes of bytes that Windows does not assign.
_UNASSIGNED = re.compile("[\x80-\x9f\xa0\uf8f0-\uf8f3]")
_MULTIBYTE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")


class BadText(ValueError):
    """The file can't be read as text; `code` says why, `line` (from 1) where."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code, line)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Row:
    """One record: its number as a spreadsheet counts (the header is row 1), and its cells."""

    number: int
    cells: list[str]


def detect_encoding(file: BinaryIO) -> str:
    """Return the codec that reads the whole file.

    :raises BadText: naming the first line that no encoding explains.
    """
    file.seek(0)
    start = file.read(4)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadText("old_spreadsheet")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadText("utf_16")
    in_utf_8, convinced = _first_fault(file, "utf-8")
    if in_utf_8 is None:
        return "utf-8-sig"
    in_cp932, _ = _first_fault(file, "cp932")
    if start.startswith(codecs.BOM_UTF8) or convinced:
        raise BadText("not_utf_8", in_utf_8)
    if in_cp932 is not None:
        raise BadText("no_encoding", max(in_utf_8, in_cp932))
    return "cp932"


def read_rows(file: BinaryIO, encoding: str) -> Iterator[Row]:
    """Yield the records of the file that hold anything; the first is the header.

    :raises BadText: for quotation marks that are never closed or stand where none may.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    begins = 1
    try:
        delimiter = _delimiter(text.readline())
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        for number, cells in enumerate(reader, start=1):
            begins = reader.line_num + 1
            if any(cells):
                yield Row(number, cells)
    except csv.Error as error:
        code = "long_cell" if "field larger" in str(error) else "quotes"
        raise BadText(code, begins) from error
    finally:
        if not file.closed:
            text.detach()  # else the file would be closed with its reader


def _first_fault(file: BinaryIO, codec: str) -> tuple[int | None, bool]:
    """Return the line of the first byte the codec does not take, and whether it read much before.

    :raises BadText: for a NUL, which no text holds.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    lines = characters = 0
    while True:
        chunk = file.read(CHUNK)
        if b"\0" in chunk:
            raise BadText("nul", lines + chunk[: chunk.index(b"\0")].count(b"\n") + 1)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            good = error.object[: error.start]
            characters += len(_MULTIBYTE.findall(good))
            return lines + good.count(b"\n") + 1, characters >= CONVINCING
        if codec == "cp932" and (odd := _UNASSIGNED.search(text)):
            return lines + text.count("\n", 0, odd.start()) + 1, False
        if not chunk:
            return None, True
        characters += len(_MULTIBYTE.findall(chunk)) if characters < CONVINCING else 0
        lines += text.count("\n")


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)
