"""Make an export at once and read its file."""

import csv
import io

from python_calamine import CalamineWorkbook

from accounts.models import Export
from accounts.services.exports.runs import ExportOrder, request_export, run_due_export
from config.lib.clock import app_now


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
