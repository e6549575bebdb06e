"""One form, three ways in: a page, a dialog over the page one came from, and its answer.

A view says which form, what it is called and what becomes of it; a refusal of the service stands
beside the field it is about, and what was typed is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.querysets import reach_of
from accounts.views.editing import carry_marks, edit_of, may_save
from accounts.views.once import carry_name, do_once, done_before
from config.lib.problems import Problem
from config.lib.toasts import say

PAGE, DIALOG = "accounts/record_form.html", "accounts/record_form_dialog.html"


@dataclass(frozen=True)
class FormPage:
    """What stands around a form: its title, the word on its button, and the way back.

    :param note: a sentence above the fields that says what the change does.
    :param warning: what is still open with the record, before everything else.
    :param history: the address of the changes of what the form is about.
    :param more: what else can be done with it, elsewhere: address, icon and words each.
    :param script: an ES module the fields need to help while typing; they work without it.
    """

    title: Any
    submit: Any
    crumb: Any
    back: str
    note: Any = ""
    warning: Any = ""
    script: str = ""
    history: str = ""
    more: Sequence[tuple[str, str, Any]] = ()


def history_of(row: Any) -> str:
    """Return the address of the page of a record's changes."""
    return reverse("accounts:history", args=[row._meta.model_name, row.pk])


def crumb_of(record: Any, user: Any) -> str:
    """Return the breadcrumb over a form for a record of an account."""
    return f"{reach_of(user).told(record.account)} · {record}"


def home_of(record: Any, user: Any, *, otherwise: str) -> str:
    """Return the address of the page of a record's account, or another where it is not seen."""
    account = reach_of(user).told(record.account)
    return reverse("accounts:detail", args=[account.pk]) if account.pk else otherwise


def go_home(request: HttpRequest, record: Any, *, list_key: str) -> HttpResponse:
    """Leave a record for its account, or for the list of such records where that is not seen."""
    records = reverse("accounts:record_list", kwargs={"key": list_key})
    return redirect(home_of(record, request.user, otherwise=records))


def to_change(rows: Any, request: HttpRequest, pk: int, *, kind: str = "") -> Any:
    """Return the record of `rows` with a key, for the user to change it.

    :param kind: of accounts, the kind of record the user wants to add to one.
    :raises Http404: for one they do not see.
    :raises PermissionDenied: for one they see and may not change.
    """
    mine = rows.open_for(request.user, kind) if kind else rows.editable_by(request.user)
    try:
        return mine.get(pk=pk)
    except rows.model.DoesNotExist:
        if rows.visible_to(request.user).filter(pk=pk).exists():
            raise PermissionDenied from None
        raise Http404 from None


def posted(request: HttpRequest) -> Any:
    """Return what was sent with a form, None where the form is only opened."""
    return request.POST if request.method == "POST" else None


def answer_form(
    request: HttpRequest,
    form: Any,
    page: FormPage,
    save: Callable[[dict[str, Any]], str],
    *,
    dialog: str = DIALOG,
    standing: Mapping[str, Any] | None = None,
    acts: bool = False,
) -> HttpResponse:
    """Show the form, or hand what was typed to `save`, which returns the address to go on to.

    On a view that edits a record nothing is saved where nothing was changed, nor over what
    somebody else wrote meanwhile (`config.lib.edits`).

    :param dialog: the template for a form that is asked for within a page.
    :param standing: what the record says where the form proposes something else.
    :param acts: the form does something to the record, whether or not a field was touched.
    """
    is_once = acts or not hasattr(request, "edited")
    if is_once and (target := done_before(request)):
        return go_on(request, target)
    edit = edit_of(request, form, standing=standing, acts=acts)
    if request.method == "POST" and may_save(request, form, edit):
        if edit and edit.is_unchanged:
            say(request, _("Nothing was changed."))
            return go_on(request, page.back)
        try:
            values = form.cleaned_data
            target = do_once(request, lambda: save(values)) if is_once else save(values)
        except (Problem, ValidationError) as refusal:
            note_refusal(form, refusal)
        else:
            return go_on(request, target)
    carry_marks(request, form, edit)
    if is_once:
        carry_name(form)
    template = dialog if request.htmx else PAGE  # type: ignore[attr-defined]
    return render(request, template, {"form": form, "page": page, "sections": sections_of(form)})


def go_on(request: HttpRequest, target: str) -> HttpResponse:
    """Lead to an address, whether a page or a dialog asked."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(target)
    return redirect(target)


def note_refusal(form: Any, refusal: Problem | ValidationError) -> None:
    """Put what a service refused beside the fields it is about."""
    if isinstance(refusal, ValidationError):
        faults = getattr(refusal, "error_dict", {NON_FIELD_ERRORS: [refusal]})
        for name, errors in faults.items():
            form.add_error(_field(form, [name]), errors)
        return
    for error in refusal.errors:
        form.add_error(_field(form, error.pointer.strip("/").split("/")), str(error.detail))
    if not refusal.errors:
        form.add_error(None, str(refusal))


def sections_of(form: forms.BaseForm) -> list[tuple[Any, list[forms.BoundField]]]:
    """Return the fields under the headings the form gives them, all under none without."""
    grouped = getattr(form, "sections", None)
    if grouped is None:
        return [("", list(form))]
    return [
        (title, [form[name] for name in names if name in form.fields]) for title, names in grouped
    ]


def _field(form: forms.BaseForm, parts: list[str]) -> str | None:
    return next((name for name in (".".join(parts), parts[0]) if name in form.fields), None)
