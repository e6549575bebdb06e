"""What is wrong with a file or with a row, in words; stored are only codes and what goes into them.

The words are chosen when somebody reads them, so a result can be read in either language.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import connection
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.csv_text import BadText, Row
from accounts.domain.import_columns import Column
from accounts.domain.inert_text import make_inert, make_plain
from accounts.services.imports.words import ChoiceCell
from config.lib.problems import Problem, Text

FIRST_FAULTS = 20
_SPOOLED = 16 << 20
_NONE_LEFT: tuple[Any, ...] = (0, ())

FILE_FAULTS: Mapping[str, Text] = {
    "old_spreadsheet": gettext_lazy(
        "This is a workbook of an old Excel, or one with a password. Save it as .xlsx or CSV"
        " without a password."
    ),
    "locked": gettext_lazy("The workbook has a password. Save it without one and try again."),
    "no_workbook": gettext_lazy(
        "This is no Excel workbook, or it is damaged. Save it as .xlsx or CSV and try again."
    ),
    "unpacked": gettext_lazy("Unpacked, the workbook is larger than %(unpacked)s MB."),
    "wide_sheet": gettext_lazy(
        "A cell far from the others makes the sheet too large. Copy the rows to a new sheet."
    ),
    "no_sheet": gettext_lazy("The workbook has no sheet “%(sheet)s”."),
    "utf_16": gettext_lazy("This file is in UTF-16. Save it as CSV in UTF-8 and try again."),
    "not_utf_8": gettext_lazy("Line %(line)s holds bytes that are no UTF-8. Save the file again."),
    "no_encoding": gettext_lazy(
        "Line %(line)s holds bytes that are neither UTF-8 nor Shift_JIS (CP932)."
    ),
    "nul": gettext_lazy("Line %(line)s holds a zero byte, so this is no text file."),
    "quotes": gettext_lazy(
        "The quotation marks that begin in line %(line)s never end, or end in the middle."
    ),
    "long_cell": gettext_lazy("Line %(line)s holds a cell of more than 131,072 characters."),
    "empty": gettext_lazy("The file is empty. Its first row must hold the headers."),
    "missing": gettext_lazy("The file needs a column for: %(columns)s."),
    "twice": gettext_lazy("Two headers of the file mean the same: %(columns)s."),
    "too_large": gettext_lazy("The file is larger than %(limit)s MB."),
    "too_many_rows": gettext_lazy("The file has more than %(limit)s rows. Split it."),
    "mapping_shape": gettext_lazy(
        'A mapping looks like {"columns": {"header": "field"}, "clear": ["field"],'
        ' "values": {"field": "text"}, "fill_only": false}.'
    ),
    "bad_mapping": gettext_lazy("The mapping names something unknown: %(columns)s."),
}
ROW_FAULTS: Mapping[str, Text] = {
    "ragged": gettext_lazy("The number of cells differs from the header row (%(hint)s)."),
    "required": gettext_lazy("This must not be empty."),
    "too_long": gettext_lazy("At most %(hint)s characters are possible."),
    "control": gettext_lazy("This holds characters that can't be shown."),
    "choice": gettext_lazy("This is none of the possible values (%(hint)s)."),
    "yes_or_no": gettext_lazy("Write yes or no."),
    "date": gettext_lazy("This is no date. Write it like 2026-04-01 or 2026/04/01."),
    "era": gettext_lazy(
        "Years of an era are not read. Write the year in four digits, like 2026/04/01."
    ),
    "number": gettext_lazy("This is no number."),
    "whole": gettext_lazy("Give a whole number."),
    "range": gettext_lazy("The number must lie in %(hint)s."),
    "amount": gettext_lazy("The amount must be 0 or more and below 10,000,000,000,000,000."),
    "mail": gettext_lazy("This is no mail address."),
    "domain": gettext_lazy("Write domains like example.co.jp; example.com."),
    "corporate_number": gettext_lazy(
        "This is no corporate number: thirteen digits, the first of them a check digit."
    ),
    "country": gettext_lazy("There is no country with this code. Give its two letters, like JP."),
    "currency": gettext_lazy("Give a currency by its three letters, like JPY."),
    "duplicate": gettext_lazy("Row %(hint)s of the file has the same value."),
    "not_found": gettext_lazy("There is no such record that you may change."),
    "unknown_account": gettext_lazy(
        "There is no account “%(hint)s” that you may use, nor in a correct row of this file."
    ),
    "ambiguous_account": gettext_lazy(
        "More than one account is called so (%(hint)s). Give the id of the one you mean."
    ),
    "ambiguous_contact": gettext_lazy(
        "More than one contact of the account is called so (%(hint)s). Give the id or the mail"
        " address."
    ),
    "refused_account": gettext_lazy("The row of the account “%(hint)s” has an error itself."),
    "refused_contact": gettext_lazy("The row of the contact “%(hint)s” has an error itself."),
    "same_person": gettext_lazy("This is the person of the row."),
    "archived": gettext_lazy("The account is archived."),
    "archived_contract": gettext_lazy("The contract is archived."),
    "archived_contact": gettext_lazy("The contact is archived."),
    "unknown_team": gettext_lazy("There is no team “%(hint)s” that you may use."),
    "ambiguous_team": gettext_lazy("Several teams are called “%(hint)s”."),
    "inactive_user": gettext_lazy("“%(hint)s” no longer works here: name who takes it on."),
    "unknown_user": gettext_lazy("Nobody here has the mail address “%(hint)s”."),
    "cyclic": gettext_lazy("This would put the record above itself."),
    "has_contracts": gettext_lazy(
        "The account has contracts already. Change their amounts in a file of contracts."
    ),
    "needs_arr": gettext_lazy(
        "Seats and days of a contract are kept together with its ARR. Choose the column that holds"
        " the ARR under “Change the columns”, or leave seats and days unread."
    ),
    "long_id": gettext_lazy("The own-system id is too long for an account with ARR."),
    "foreign": gettext_lazy("This record belongs to another account."),
    "ends_before_start": gettext_lazy("The last day lies before the first."),
    "fixed_without_end": gettext_lazy("A contract over a fixed period needs a last day."),
    "renews_public_contract": gettext_lazy(
        "A yearly public contract is tendered anew and does not renew by itself."
    ),
    "terms": gettext_lazy(
        "These are no payment terms. Write them like “net 30” or “月末締め翌月末払い”."
    ),
    "two_terms": gettext_lazy("The days until payment differ from the payment terms."),
    "outside_contract": gettext_lazy("The day lies outside the contract."),
    "starts_after_terms": gettext_lazy("The first day would lie after the first amount's end."),
    "nameless": gettext_lazy("Give a name or a mail address."),
    "moment": gettext_lazy("This is no date and time. Write it like 2026-04-01 10:30."),
    "slug": gettext_lazy("Use Latin letters, digits, hyphens and underscores only."),
    "too_many": gettext_lazy("At most %(hint)s values are possible."),
    "future": gettext_lazy("This must not lie in the future."),
    "above_zero": gettext_lazy("The amount must be more than 0."),
    "due_before_issued": gettext_lazy("The due date lies before the date of the invoice."),
    "resolved_before_opened": gettext_lazy("The ticket was opened later than that."),
    "unknown_contact": gettext_lazy("The account has no contact “%(hint)s”."),
    "no_contract": gettext_lazy("There is no contract “%(hint)s” that you may change."),
    "unknown_talk": gettext_lazy("The account has no talk “%(hint)s”."),
    "unknown_record": gettext_lazy("The account has no such record “%(hint)s”."),
    "id_taken": gettext_lazy("Another record has this id in that system."),
    "source": gettext_lazy(
        "Give lower-case letters, digits, hyphens and underscores, such as salesforce."
    ),
    "unknown_contract": gettext_lazy("The account has no contract “%(hint)s”."),
    "two_contacts": gettext_lazy("The id and the mail address belong to two people."),
    "note_is_internal": gettext_lazy(
        "Internal notes, and only they, have the direction “internal”."
    ),
    "role_ends_before": gettext_lazy("The last day of the role lies before its first."),
    "email_taken": gettext_lazy("Another contact of this account has this mail address."),
}


class BadImportFile(Problem):
    """The file as a whole can't be taken in, so nothing of it is."""

    code = "bad_import_file"
    title = gettext_lazy("The file can't be read.")

    def __init__(self, fault: str, **hints: Any) -> None:
        self.fault = fault
        super().__init__(FILE_FAULTS[fault] % hints)

    @classmethod
    def of(cls, error: BadText, *, sheet: str = "") -> "BadImportFile":
        """Word what `csv_text` or `spreadsheet` found."""
        unpacked = settings.IMPORT_MAX_UNPACKED_BYTES // 1_000_000
        return cls(error.code, line=error.line, sheet=sheet, unpacked=unpacked)


