"""Forms that edit a record: one decorator holds it, one question says whether a form may be saved.

`editing` stands on a view, `Asked` on its request; `answer_form` does the rest. A view that answers
by itself asks `edit_of` and `may_save`, and its template carries `form.opened_with`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.selectors.meanwhile import LastChange, last_changes
from accounts.services.holds import hold_name, hold_record
from config.lib.edits import OPENED, Edit
from config.lib.formats import moment

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Edited:
    """What a view edits: a row, or what settings say under a name."""

    name: str
    model: Any = None
    pk: int | None = None


def editing(
    model: Any,
    *,
    row: Callable[..., int | None] | None = None,
    hold: Callable[[int], None] | None = None,
    asked: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Let a view edit a row of `model`, or what is kept of it under the words of the address.

    What is sent is compared and written in one transaction that holds the row from before the
    view reads it.

    :param row: the number of the row by the arguments of the view, `pk` unless given; without one
        the words of the address are held.
    :param hold: holds more than the row and its account.
    :param asked: parameters of the query that say which one is edited.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def edit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not kwargs and row is None:  # the same form makes a new one
                return view(request, *args, **kwargs)
            pk = row(**kwargs) if row else kwargs.get("pk")
            words = [kwargs, {name: request.GET.get(name, "") for name in asked}]
            edited = Edited(f"{model._meta.label_lower}:{words}", model, pk)
            request.edited = edited  # type: ignore[attr-defined]
            if request.method != "POST":
                return view(request, *args, **kwargs)
            with transaction.atomic():
                if pk is None:
                    hold_name(edited.name)
                else:
                    (hold or (lambda number: hold_record(model, number)))(pk)
                return view(request, *args, **kwargs)

        edit.edits = model  # type: ignore[attr-defined]
        return require_http_methods(["GET", "HEAD", "POST"])(edit)

    return decorate


def edit_of(
    request: HttpRequest,
    form: Any,
    *,
    standing: Mapping[str, Any] | None = None,
    acts: bool = False,
) -> Edit | None:
    """Return how a form compares with the record its view edits; None where it edits none.

    Ask before the form is validated: what only another changed is taken over into it.
    """
    edited: Edited | None = getattr(request, "edited", None)
    if edited is None:
        return None
    return Edit(form, of=edited.name, standing=standing, acts=acts)


def may_save(request: HttpRequest, form: Any, edit: Edit | None) -> bool:
    """Say whether a form is valid and overwrites nobody; what it would overwrite stands in it."""
    is_valid: bool = form.is_valid()
    if edit is None or not edit.conflicts:
        return is_valid
    edited: Edited = request.edited  # type: ignore[attr-defined]
    last = last_changes(edited.model, edited.pk, user=request.user) if edited.pk else {}
    form.is_overtaken = True
    for key in edit.conflicts:
        name = edit.parts[key][0]
        tell_reading(form, name, edit.words(key))
        form.add_error(name, _told(last, key))
    return False


def tell_reading(form: Any, name: str, words: str | None) -> None:
    """Let a field that was overtaken say what it reads now; None is what the reader is not told."""
    form.fields[name].reads_now = _("not shown to you") if words is None else words or _("nothing")


def carry_marks(request: HttpRequest, form: Any, edit: Edit | None, *, anew: bool = True) -> None:
    """Let a form that is shown carry what it was opened with.

    :param anew: its reader has been told what changed meanwhile; else it keeps the marks it has.
    """
    if edit is not None:
        form.opened_with = edit.marks if anew else request.POST.get(OPENED, "")


def _told(last: Mapping[str, LastChange], key: str) -> str:
    change = last.get(key) or last.get("")
    if change is None:
        return _("This was changed after you opened the form.")
    words = {
        "who": change.who,
        "through": change.through,
        "when": moment(change.at, timezone.localdate()),
    }
    if key not in last:
        words["who"] = change.who or change.through
        told = _("This was changed after you opened the form. Last change: %(who)s, %(when)s.")
    elif change.who:
        told = _("%(who)s changed this after you opened the form (%(when)s).")
    else:
        told = _("This was changed after you opened the form (%(through)s, %(when)s).")
    return told % words
