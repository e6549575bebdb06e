"""The stakeholder map: a table that says everything, a drawing of it, and a person beside it."""

import datetime as dt
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.selectors.people_gaps import change_sentence, gap_sentences
from accounts.selectors.stakeholder_map import map_of
from config.lib.clock import app_now

CHANGES_SHOWN = 20
#: A departure may be known so long before it comes.
DAYS_AHEAD = 366
FIRST_YEAR = 1900


@require_safe
def stakeholder_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the customer's people as of a day, today unless asked otherwise."""
    at = app_now()
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    if not reach_of(request.user).covers(account, RecordKind.CONTACT):
        raise Http404
    found = map_of(account=account, user=request.user, at=at, day=_day(request))
    editable = Account.objects.open_for(request.user, RecordKind.CONTACT).filter(pk=pk).exists()
    context: dict[str, Any] = {
        "account": account,
        "map": found,
        "gaps": gap_sentences(found.gaps, found.names),
        "changes": [(change.on, change_sentence(change)) for change in found.changes],
        "shown": CHANGES_SHOWN,
        "last_day": found.today + dt.timedelta(days=DAYS_AHEAD),
        "editable": editable,
    }
    swaps = request.headers.get("HX-Target") == "map-page"
    page = "accounts/stakeholder_map_page.html" if swaps else "accounts/stakeholder_map.html"
    return render(request, page, context)


def _day(request: HttpRequest) -> dt.date | None:
    text = request.GET.get("at", "")
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= dt.MAXYEAR - 1:
        raise BadRequest
    return day
