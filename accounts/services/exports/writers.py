"""Write a sheet as CSV or XLSX, row by row, in flat memory.

CSV is what RFC 4180 says, in UTF-8 with the byte order mark Excel wants; text that a spreadsheet
would calculate is made inert. In XLSX every cell has its type, so text is never a formula; what
an import would take something off gets an apostrophe all the same, so that it takes off that alone.
"""

import csv
import datetime as dt
import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import IO, Any, ClassVar
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from accounts.choices import ExportFormat, ExportHeader
from accounts.domain.inert_text import make_inert, make_plain
from accounts.services.exports.sheets import SheetColumn
from config.lib.problems import Problem

#: A sheet of Excel ends here; the header takes one row.
XLSX_ROWS = 1_048_576 - 1
XLSX_CELL = 32_767
CUT = "…"


class TooManyRows(Problem):
    """The list is longer than a sheet of Excel can be."""

    code = "too_many_rows"
    title = gettext_lazy("A sheet of Excel holds 1,048,575 rows. Take the list out as CSV.")


class SheetWriter(ABC):
    """Writes a header and rows into a binary file that is given."""

    extension: ClassVar[str]

    def __init__(
        self, file: IO[bytes], columns: Sequence[SheetColumn], *, header: str, zone: ZoneInfo
    ) -> None:
        self.columns = columns
        self.speaks = header == ExportHeader.LABELS
        self.zone = zone
        self.begin(file)

    @abstractmethod
    def begin(self, file: IO[bytes]) -> None:
        """Write the header."""

    @abstractmethod
    def write(self, values: Sequence[Any]) -> None:
        """Write one row."""

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""

    def titles(self) -> list[str]:
        """Return the first row: labels in the reader's language, or keys."""
        if self.speaks:
            return [capfirst(str(column.label)) for column in self.columns]
        return [column.key for column in self.columns]

    def cell(self, column: SheetColumn, value: Any) -> Any:
        """Return a value as a person or a program wants it; None is an empty cell."""
        if value is None or value == "":
            return None
        if self.speaks and column.words:
            return str(column.words.get(value, value))
        if isinstance(value, dt.datetime):
            return value.astimezone(self.zone)
        return value


class CsvWriter(SheetWriter):
    extension = "csv"

    def begin(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
        self._rows = csv.writer(self._text, lineterminator="\r\n")
        self._rows.writerow(map(make_inert, self.titles()))

    def write(self, values: Sequence[Any]) -> None:
        pairs = zip(self.columns, values, strict=True)
        self._rows.writerow([self._text_of(self.cell(*pair)) for pair in pairs])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()

    def _text_of(self, value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, bool):
            return self._truth(value)
        if isinstance(value, dt.datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S") if self.speaks else value.isoformat()
        if isinstance(value, int | float | Decimal):
            return value
        return value.isoformat() if isinstance(value, dt.date) else make_inert(str(value))

    def _truth(self, value: bool) -> str:
        if self.speaks:
            return gettext("Yes") if value else gettext("No")
        return "true" if value else "false"


class XlsxWriter(SheetWriter):
    extension = "xlsx"

    def begin(self, file: IO[bytes]) -> None:
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "remove_timezone": True,
                "default_date_format": "yyyy-mm-dd",
            },
        )
        self._sheet = self._book.add_worksheet()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._amount = self._book.add_format({"num_format": "#,##0.##"})
        self._line = 0
        strong = self._book.add_format({"bold": True})
        for place, title in enumerate(self.titles()):
            self._sheet.write_string(0, place, title, strong)
        self._sheet.freeze_panes(1, 0)

    def write(self, values: Sequence[Any]) -> None:
        self._line += 1
        if self._line > XLSX_ROWS:
            raise TooManyRows
        for place, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            self._put(place, column, self.cell(column, value))

    def close(self) -> None:
        self._book.close()

    def _put(self, place: int, column: SheetColumn, value: Any) -> None:
        where = (self._line, place)
        if value is None:
            return
        if isinstance(value, bool):
            self._sheet.write_boolean(*where, value)
        elif isinstance(value, int | float | Decimal):
            self._sheet.write_number(
                *where, value, self._amount if column.type == "money" else None
            )
        elif isinstance(value, dt.date):
            shape = self._moment if isinstance(value, dt.datetime) else self._day
            self._sheet.write_datetime(*where, value, shape)
        else:
            text = str(value)
            text = text if make_plain(text.strip()) == text else make_inert(text)
            shown = text if len(text) <= XLSX_CELL else text[: XLSX_CELL - len(CUT)] + CUT
            self._sheet.write_string(*where, shown)


WRITERS: dict[str, type[SheetWriter]] = {
    ExportFormat.CSV: CsvWriter,
    ExportFormat.XLSX: XlsxWriter,
}
