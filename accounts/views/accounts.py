"""The account page."""

import datetime as dt
import re
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from accounts.choices import RecordKind
from accounts.models import Account, DirtyAccount, Organisation
from accounts.registry import Panel, panels, timeline
from accounts.selectors import timeline_of
from accounts.selectors.attributes import attribute_fields
from accounts.selectors.lifecycle import phase_age
from accounts.selectors.quality import gaps_expression
from accounts.selectors.team import head_roles, our_side, standing_roles
from config.lib.clock import app_now

#: Instants the history can be asked for; nearer to the ends of the calendar no zone can be applied.
YEARS = range(1900, 3000)


@require_safe
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account: the panels of every app, then its history."""
    at = app_now()
    account = get_object_or_404(
        Account.objects.visible_to(request.user)
        .select_related("team", "parent", "sold_via", "billed_via")
        .prefetch_related(standing_roles())
        .with_fields("phase_since_on", *attribute_fields(), at=at)
        .annotate(
            missing=gaps_expression(at),
            is_parent_seen=Exists(
                Account.objects.visible_to(request.user).filter(pk=OuterRef("parent"))
            ),
            is_dirty=Exists(DirtyAccount.objects.filter(account=OuterRef("pk"))),
            has_children=Exists(Account.objects.filter(parent=OuterRef("pk"))),
            **_rights(request.user),
        ),
        pk=pk,
    )
    history = {"account": account, "sources": timeline.members(), **_history(request, account)}
    if request.headers.get("HX-Request"):
        return render(request, "accounts/timeline.html", history)
    today = Organisation.objects.day_of(at)
    loggable = account.archived_at is None and account.is_loggable
    context = {
        **history,
        "editable": account.is_editable,
        "loggable": loggable,
        "action_query": f"?account={pk}" if loggable else "",
        "age": phase_age(account, today=today),
        "head_roles": head_roles(our_side(account, today=today)),
        "strips": _panels("strip", account, request.user, at),
        "main": _panels("main", account, request.user, at),
        "side": _panels("side", account, request.user, at),
        "today": timezone.localdate(at),
    }
    return render(request, "accounts/account_detail.html", context)


def _rights(user: Any) -> dict[str, Exists]:
    """Say of an account whether the reader may change it, and log talks with it."""
    own = Account.objects.filter(pk=OuterRef("pk"))
    return {
        "is_editable": Exists(own.editable_by(user)),
        "is_loggable": Exists(own.open_for(user, RecordKind.TOUCHPOINT)),
    }


def _panels(column: str, account: Account, user: Any, at: dt.datetime) -> list[dict[str, Any]]:
    """Return the panels of one column in order, leaving out those with nothing to show."""
    shown: list[dict[str, Any]] = []
    members: list[Panel] = [panel for panel in panels.members() if panel.column == column]
    for panel in sorted(members, key=lambda panel: (panel.order, panel.key)):
        context = panel.context(account=account, user=user, at=at)
        if context is not None:
            shown.append({"panel": panel, **context})
    return shown


def _history(request: HttpRequest, account: Account) -> dict[str, Any]:
    only = request.GET.get("only", "")
    start = _start(request.GET.get("before", ""), request.GET.get("skip", "0"))
    if start is None or (only and only not in timeline):
        raise BadRequest
    before, skip = start
    page = timeline_of(account=account, user=request.user, before=before, skip=skip, only=only)
    return {"timeline": page, "only": only}


def _start(before: str, skip: str) -> tuple[dt.datetime | None, int] | None:
    """Read where a page of the history starts; None where no page does."""
    if not before:
        return None, 0
    try:
        instant = parse_datetime(before)
    except ValueError:
        return None
    if instant is None or instant.tzinfo is None or instant.year not in YEARS:
        return None
    return (instant, int(skip)) if re.fullmatch(r"[0-9]{1,6}", skip) else None