@dataclass(frozen=True)
class RowFault:
    """A fault of one row in the language of whoever reads it."""

    row: int
    column: str
    code: str
    label: Any
    reason: str


def stored_faults(result: Mapping[str, Any], columns: Iterable[Column]) -> list[RowFault]:
    """Return the first faults that the result of a job holds, in words."""
    by_key = {column.key: column for column in columns}
    return [
        RowFault(
            fault["row"],
            fault["column"],
            fault["code"],
            by_key[fault["column"]].label if fault["column"] in by_key else "",
            reason(fault["code"], fault["hint"], by_key.get(fault["column"])),
        )
        for fault in result.get("errors", ())
    ]


def reason(code: str, hint: str, column: Column | None = None) -> str:
    """Word one fault in the active language: choices of the column by what people call them."""
    if code == "choice" and column is not None and isinstance(column.parse, ChoiceCell):
        hint = ", ".join(column.parse.labels())
    return str(ROW_FAULTS[code]) % {"hint": hint}


def count_failed() -> int:
    """Return how many rows have faults."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT line) FROM import_fault")
        return int(cursor.fetchone()[0])


def first_faults() -> list[dict[str, Any]]:
    """Return the first faults of the file in the form that is stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line, column_key, code, hint FROM import_fault"
            " ORDER BY line, column_key, code LIMIT %s",
            [FIRST_FAULTS],
        )
        names = ("row", "column", "code", "hint")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write_error_file(
    *, rows: Iterator[Row], header: Sequence[str], columns: Sequence[Column]
) -> "File[bytes]":
    """Return a CSV file of the rows that failed: row, field, reason, then the row as it came.

    In UTF-8 with a byte order mark, as Excel wants it; correct it and take it in again. Nothing in
    it is a formula to a spreadsheet. Memory stays flat: both the faults and the file are streams.
    """
    by_key = {column.key: column for column in columns}
    labels = {key: capfirst(str(column.label)) for key, column in by_key.items()}
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115
    spool.write(b"\xef\xbb\xbf")
    _write(spool, [_("Row"), _("Field"), _("Reason"), *header])
    with connection.cursor() as cursor:
        copy_out = cursor.copy(
            "COPY (SELECT line, json_agg(json_build_array(column_key, code, hint)"
            " ORDER BY column_key, code) FROM import_fault GROUP BY line ORDER BY line) TO STDOUT"
        )
        with copy_out as copy:
            copy.set_types(["int4", "json"])
            failed = copy.rows()
            line, faults = next(failed, _NONE_LEFT)
            for row in rows:
                if row.number == line:
                    fields = "\n".join(labels.get(key, "") for key, _code, _hint in faults)
                    reasons = "\n".join(
                        reason(code, hint, by_key.get(key)) for key, code, hint in faults
                    )
                    _write(spool, [str(line), fields, reasons, *row.cells])
                    line, faults = next(failed, _NONE_LEFT)
    spool.seek(0)
    return File(spool)


def _write(spool: IO[bytes], cells: Sequence[str]) -> None:
    buffer: list[str] = []
    inert = [make_inert(make_plain(cell)) for cell in cells]
    csv.writer(_Sink(buffer), lineterminator="\r\n").writerow(inert)
    spool.write("".join(buffer).encode())


class _Sink:
    def __init__(self, buffer: list[str]) -> None:
        self.write = buffer.append
