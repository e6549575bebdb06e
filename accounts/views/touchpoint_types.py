"""Types of talks in the settings."""

from dataclasses import asdict
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import Direction, UserRole
from accounts.forms.touchpoint_types import TouchpointTypeForm
from accounts.models import TouchpointType, User
from accounts.querysets import reach_of
from accounts.selectors.touchpoint_types import TalkType, find_type, touchpoint_types
from accounts.services.touchpoint_types import (
    archive_touchpoint_type,
    move_touchpoint_type,
    restore_touchpoint_type,
    write_touchpoint_type,
)
from accounts.views.account_forms import form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted
from accounts.views.once import Made
from accounts.views.rates import administrators_only
from config.lib.clock import app_now
from config.lib.toasts import say

LIST = "accounts:touchpoint_type_list"


@require_safe
def touchpoint_type_list(request: HttpRequest) -> HttpResponse:
    """Show the types in their order, and the archived ones."""
    words = dict(Direction.choices)
    types = touchpoint_types()
    context = {
        "types": [(one, words[Direction(one.direction)]) for one in types if not one.is_archived],
        "archived": [one for one in types if one.is_archived],
        "may_write": reach_of(request.user).role == UserRole.ADMINISTRATOR,
    }
    return render(request, "accounts/touchpoint_type_list.html", context)


@form_methods
def touchpoint_type_new(request: HttpRequest) -> HttpResponse:
    """Add a type of one's own."""
    administrators_only(request)
    form = TouchpointTypeForm(posted(request))
    return _answer(request, "", form, pgettext("talks", "New type"))


@editing(TouchpointType)
def touchpoint_type_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what a type is called and what is usual for it; its key stays."""
    found = _type(request, key)
    form = TouchpointTypeForm(posted(request), initial=asdict(found), is_note=found.is_note)
    return _answer(request, key, form, found.label)


@require_POST
def touchpoint_type_move(request: HttpRequest, key: str) -> HttpResponse:
    """Let a type stand one place earlier or later."""
    found = _type(request, key)
    earlier = request.POST.get("way") == "earlier"
    move_touchpoint_type(key=found.key, earlier=earlier, at=app_now(), by=cast(User, request.user))
    return redirect(LIST)


@require_POST
def touchpoint_type_archive(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a type no more; the toast brings it back."""
    found = _type(request, key)
    archive_touchpoint_type(key=key, at=app_now(), by=cast(User, request.user))
    undo = reverse("accounts:touchpoint_type_unarchive", args=[key])
    say(request, _("“%(type)s” is archived. Talks keep it.") % {"type": found.label}, undo=undo)
    return redirect(LIST)


@require_POST
def touchpoint_type_unarchive(request: HttpRequest, key: str) -> HttpResponse:
    """Offer an archived type again."""
    found = _type(request, key)
    archive_touchpoint_type(key=key, archived=False, at=app_now(), by=cast(User, request.user))
    say(request, _("“%(type)s” is offered again.") % {"type": found.label})
    return redirect(LIST)


@require_POST
def touchpoint_type_restore(request: HttpRequest, key: str) -> HttpResponse:
    """Give a shipped type its original names and usual values back."""
    found = _type(request, key)
    if not found.is_shipped:
        raise Http404
    restore_touchpoint_type(key=key, at=app_now(), by=cast(User, request.user))
    say(request, _("Saved."))
    return redirect(LIST)


def _type(request: HttpRequest, key: str) -> TalkType:
    administrators_only(request)
    found = find_type(key, among=touchpoint_types())
    if found is None:
        raise Http404
    return found


def _answer(request: HttpRequest, key: str, form: Any, title: str) -> HttpResponse:
    back = reverse(LIST)
    page = FormPage(title, _("Save"), _("Types of talks"), back)

    def save(values: dict[str, Any]) -> str:
        by = cast(User, request.user)
        row = write_touchpoint_type(key=key, at=app_now(), by=by, **values)
        say(request, _("Saved."))
        return Made(back, row)

    return answer_form(request, form, page, save)
