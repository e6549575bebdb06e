"""Write a file, take it in, look at the result."""

import csv
import datetime as dt
import io
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ImportRun
from accounts.services.imports.runs import ImportOrder, import_here

AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)


def csv_bytes(*rows: list[str], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def take_in(
    kind: str, *rows: list[str], encoding: str = "utf-8", by: Any = None, at: Any = AT, **order: Any
) -> ImportRun:
    data = csv_bytes(*rows, encoding=encoding)
    what = ImportOrder(kind=kind, file_name="file.csv", **order)
    return import_here(order=what, file=ContentFile(data, "file.csv"), at=at, by=by)


def counts(run: ImportRun) -> tuple[int, ...]:
    """Return created, updated, unchanged, failed."""
    result = run.job.result
    return tuple(result[name] for name in ("created", "updated", "unchanged", "failed"))


def faults(run: ImportRun) -> list[tuple[int, str, str]]:
    return [(fault["row"], fault["column"], fault["code"]) for fault in run.job.result["errors"]]


def error_rows(run: ImportRun) -> list[list[str]]:
    with run.error_file.open("rb") as file:
        data = file.read()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def statements(kind: str, *rows: list[str]) -> int:
    """Take a file in and return how many statements that took; every row must be new."""
    with CaptureQueriesContext(connection) as captured:
        assert counts(take_in(kind, *rows)) == (len(rows) - 1, 0, 0, 0)
    return len(captured)
