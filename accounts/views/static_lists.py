"""Segments and static lists: what there is, and lists begun, renamed, shared and put away."""

from typing import Any, cast

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import RecordKind, Scope, UserRole
from accounts.domain.rules import keys_of
from accounts.forms.saved_views import StaticListForm
from accounts.models import Account, ListMember, Segment, SegmentMembership, StaticList, User
from accounts.querysets import Reach, reach_of
from accounts.registry import all_fields
from accounts.selectors.records import ARCHIVED
from accounts.services.static_lists import archive_list, change_list, create_list, restore_list
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, history_of, posted, to_change
from accounts.views.list_parts import tabs_for
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.toasts import say


@require_safe
def static_lists(request: HttpRequest) -> HttpResponse:
    """Show the lists the reader sees and every segment, with how many of their accounts fit."""
    reach = reach_of(request.user)
    is_archived = request.GET.get(ARCHIVED) == "1"
    seen = Account.objects.visible_to(request.user).unarchived().values("pk")
    lists = StaticList.objects.visible_to(request.user).filter(archived_at__isnull=not is_archived)
    members = ListMember.objects.filter(list=OuterRef("pk"), account__in=seen)
    inside = SegmentMembership.objects.filter(
        segment=OuterRef("pk"), left_at=None, account__in=seen
    )
    segments = (
        Segment.objects.visible_to(request.user)
        .filter(archived_at__isnull=not is_archived)
        .annotate(seen=_number(inside, "segment"))
    )
    context = {
        "tabs": tabs_for(reach, current="lists"),
        "lists": lists.select_related("owner", "team")
        .annotate(seen=_number(members, "list"))
        .order_by("name", "pk"),
        "segments": _told(segments.order_by("pk"), reach),
        "is_archived": is_archived,
        "may_keep": _may_keep(request),
        "may_segment": reach_of(request.user).role == UserRole.ADMINISTRATOR,
    }
    return render(request, "accounts/static_list_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def static_list_new(request: HttpRequest) -> HttpResponse:
    """Begin an empty list."""
    if not _may_keep(request):
        raise Http404
    form = StaticListForm(posted(request), user=request.user)
    back = reverse("accounts:lists")
    page = FormPage(_("New list"), _("Save"), _("Segments and lists"), back)

    def save(values: dict[str, Any]) -> str:
        row = create_list(owner=cast(User, request.user), at=app_now(), **values)
        say(request, _("The list was begun. Pick accounts and add them to it."))
        return Made(back, row)

    return answer_form(request, form, page, save)


@editing(StaticList)
def static_list_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a list or change who sees it."""
    row = _own(request, pk)
    initial = {name: getattr(row, name) for name in ("name", "note", "sharing")}
    form = StaticListForm(
        posted(request), user=request.user, initial={**initial, "team": row.team_id}
    )
    back = reverse("accounts:lists")
    page = FormPage(_("Change the list"), _("Save"), row.name, back, history=history_of(row))

    def save(values: dict[str, Any]) -> str:
        change_list(row=row, changes=values, by=cast(User, request.user), at=app_now())
        say(request, _("The list was changed."))
        return back

    return answer_form(request, form, page, save)


@require_POST
def static_list_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a list away."""
    row = _own(request, pk)
    archive_list(row=row, by=cast(User, request.user), at=app_now())
    undo = reverse("accounts:list_restore", args=[pk])
    say(request, _("The list was archived."), undo=undo)
    return redirect("accounts:lists")


@require_POST
def static_list_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a list up again."""
    restore_list(row=_own(request, pk), by=cast(User, request.user), at=app_now())
    return redirect("accounts:lists")


def _number(rows: QuerySet[Any], of: str) -> Coalesce:
    counted = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _told(segments: QuerySet[Segment], reach: Reach) -> list[Any]:
    """Leave out how many fit where the number would tell of records the reader does not see."""
    open_keys = {field.key for field in all_fields() if reach.covers_wherever(field.kind)}
    found: list[Any] = list(segments)
    for segment in found:
        if not keys_of(segment.rule) <= open_keys:
            segment.seen = None
    return found


def _own(request: HttpRequest, pk: int) -> StaticList:
    if not _may_keep(request):
        raise Http404
    row: StaticList = to_change(StaticList.objects.all(), request, pk)
    return row


def _may_keep(request: HttpRequest) -> bool:
    return reach_of(request.user).scope(RecordKind.ACCOUNT, write=True) != Scope.NONE
