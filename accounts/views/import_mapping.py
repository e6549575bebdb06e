"""The step after the upload: which column of the file is which field."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms.imports import MappingForm
from accounts.models import ImportRun
from accounts.registry import importers
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.mappings import Look, look_into, save_mapping, understand
from accounts.services.imports.runs import preview_with
from config.lib.clock import app_now


@require_http_methods(["GET", "HEAD", "POST"])
def import_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what each column is taken for, with first cells; take what is decided and preview it."""
    runs = ImportRun.objects.visible_to(request.user).select_related("job")
    run = get_object_or_404(runs, pk=pk)
    if not run.file:
        raise Http404
    user: Any = request.user
    form = MappingForm(request.POST or None)
    look, problem = None, None
    try:
        asked = {name: request.GET.get(name, "") for name in ("sheet", "use")}
        look = look_into(run, by=user, **asked)
        if form.is_valid():
            look = _decided(request, look)
            return redirect("accounts:import_detail", pk=_preview(user, run, look, form).pk)
    except BadImportFile as error:
        problem = error
    context = {
        "run": run,
        "look": look,
        "form": form,
        "problem": problem,
        "label": importers.get(run.kind).label,
    }
    return render(request, "accounts/import_mapping.html", context)


def _decided(request: HttpRequest, look: Look) -> Look:
    """Return the file as the form says it is to be read."""
    places = [
        replace(
            place,
            key=request.POST.get(f"field-{place.number}", ""),
            is_cleared=f"clear-{place.number}" in request.POST,
        )
        for place in look.places
    ]
    beginning = "value-"
    values = {
        name.removeprefix(beginning): str(text)
        for name, text in request.POST.items()
        if name.startswith(beginning) and text
    }
    is_fill_only = "fill-only" in request.POST
    return replace(look, places=places, values=values, is_fill_only=is_fill_only)


def _preview(user: Any, run: ImportRun, look: Look, form: MappingForm) -> ImportRun:
    """Keep the mapping if it was named, and queue the preview."""
    at = app_now()
    mapping = {
        "columns": {place.header: place.key or None for place in look.places},
        "clear": [place.key for place in look.places if place.key and place.is_cleared],
        "values": dict(look.values),
        "fill_only": look.is_fill_only,
    }
    header = understand(run, mapping, sheet=look.sheet)
    if name := form.cleaned_data["name"].strip():
        save_mapping(
            name=name,
            kind=run.kind,
            header=header,
            mapping=mapping,
            is_shared=form.cleaned_data["is_shared"],
            at=at,
            by=user,
        )
    return preview_with(run=run, mapping=mapping, sheet=look.sheet, at=at, by=user)
