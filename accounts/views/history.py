"""Who changed what: a page for every record, and one over everything for who answers for it."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.querysets import by_user, may_answer_for_privacy, reach_of
from accounts.registry import Audited, audited, audited_pages
from accounts.selectors.change_words import lines, trail_label
from accounts.selectors.changes import Asked, all_trails, changes
from accounts.selectors.record_history import (
    private_columns,
    private_everywhere,
    trails_of,
    trails_of_models,
)
from config.lib.row_ids import is_row_id

LINES_A_PAGE = 50
#: Days nearer to the ends of the calendar can't be put into every zone.
YEARS = range(1900, 3000)


@require_safe
def record_history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show who changed a record, from what to what, to whoever sees the record."""
    if kind not in audited or not (record := audited.get(kind)).allows(request.user):
        raise Http404
    rows: Any = record.model.objects.visible_to(request.user)
    if record.account_path:
        rows = rows.select_related(record.account_path)
    row = get_object_or_404(rows, pk=pk)
    trails = trails_of(kind, record, row, user=request.user)
    page = changes(trails, Asked(number=pk), cursor=request.GET.get("cursor"), size=LINES_A_PAGE)
    private = private_columns(kind, record, row, user=request.user)
    context = {
        "record": record.title(row, request.user),
        "kind_label": capfirst(str(record.model._meta.verbose_name)),
        "href": record.href(row) if record.href else _home(record, row, request.user),
        "page": page,
        "lines": lines(page.rows, trails, user=request.user, private=private, own=kind),
    }
    return render(request, "accounts/record_history.html", context)


@require_safe
def settings_history(request: HttpRequest, key: str) -> HttpResponse:
    """Show who changed what on a page of settings, to whoever opens that page."""
    if key not in audited_pages or not (page := audited_pages.get(key)).allows(request.user):
        raise Http404
    trails = trails_of_models(page.models)
    found = changes(trails, Asked(), cursor=request.GET.get("cursor"), size=LINES_A_PAGE)
    context = {
        "record": page.title,
        "kind_label": "",
        "href": reverse(page.url_name),
        "page": found,
        "lines": lines(found.rows, trails, user=request.user),
    }
    return render(request, "accounts/record_history.html", context)


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """Show every change of the organisation, by kind, person and day."""
    if not may_answer_for_privacy(request.user):
        raise PermissionDenied
    every = all_trails()
    kind = request.GET.get("kind", "")
    trails = [trail for trail in every if trail.key == kind] or every
    person = request.GET.get("user", "")
    asked = Asked(
        user=int(person) if is_row_id(person) else None,
        since=_start(request.GET.get("from", "")),
        until=_start(request.GET.get("to", ""), days=1),
    )
    page = changes(trails, asked, cursor=request.GET.get("cursor"), size=LINES_A_PAGE)
    context = {
        "page": page,
        "lines": lines(
            page.rows, trails, user=request.user, private=private_everywhere(request.user)
        ),
        "kind": kind,
        "person": person,
        "kinds": sorted(
            ((trail.key, trail_label(trail.model)) for trail in every), key=lambda pair: pair[1]
        ),
        "people": User.objects.order_by(*by_user()),
    }
    return render(request, "accounts/audit_list.html", context)


def _home(record: Audited, row: Any, user: Any) -> str:
    """Return the page of the record's account where the record has none of its own."""
    if not record.account_path:
        return ""
    parent = audited.get("account").href
    account = reach_of(user).told(getattr(row, record.account_path))
    return parent(account) if parent and account.pk else ""


def _start(raw: str, *, days: int = 0) -> dt.datetime | None:
    """Return the beginning of a day in the reader's zone; None for what is no day."""
    try:
        day = parse_date(raw)
    except ValueError:
        return None
    if day is None or day.year not in YEARS:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time.min))
