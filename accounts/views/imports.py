"""Taking in files: upload and preview, the import, its progress and what was not taken."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import ChangeKind, Known
from accounts.forms.imports import ImportForm
from accounts.models import ImportRun, ImportUndo
from accounts.querysets import administers
from accounts.registry import importers
from accounts.services.imports.faults import stored_faults
from accounts.services.imports.preview import count_by_field, read_changes, write_changes
from accounts.services.imports.runs import (
    ImportOrder,
    follow_preview,
    is_waiting,
    may_follow,
    may_import,
    open_import,
)
from accounts.services.imports.undo import (
    AlreadyUndone,
    NothingToUndo,
    kept_of,
    may_try_again,
    open_undo,
    reasons_of,
)
from accounts.views.form_pages import FormPage, answer_form, posted
from config.lib.clock import app_now
from config.lib.jobs import JobState
from config.lib.pagination import KeysetPaginator
from config.lib.problems import Problem
from config.lib.toasts import say

RUNS_A_PAGE = 20
CHANGES_A_PAGE = 20
#: Of the changes, new records that may be there already.
TWINS = "twins"
_WAITING = {JobState.QUEUED, JobState.RUNNING}


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Show the form and the imports so far; a file that is sent is looked at first."""
    form = ImportForm(request.POST or None, request.FILES or None, kinds=_kinds(request))
    if form.is_valid() and (run := _open(request, form)):
        return redirect("accounts:import_mapping", pk=run.pk)
    runs = ImportRun.objects.matters_of(request.user)
    runs = runs.select_related("job__requested_by", "undo__job")
    page = KeysetPaginator(runs, order="-id", size=RUNS_A_PAGE).page(request.GET.get("cursor"))
    labels = {key: importer.label for key, importer in importers.items()}
    rows = [(run, labels.get(run.kind, run.kind), is_waiting(run, run.job)) for run in page.rows]
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "accounts/import_list.html", context)


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import: how far it is, what it found, what it would do or has done."""
    run = _run(request, pk)
    if is_waiting(run, run.job):
        return redirect("accounts:import_mapping", pk=run.pk)
    followed = run.followed_by.first()
    context: dict[str, Any] = {
        "run": run,
        "may_see_inlet": administers(request.user),
        "job": run.job,
        "label": importers.get(run.kind).label,
        "result": run.job.result,
        "faults": stored_faults(run.job.result, importers.get(run.kind).columns()),
        "fields": _fields(run),
        "followed": followed,
        "waits": run.job.state in _WAITING,
        "may_follow": may_follow(run) and followed is None,
        **_undoing(run),
        **_changes(request, run),
    }
    page = "accounts/import_state.html" if request.htmx else "accounts/import_detail.html"  # type: ignore[attr-defined]
    return render(request, page, context)


@require_POST
def import_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out the import that was previewed."""
    preview = _run(request, pk)
    run = follow_preview(preview=preview, at=app_now(), by=request.user)  # type: ignore[arg-type]
    return redirect("accounts:import_detail", pk=run.pk)


@require_safe
def import_changes(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out all that a previewed file would do, field by field."""
    run = _run(request, pk)
    if not run.is_dry_run or run.job.state != JobState.DONE:
        raise Http404
    name = f"changes-{run.pk}.csv"
    return FileResponse(
        write_changes(run), as_attachment=True, filename=name, content_type="text/csv"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then take an import back; twice is said to be once."""
    run = _run(request, pk)
    back = reverse("accounts:import_detail", args=[pk])
    if request.method != "POST" and not _undoing(run)["may_undo"]:
        return redirect(back)
    note = _(
        "New records are put away, changed ones read again what they read before. Records that "
        "somebody changed since stay as they are."
    )
    words = _("Undo the import")
    page = FormPage(words, words, importers.get(run.kind).label, back, note)

    def save(values: dict[str, Any]) -> str:
        try:
            open_undo(run=run, at=app_now(), by=request.user)  # type: ignore[arg-type]
        except (AlreadyUndone, NothingToUndo) as problem:
            say(request, str(problem))
        return back

    return answer_form(request, forms.Form(posted(request)), page, save)


@require_safe
def import_errors(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out the rows that failed, to whoever sees the import."""
    run = _run(request, pk)
    if not run.error_file:
        raise Http404
    name = f"errors-{run.pk}.csv"
    return FileResponse(
        run.error_file.open("rb"), as_attachment=True, filename=name, content_type="text/csv"
    )


def _run(request: HttpRequest, pk: int) -> ImportRun:
    runs = ImportRun.objects.visible_to(request.user).select_related("job", "inlet")
    return get_object_or_404(runs, pk=pk)  # type: ignore[no-any-return]


def _kinds(request: HttpRequest) -> list[tuple[str, Any]]:
    user: Any = request.user
    kinds = [(key, member.label) for key, member in importers.items() if may_import(user, key)]
    if not kinds:
        raise PermissionDenied
    return kinds


def _open(request: HttpRequest, form: ImportForm) -> ImportRun | None:
    """Queue the preview; a file that is refused at once says so at its field."""
    file = form.cleaned_data["file"]
    order = ImportOrder(
        kind=form.cleaned_data["kind"],
        file_name=file.name,
        is_dry_run=True,
        waits=True,
        is_all_or_nothing=form.cleaned_data["is_all_or_nothing"],
        known=form.cleaned_data["known"] or Known.RECORDED,
        language=(get_language() or "en")[:2],
    )
    try:
        return open_import(order=order, file=file, at=app_now(), by=request.user)  # type: ignore[arg-type]
    except Problem as problem:
        form.add_error("file", str(problem))
        return None


def _changes(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """Return a page of what the file would do, and how many records it would change by field."""
    if not run.is_dry_run or run.job.state != JobState.DONE:
        return {}
    rows = run.changes.all()
    only = request.GET.get("only")
    if only == TWINS:
        rows = rows.exclude(twin="")
    elif only in ChangeKind.values:
        rows = rows.filter(kind=only)
    page = KeysetPaginator(rows, order="line", size=CHANGES_A_PAGE).page(request.GET.get("cursor"))
    return {
        "changes_page": page,
        "changes": read_changes(run, page.rows),
        "counts": count_by_field(run),
        "only": only if only in {TWINS, *ChangeKind.values} else "",
    }


def _undoing(run: ImportRun) -> dict[str, Any]:
    """Return how far the undo is, what it left, and whether there may be one."""
    undo = ImportUndo.objects.filter(run=run).select_related("job").first()
    result = run.job.result
    has_stored = run.job.state == JobState.DONE and not run.is_dry_run
    return {
        "undo": undo,
        "undo_waits": undo is not None and undo.job.state in _WAITING,
        "kept": kept_of(undo) if undo else [],
        "reasons": reasons_of(undo) if undo else [],
        "may_undo": has_stored
        and (undo is None or may_try_again(undo))
        and result.get("created", 0) + result.get("updated", 0) > 0,
    }


def _fields(run: ImportRun) -> list[tuple[str, Any]]:
    """Return (header of the file, what it was taken for)."""
    labels = {column.key: column.label for column in importers.get(run.kind).columns()}
    columns: list[tuple[str, str]] = run.job.result.get("columns", [])
    return [(header, labels.get(key, key)) for header, key in columns]
