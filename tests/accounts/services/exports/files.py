"""Make an export at once and read its file."""

import csv
import io
import zipfile

from python_calamine import CalamineWorkbook

from accounts.models import Export
from accounts.services.exports.runs import (
    ExportOrder,
    request_everything,
    request_export,
    run_due_export,
)
from config.lib.clock import app_now
from config.lib.jobs import JobState


def export_now(user, **order) -> Export:
    export = request_export(order=ExportOrder(**order), at=app_now(), by=user)
    assert run_due_export(at=app_now()) == 1
    export.refresh_from_db()
    export.job.refresh_from_db()
    return export


def csv_rows(export: Export) -> list[list[str]]:
    text = export.file.read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def xlsx_rows(export: Export) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(export.file.read()))
    return book.get_sheet_by_index(0).to_python()


def take_everything(user) -> zipfile.ZipFile:
    export = request_everything(language="en", at=app_now(), by=user)
    run_due_export(at=app_now())
    export.refresh_from_db()
    export.job.refresh_from_db()
    assert export.job.state == JobState.DONE, export.job.last_error
    return zipfile.ZipFile(io.BytesIO(export.file.read()))


def archive_rows(archive, path) -> list[dict[str, str]]:
    text = archive.read(path).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))
