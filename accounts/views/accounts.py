"""The account list and the account page."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from accounts.choices import RecordKind, Scope
from accounts.forms import AccountFilterForm
from accounts.models import Account, Organisation
from accounts.querysets import AccountQuerySet, Reach, reach_of
from accounts.registry import Field, Panel, all_fields, field_of, panels, timeline
from accounts.selectors import timeline_of
from accounts.selectors.attributes import attribute_fields
from accounts.selectors.lifecycle import phase_age
from accounts.selectors.quality import gaps_expression
from accounts.selectors.team import head_roles, our_side, standing_roles
from accounts.views.records import tabs_for
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator

ACCOUNTS_A_PAGE = 50
COUNTED = 1000
#: Instants the history can be asked for; nearer to the ends of the calendar no zone can be applied.
YEARS = range(1900, 3000)
HIDDEN = "accounts/cells/text.html"


@dataclass(frozen=True)
class Cell:
    """One value of one account in the list, its word if it is a choice, and how it is shown."""

    field: Field
    value: Any
    word: Any
    template: str


@dataclass(frozen=True)
class Rule:
    """A filter in force, and the address of the list without it."""

    label: Any
    value: Any
    without: str


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Show the accounts the user may see, filtered, sorted and paged by position."""
    at = app_now()
    reach = reach_of(request.user)
    columns = _columns(reach)
    form = AccountFilterForm(request.GET, user=request.user)
    accounts = Account.objects.visible_to(request.user).unarchived()
    if form.is_valid():
        accounts = _filtered(accounts, form, user=request.user, at=at)
    accounts = accounts.with_fields(*(column.key for column in columns), at=at)
    sort = _sort(request.GET.get("sort", ""), columns)
    field = field_of(sort.removeprefix("-"))
    order = ("-" if sort.startswith("-") else "") + field.alias
    page = KeysetPaginator(accounts, order=order, size=ACCOUNTS_A_PAGE).page(
        request.GET.get("cursor")
    )
    context = {
        "form": form,
        "rules": _rules(request, form),
        "columns": columns,
        "sort": sort,
        "rows": _rows(page.rows, columns, reach),
        "page": page,
        "count": _count(accounts),
        "counted": COUNTED,
        "tabs": tabs_for(reach, current="accounts"),
    }
    return render(request, "accounts/account_list.html", context)


def _columns(reach: Reach) -> list[Field]:
    """Return the columns a user may see; one hidden in some of the rows can't sort them."""
    shown = [
        field
        for field in all_fields()
        if field.order is not None and reach.scope(field.kind) != Scope.NONE
    ]
    return [
        field if reach.covers_wherever(field.kind) else replace(field, is_sortable=False)
        for field in sorted(shown, key=lambda field: (field.order, field.key))
    ]


def _filtered(
    accounts: AccountQuerySet, form: AccountFilterForm, *, user: Any, at: dt.datetime
) -> AccountQuerySet:
    chosen = form.chosen()
    for kind in {rule.kind for rule, _, _ in chosen}:
        accounts = accounts.showing(user, kind)
    accounts = accounts.with_fields(*(rule.key for rule, _, _ in chosen), at=at)
    accounts = accounts.filter(**{rule.alias: value for rule, value, _ in chosen})
    if not any(rule.key == "status" for rule, _, _ in chosen):
        accounts = accounts.active()
    return accounts.search(form.cleaned_data["q"])


def _sort(asked: str, columns: list[Field]) -> str:
    sortable = [column.key for column in columns if column.is_sortable]
    if not asked:
        return sortable[0]
    if asked.removeprefix("-") not in sortable:
        raise BadRequest
    return asked


def _rules(request: HttpRequest, form: AccountFilterForm) -> list[Rule]:
    if not form.is_valid():
        return []
    rules = []
    for field, _, label in form.chosen():
        query = request.GET.copy()
        query.pop("cursor", None)
        query.pop(field.key, None)
        rules.append(Rule(field.label, label, f"?{query.urlencode()}"))
    return rules


def _rows(
    accounts: list[Account], columns: list[Field], reach: Reach
) -> list[tuple[Account, list[Cell]]]:
    words = {column.key: dict(column.choices()) for column in columns if column.choices is not None}
    return [
        (account, [_cell(account, column, words.get(column.key, {}), reach) for column in columns])
        for account in accounts
    ]


def _cell(account: Account, column: Field, words: dict[Any, Any], reach: Reach) -> Cell:
    if not reach.covers(account, column.kind):
        return Cell(column, None, None, HIDDEN)
    value = getattr(account, column.alias)
    template = column.template or f"accounts/cells/{column.type}.html"
    word = words.get(value) if words else None
    return Cell(column, value, word, template)


def _count(accounts: AccountQuerySet) -> int:
    return accounts.order_by().values("pk")[: COUNTED + 1].count()


@require_safe
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account: the panels of every app, then its history."""
    at = app_now()
    account = get_object_or_404(
        Account.objects.visible_to(request.user)
        .select_related("team", "parent", "sold_via")
        .prefetch_related(standing_roles())
        .with_fields("last_two_way_at", "phase_since_on", *attribute_fields(), at=at)
        .annotate(
            missing=gaps_expression(at),
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
