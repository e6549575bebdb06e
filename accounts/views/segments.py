"""Segments: begun and changed row by row, put away and taken up, given back as shipped."""

import json
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms.segments import Block, Row, RuleRows, SegmentForm, fits, tree_words
from accounts.models import Segment, User
from accounts.selectors.rule_words import rule_sentence
from accounts.selectors.segments import Vocabulary, accounts_fitting
from accounts.services.segment_edits import (
    begin_segment,
    change_segment,
    put_away_segment,
    restore_original,
    shipped_original,
    take_up_segment,
)
from accounts.services.segments import InvalidSegment, moment_of, read_rules
from accounts.views.account_forms import form_methods
from accounts.views.editing import carry_marks, edit_of, editing, may_save, tell_reading
from accounts.views.form_pages import to_change
from accounts.views.list_parts import COUNTED, count_of
from accounts.views.once import Made, carry_name, do_once, done_before
from accounts.views.rates import administrators_only
from config.lib.clock import app_now
from config.lib.toasts import say

LIST = "accounts:lists"


@form_methods
def segment_new(request: HttpRequest) -> HttpResponse:
    """Begin a segment."""
    administrators_only(request)
    if target := done_before(request):
        return redirect(target)
    return _answer(request, None)


@editing(Segment)
def segment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a segment is called and who is in it."""
    return _answer(request, _segment(request, pk))


@require_POST
def segment_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a segment away; the toast takes it up again."""
    segment = _segment(request, pk)
    put_away_segment(segment=segment, by=cast(User, request.user), at=app_now())
    undo = reverse("accounts:segment_restore", args=[pk])
    say(request, _("The segment was archived."), undo=undo)
    return redirect(LIST)


@require_POST
def segment_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a segment up again."""
    administrators_only(request)
    segment = to_change(Segment.objects.all(), request, pk)
    try:
        take_up_segment(segment=segment, by=cast(User, request.user), at=app_now())
    except InvalidSegment as refusal:
        say(request, str(refusal))
    return redirect(LIST)


@require_POST
def segment_original(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a shipped segment its names and rules back."""
    segment = _segment(request, pk)
    restore_original(segment=segment, by=cast(User, request.user), at=app_now())
    say(request, _("The segment is as it was shipped."))
    return redirect("accounts:segment_edit", pk=pk)


def _segment(request: HttpRequest, pk: int) -> Segment:
    administrators_only(request)
    segment: Segment = to_change(Segment.objects.filter(archived_at=None), request, pk)
    return segment


def _answer(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    """Show the form with what the pressed button did to it, or save it and go back."""
    vocabulary = Vocabulary(request.user, rule=segment.rule if segment else None)
    rows = _rows(request, segment, vocabulary)
    is_saving = request.method == "POST" and request.POST.get("do") == "save"
    form = _form(request, segment, rows, vocabulary, is_saving=is_saving)
    edit = edit_of(request, form)
    if segment and edit and edit.has_marks and "rule" not in edit.touched:
        rows = _stored_rows(segment, vocabulary)
    rule: Any = segment.rule if rows is None and segment else cast(RuleRows, rows).tree()
    problem, number = _check(request, segment, rule, rows)
    if is_saving and may_save(request, form, edit) and not problem:
        if edit and edit.is_unchanged:
            say(request, _("Nothing was changed."))
        else:
            _save(request, segment, {**form.cleaned_data, "rule": rule})
        return redirect(LIST)
    if segment and edit and "rule" in edit.conflicts:
        tell_reading(form, "rule", rule_sentence(segment.rule, vocabulary))
    carry_marks(request, form, edit, anew=is_saving or request.method != "POST")
    if segment is None:
        carry_name(form)
    original = shipped_original(segment) if segment else None
    context = {
        "segment": segment,
        "form": form,
        "rows": rows,
        "words": tree_words(rule, vocabulary) if rows is None else None,
        "problem": problem,
        "number": number,
        "counted": COUNTED,
        "differs": original is not None
        and any(getattr(segment, name) != value for name, value in original.items()),
    }
    return render(request, "accounts/segment_form.html", context)


def _rows(request: HttpRequest, segment: Segment | None, vocabulary: Vocabulary) -> RuleRows | None:
    if segment is not None and not fits(segment.rule):
        return None
    if request.method == "POST":
        return RuleRows.of_post(request.POST, vocabulary)
    if segment is None:
        return RuleRows([Block(rows=[Row()])], vocabulary)
    return _stored_rows(segment, vocabulary)


def _stored_rows(segment: Segment, vocabulary: Vocabulary) -> RuleRows | None:
    return RuleRows.of_rule(segment.rule, vocabulary) if fits(segment.rule) else None


def _form(
    request: HttpRequest,
    segment: Segment | None,
    rows: RuleRows | None,
    vocabulary: Vocabulary,
    *,
    is_saving: bool,
) -> SegmentForm:
    names = ("name_en", "name_ja")
    kept: dict[str, Any] = {name: getattr(segment, name, "") for name in names}
    if segment is not None:
        kept["rule"] = _one_value(_stored_rows(segment, vocabulary))
    if is_saving:
        data = request.POST.copy()
        data["rule"] = _one_value(rows)
        return SegmentForm(data, initial=kept)
    typed: Any = request.POST if request.method == "POST" else {}
    return SegmentForm(initial=kept | {name: typed[name] for name in names if name in typed})


def _one_value(rows: RuleRows | None) -> str:
    """Return rules as one text; empty for those the page does not change."""
    return json.dumps(rows.tree(), sort_keys=True) if rows else ""


def _check(
    request: HttpRequest, segment: Segment | None, rule: Any, rows: RuleRows | None
) -> tuple[str, int]:
    """Return what is wrong with the rules, or how many accounts the reader sees fulfil them."""
    if rows is not None and rows.find_unlisted():
        return str(InvalidSegment.title), 0
    try:
        by, before = cast(User, request.user), segment.rule if segment else None
        tree = read_rules(rule, pointer="", by=by, before=before)
    except InvalidSegment as refusal:
        for fault in refusal.errors:
            if rows is None or not rows.note(fault.pointer, str(fault.detail)):
                return str(fault.detail), 0
        return str(refusal), 0
    fitting = accounts_fitting(tree, user=request.user, moment=moment_of(app_now()))
    return "", count_of(fitting)


def _save(request: HttpRequest, segment: Segment | None, values: dict[str, Any]) -> None:
    by, now = cast(User, request.user), app_now()

    def begin() -> str:
        begun = begin_segment(by=by, at=now, **values)
        say(request, _("The segment was added."))
        return Made(reverse(LIST), begun)

    if segment is None:
        do_once(request, begin)
    else:
        change_segment(segment=segment, by=by, at=now, **values)
        say(request, _("The segment was saved."))
