"""Measures in the settings: the built-in ones, and those the organisation makes itself."""

from dataclasses import replace
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Account, User
from accounts.querysets import reach_of
from accounts.views.account_forms import form_methods
from accounts.views.editing import carry_marks, edit_of, editing, may_save
from accounts.views.form_pages import history_of, note_refusal, posted, sections_of, to_change
from accounts.views.once import Made, carry_name, do_once, done_before
from config.lib.clock import app_now
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.forms.metrics import MetricForm
from scoring.models import CustomMetric
from scoring.querysets import JudgingQuerySet
from scoring.registry import metrics
from scoring.selectors.metric_previews import Preview, preview_metric
from scoring.selectors.metric_texts import in_words, value_in
from scoring.services.custom_metrics import (
    archive_metric,
    change_metric,
    create_metric,
    is_used,
    read_spec,
    used_among,
)

LIST = "scoring:metric_list"


def judges(user: Any) -> bool:
    """Say whether the user may change how customers are judged."""
    return reach_of(user).role in JudgingQuerySet.writers


def judges_only(request: HttpRequest) -> None:
    """Refuse everybody who may not change how customers are judged.

    :raises PermissionDenied: for any other role.
    """
    if not judges(request.user):
        raise PermissionDenied


@require_safe
def metric_list(request: HttpRequest) -> HttpResponse:
    """Show the organisation's own measures, the archived ones and the built-in ones."""
    rows = list(CustomMetric.objects.visible_to(request.user).order_by("key"))
    used = used_among([*metrics, *(row.key for row in rows)])
    own = [(row, in_words(row), row.key in used) for row in sorted(rows, key=str)]
    context = {
        "own": [part for part in own if part[0].archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
        "built_in": sorted(
            ((metric, key in used) for key, metric in metrics.items()),
            key=lambda pair: str(pair[0].label).casefold(),
        ),
        "may_write": judges(request.user),
    }
    return render(request, "scoring/metric_list.html", context)


@form_methods
def metric_new(request: HttpRequest) -> HttpResponse:
    """Make a measure, after a look at what it would say."""
    judges_only(request)
    form = MetricForm(posted(request))

    def save() -> str:
        metric = create_metric(
            key=form.cleaned_data["key"],
            spec=form.spec(),
            by=cast(User, request.user),
            at=app_now(),
            **form.presentation(),
        )
        say(request, _("The measure was added. Its values come with the next computation."))
        return Made(reverse(LIST), metric)

    if target := done_before(request):
        return redirect(target)
    return _answer(request, form, save, _("New measure"), _("Add measure"))


@editing(CustomMetric)
def metric_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a measure; what it counts only while no scorecard names it."""
    judges_only(request)
    metric = to_change(CustomMetric.objects.all(), request, pk)
    is_frozen = is_used(metric.key)
    form = MetricForm(posted(request), metric=metric, frozen=is_frozen)

    def save() -> str:
        changes = form.presentation() | ({} if is_frozen else {"spec": form.spec()})
        change_metric(metric=metric, changes=changes, by=cast(User, request.user), at=app_now())
        say(request, _("The measure was saved."))
        return reverse(LIST)

    note = _("A scorecard uses this measure, so what it counts stays.") if is_frozen else ""
    return _answer(request, form, save, str(metric), _("Save"), note, history_of(metric))


@require_POST
def metric_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a measure out of use; the toast brings it back."""
    judges_only(request)
    metric = to_change(CustomMetric.objects.all(), request, pk)
    try:
        archive_metric(metric=metric, by=cast(User, request.user), at=app_now())
    except Problem as refusal:
        say(request, str(refusal))
        return redirect(LIST)
    undo = reverse("scoring:metric_restore", args=[pk])
    say(request, _("The measure was archived."), undo=undo)
    return redirect(LIST)


@require_POST
def metric_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a measure back into use."""
    judges_only(request)
    metric = to_change(CustomMetric.objects.all(), request, pk)
    archive_metric(metric=metric, archived=False, by=cast(User, request.user), at=app_now())
    say(request, _("The measure is back."))
    return redirect(LIST)


def _answer(
    request: HttpRequest,
    form: MetricForm,
    save: Any,
    title: str,
    submit: str,
    note: str = "",
    history: str = "",
) -> HttpResponse:
    """Show the form, its preview where that is asked for, or save."""
    preview: Preview | None = None
    edit, is_preview = edit_of(request, form), "preview" in request.POST
    if request.method == "POST" and may_save(request, form, None if is_preview else edit):
        try:
            if is_preview:
                preview = _preview(request, form)
            elif edit and edit.is_unchanged:
                say(request, _("Nothing was changed."))
                return redirect(LIST)
            else:
                return redirect(save() if edit else do_once(request, save))
        except Problem as refusal:
            note_refusal(form, _at_fields(refusal))
    carry_marks(request, form, edit, anew=not is_preview)
    if edit is None:
        carry_name(form)
    unit = form.data.get("unit") or form.initial.get("unit") or "count"
    context = {
        "form": form,
        "sections": sections_of(form),
        "title": title,
        "submit": submit,
        "note": note,
        "history": history,
        "preview": preview,
        "shown": _shown(preview, str(unit)) if preview else None,
    }
    return render(request, "scoring/metric_form.html", context)


def _preview(request: HttpRequest, form: MetricForm) -> Preview | None:
    at = app_now()
    spec, meaning = read_spec(form.spec(), at=at)
    account = form.tried_on(Account.objects.visible_to(request.user))
    if form.errors:
        return None
    return preview_metric(spec, meaning, user=request.user, at=at, account=account)


def _shown(preview: Preview, unit: str) -> dict[str, Any]:
    """Return the figures of a preview as the page writes them."""
    return {
        "bars": [(bar, value_in(unit, bar.low), value_in(unit, bar.high)) for bar in preview.bars],
        "low": value_in(unit, preview.low),
        "middle": value_in(unit, preview.middle),
        "high": value_in(unit, preview.high),
        "reading": value_in(unit, preview.reading.x) if preview.reading else "",
    }


def _at_fields(refusal: Problem) -> Problem:
    """Let faults of the spec stand beside its fields."""
    errors = [
        replace(error, pointer=error.pointer.removeprefix("/spec")) for error in refusal.errors
    ]
    return Problem(str(refusal), errors=errors)
