"""The files themselves: kept for a while, opened for who may have them, deleted."""

import datetime as dt
from typing import Any

from accounts.choices import ExportFormat
from accounts.models import Export

CONTENT_TYPES: dict[str, str] = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.ZIP: "application/zip",
}


def open_file(export: Export, *, at: dt.datetime) -> Any:
    """Open the file for reading; None before it is made and after its time."""
    if not export.file or export.expires_at <= at:
        return None
    return export.file.open("rb")


def remove_expired_exports(*, at: dt.datetime) -> int:
    """Delete files whose time is over; the rows stay and say who took what."""
    exports = list(Export.objects.filter(expires_at__lte=at).exclude(file="")[:100])
    for export in exports:
        drop_file(export)
    return len(exports)


def drop_file(export: Export) -> None:
    """Delete the file; that it was made stays on record."""
    export.file.delete(save=False)
    export.save(update_fields=["file"])
