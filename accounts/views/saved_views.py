"""Saved views: keep the question on screen, rename it, share it, open the list with it."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import RecordKind, Scope
from accounts.forms.saved_views import SavedViewForm
from accounts.models import SavedView, User
from accounts.querysets import reach_of
from accounts.selectors.find import list_address, view_address
from accounts.services.saved_views import (
    ACCOUNTS,
    change_view,
    list_keys,
    open_with,
    remove_view,
    save_view,
)
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, history_of, posted, to_change
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.toasts import say

LONGEST = 4000


@require_http_methods(["GET", "HEAD", "POST"])
def view_new(request: HttpRequest) -> HttpResponse:
    """Keep a list's question under a name."""
    key, query = request.GET.get("list", ACCOUNTS), request.GET.get("query", "")[:LONGEST]
    if key not in list_keys() or not _may_keep(request):
        raise Http404
    form = SavedViewForm(posted(request), user=request.user)
    page = FormPage(_("Save this view"), _("Save"), _("Accounts"), list_address(key))

    def save(values: dict[str, Any]) -> str:
        view = save_view(
            list_key=key, query=query, owner=cast(User, request.user), at=app_now(), **values
        )
        say(request, _("The view was saved."))
        return Made(view_address(view), view)

    return answer_form(request, form, page, save)


@editing(SavedView)
def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view or change who sees it."""
    view = _own(request, pk)
    initial = {"name": view.name, "sharing": view.sharing, "team": view.team_id}
    form = SavedViewForm(posted(request), user=request.user, initial=initial)
    page = FormPage(
        _("Change the view"), _("Save"), view.name, view_address(view), history=history_of(view)
    )

    def save(values: dict[str, Any]) -> str:
        change_view(view=view, changes=values, by=cast(User, request.user), at=app_now())
        say(request, _("The view was saved."))
        return view_address(view)

    return answer_form(request, form, page, save)


@require_POST
def view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a view away."""
    view = _own(request, pk)
    remove_view(view=view, by=cast(User, request.user))
    say(request, _("The view was removed."))
    return redirect(list_address(view.list_key))


@require_POST
def view_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the list with this view from now on, or with everything again."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    if not _may_keep(request):
        raise Http404
    user, wanted = cast(User, request.user), request.POST.get("open") == "1"
    open_with(user=user, list_key=view.list_key, view=view if wanted else None)
    say(request, _("The list opens with this view.") if wanted else _("The list opens with all."))
    return redirect(view_address(view))


def _own(request: HttpRequest, pk: int) -> SavedView:
    if not _may_keep(request):
        raise Http404
    view: SavedView = to_change(SavedView.objects.all(), request, pk)
    return view


def _may_keep(request: HttpRequest) -> bool:
    return reach_of(request.user).scope(RecordKind.ACCOUNT, write=True) != Scope.NONE
