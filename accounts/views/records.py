"""The page of any kind of record that has a list: one view for all of them."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.choices import Scope
from accounts.querysets import Reach, reach_of
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.records import (
    Question,
    columns_for,
    filters_for,
    order_asked,
    read_question,
    rows_asked,
    which_have_rows,
)
from config.lib.clock import app_now
from config.lib.formats import day, number
from config.lib.pagination import KeysetPaginator

ROWS_A_PAGE = 50
COUNTED = 1000
SIDE_BY_SIDE = 12
HIDDEN = "accounts/cells/hidden.html"


@dataclass(frozen=True)
class Tab:
    """A list beside this one."""

    label: Any
    href: str
    is_current: bool


@dataclass(frozen=True)
class Cell:
    """One value of one row, its word if it is a choice, and how it is shown."""

    field: ListColumn
    value: Any
    word: Any
    template: str


@dataclass(frozen=True)
class Row:
    """A record, the address of its page if it has one, and its cells."""

    record: Any
    href: str
    account: Any
    currency: str
    cells: list[Cell]


@dataclass(frozen=True)
class Control:
    """A filter as a form shows it: options of a choice with whether they are chosen, or bounds."""

    filter: ListFilter
    options: list[tuple[str, Any, bool]]
    value: str
    start: str
    end: str

    @property
    def input(self) -> str:
        """Return the type of its inputs."""
        return "number" if self.filter.type == "number" else "date"

    @property
    def is_short(self) -> bool:
        """Say whether its options fit side by side, so that several can be chosen."""
        return len(self.options) <= SIDE_BY_SIDE


@dataclass(frozen=True)
class Rule:
    """A rule in force, and the address of the list without it."""

    label: Any
    says: Any
    value: Any
    without: str


@require_safe
def record_list(request: HttpRequest, key: str) -> HttpResponse:
    """Show one kind of record: searched, filtered, sorted, paged by position."""
    at = app_now()
    records, reach = lists.get(key), reach_of(request.user)
    if reach.scope(records.kind) == Scope.NONE:
        raise Http404
    question = read_question(records, request.GET, reach=reach)
    rows = rows_asked(records, question, user=request.user, at=at)
    page = KeysetPaginator(rows, order=order_asked(records, question), size=ROWS_A_PAGE).page(
        request.GET.get("cursor")
    )
    count = 0 if not page.rows else rows.order_by().values("pk")[: COUNTED + 1].count()
    context = {
        "records": records,
        "tabs": tabs_for(reach, current=key),
        "question": question,
        "has_search": records.search is not None,
        "rules": _rules(request, question),
        "controls": _controls(request, records, reach),
        "choosable": columns_for(records, reach)[1:],
        "shown_keys": {column.key for column in question.columns},
        "kept": _kept(request, records),
        "rows": [_row(record, records, question, reach) for record in page.rows],
        "page": page,
        "count": count,
        "counted": COUNTED,
        "new_href": _new_href(records, reach),
        "culprits": _culprits(request, records, question, at) if not page.rows else [],
    }
    return render(request, "accounts/record_list.html", context)


def tabs_for(reach: Reach, *, current: str) -> list[Tab]:
    """Return the lists a reader may open, accounts first."""
    shown = [part for part in lists.members() if reach.scope(part.kind) != Scope.NONE]
    return [
        Tab(_("Accounts"), reverse("accounts:list"), current == "accounts"),
        *(
            Tab(
                part.label,
                reverse("accounts:record_list", kwargs={"key": part.key}),
                part.key == current,
            )
            for part in sorted(shown, key=lambda part: (part.order, part.key))
        ),
    ]


def _new_href(records: RecordList, reach: Reach) -> str:
    may_write = reach.scope(records.kind, write=True) != Scope.NONE
    return reverse(records.new_url) if records.new_url and may_write else ""


def _rules(request: HttpRequest, question: Question) -> list[Rule]:
    return [
        Rule(part.filter.label, part.says, _word(part.word), _without(request, part.parameter))
        for part in question.conditions
    ]


def _word(word: Any) -> Any:
    if isinstance(word, dt.date):
        return day(word)
    return number(word) if isinstance(word, Decimal) else word


def _kept(request: HttpRequest, records: RecordList) -> dict[str, list[tuple[str, str]]]:
    """Return what each of the two forms above a list carries on of the other, as (name, value)."""
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    columns = [pair for pair in given if pair[0] in {"columns", "sort"}]
    others = [pair for pair in given if pair[0] not in {"columns", "cursor"}]
    return {"filters": columns, "columns": [*others, ("columns", records.columns[0].key)]}


def _without(request: HttpRequest, parameter: str) -> str:
    query = request.GET.copy()
    for name in (parameter, "cursor"):
        query.pop(name, None)
    return f"?{query.urlencode()}"


def _controls(request: HttpRequest, records: RecordList, reach: Reach) -> list[Control]:
    return [
        Control(
            part,
            _options(part, request.GET.getlist(part.key)),
            request.GET.get(part.key, ""),
            request.GET.get(f"{part.key}_from", ""),
            request.GET.get(f"{part.key}_to", ""),
        )
        for part in filters_for(records, reach)
    ]


def _options(part: ListFilter, chosen: list[str]) -> list[tuple[str, Any, bool]]:
    options = [("True", _("yes")), ("False", _("no"))] if part.type == "boolean" else part.options()
    return [(str(value), word, str(value) in chosen) for value, word in options]


def _row(record: Any, records: RecordList, question: Question, reach: Reach) -> Row:
    account = getattr(record, records.account_path)
    currency = getattr(record, "currency", "") or account.currency
    cells = [_cell(record, column, account, reach) for column in question.columns]
    return Row(record, records.href(record) if records.href else "", account, currency, cells)


def _cell(record: Any, column: ListColumn, account: Any, reach: Reach) -> Cell:
    if column.policy_kind and not reach.covers(account, column.policy_kind):
        return Cell(column, None, None, HIDDEN)
    value = column.value(record)
    words = {str(option): word for option, word in column.options()}
    return Cell(column, value, words.get(str(value)), column.cell)


def _culprits(
    request: HttpRequest, records: RecordList, question: Question, at: dt.datetime
) -> list[Rule]:
    """Return the rules without any one of which there would be rows; words count as a rule."""
    without: list[tuple[Rule, Question]] = [
        (rule, replace(question, conditions=tuple(c for c in question.conditions if c is not part)))
        for part, rule in zip(question.conditions, _rules(request, question), strict=True)
    ]
    if question.text:
        words = Rule(_("Search"), "", question.text, _without(request, "q"))
        without.append((words, replace(question, text="")))
    if len(without) < 2:
        return [rule for rule, _question in without]
    found = which_have_rows(records, [asked for _rule, asked in without], user=request.user, at=at)
    return [rule for place, (rule, _question) in enumerate(without) if place in found]
