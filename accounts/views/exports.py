"""Taking data out: ask for a file, watch it being made, fetch it while it is kept."""

from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import ExportFormat, ExportHeader, UserRole
from accounts.models import Export, User
from accounts.querysets import reach_of
from accounts.registry import lists
from accounts.services.exports.files import CONTENT_TYPES, drop_file, open_file
from accounts.services.exports.runs import ExportOrder, request_everything, request_export
from accounts.services.exports.sources import ACCOUNTS, export_label
from config.lib.clock import app_now
from config.lib.jobs import JobState
from config.lib.pagination import KeysetPaginator
from config.lib.recent_sign_in import recent_sign_in_required
from config.lib.toasts import say

EXPORTS_A_PAGE = 30


@dataclass(frozen=True)
class Line:
    """One export as the list shows it."""

    export: Export
    label: Any


@require_http_methods(["GET", "HEAD", "POST"])
def export_list(request: HttpRequest) -> HttpResponse:
    """Show the files taken out so far; a list that is sent here is queued."""
    if request.method == "POST":
        return _queue_list(request)
    exports = Export.objects.visible_to(request.user).select_related("job__requested_by", "contact")
    page = KeysetPaginator(exports, order="-id", size=EXPORTS_A_PAGE).page(
        request.GET.get("cursor")
    )
    rows = [Line(export, export_label(export)) for export in page.rows]
    may_take_all = reach_of(request.user).role == UserRole.ADMINISTRATOR
    context = {"page": page, "rows": rows, "may_take_all": may_take_all}
    return render(request, "accounts/export_list.html", context)


@recent_sign_in_required
def _queue_list(request: HttpRequest) -> HttpResponse:
    export = request_export(order=_order(request), at=app_now(), by=cast(User, request.user))
    return redirect("accounts:export_detail", pk=export.pk)


@require_POST
def export_everything(request: HttpRequest) -> HttpResponse:
    """Queue the whole organisation as an archive, for an administrator."""
    if reach_of(request.user).role != UserRole.ADMINISTRATOR:
        raise PermissionDenied
    return _queue_everything(request)


@recent_sign_in_required
def _queue_everything(request: HttpRequest) -> HttpResponse:
    language = (get_language() or "en")[:2]
    export = request_everything(language=language, at=app_now(), by=cast(User, request.user))
    return redirect("accounts:export_detail", pk=export.pk)


@require_safe
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a file is, and what it holds."""
    export = _export(request, pk)
    context = {
        "export": export,
        "job": export.job,
        "label": export_label(export),
        "list_href": _list_of(export),
        "waits": export.job.state in {JobState.QUEUED, JobState.RUNNING},
    }
    page = "accounts/export_state.html" if request.htmx else "accounts/export_detail.html"  # type: ignore[attr-defined]
    return render(request, page, context)


@require_safe
def export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the file to whoever sees the export, as long as it is kept.

    It asks once more who they are: a borrowed session finds it made.
    """
    return _hand_out(request, _export(request, pk))


@require_POST
def export_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the file before its time."""
    drop_file(_export(request, pk))
    say(request, _("The file is deleted."))
    return redirect("accounts:export_list")


def _list_of(export: Export) -> str:
    """Return the address of the list as it was asked for; empty for what has no page here."""
    if export.source in lists:
        page = reverse("accounts:record_list", kwargs={"key": export.source})
    elif export.source == ACCOUNTS:
        page = reverse("accounts:list")
    else:
        return ""
    return f"{page}?{export.query}"


@recent_sign_in_required
def _hand_out(request: HttpRequest, export: Export) -> HttpResponse:
    file = open_file(export, at=app_now())
    if file is None:
        raise Http404
    answer: Any = FileResponse(
        file,
        as_attachment=True,
        filename=export.file_name,
        content_type=CONTENT_TYPES[export.format],
    )
    return answer  # type: ignore[no-any-return]


def _export(request: HttpRequest, pk: int) -> Export:
    exports = Export.objects.visible_to(request.user).select_related("job__requested_by", "contact")
    return get_object_or_404(exports, pk=pk)  # type: ignore[no-any-return]


def _order(request: HttpRequest) -> ExportOrder:
    by_keys = request.POST.get("header") == ExportHeader.KEYS
    return ExportOrder(
        source=request.POST.get("source", ""),
        query=request.POST.get("query", ""),
        format=request.POST.get("format", ExportFormat.CSV),
        header=ExportHeader.KEYS if by_keys else ExportHeader.LABELS,
        language=(get_language() or "en")[:2],
    )
