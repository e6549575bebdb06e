"""What stands around the rows of any list: tabs, views, rules, controls, columns, the way out."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, Scope
from accounts.models import SavedView
from accounts.querysets import Reach, reach_of
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from accounts.selectors.find import views_of
from accounts.selectors.records import ARCHIVED, Question, columns_for, filters_for, which_have_rows
from config.lib.formats import day, number

ROWS_A_PAGE = 50
COUNTED = 1000
SIDE_BY_SIDE = 12
HIDDEN = "accounts/cells/hidden.html"
NO_VIEW = "0"


@dataclass(frozen=True)
class Tab:
    """A list beside this one, or a saved view of it."""

    label: Any
    href: str
    is_current: bool


@dataclass(frozen=True)
class Cell:
    """One value of one row, its word if it is a choice, its template and its classes.

    `beside` holds what else of the row the template reads.
    """

    field: ListColumn
    value: Any
    word: Any
    template: str
    css: str
    beside: Mapping[str, Any]


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
class Order:
    """A column rows can be sorted by, and the addresses of both ways."""

    label: Any
    rising: str
    falling: str
    current: str


@dataclass(frozen=True)
class Rule:
    """A rule in force, and the address of the list without it."""

    label: Any
    says: Any
    value: Any
    without: str


def saved_views(request: HttpRequest, list_key: str) -> list[SavedView]:
    """Return the views of a list that the reader sees; `is_opened` marks theirs to begin with."""
    return [view for view in views_of(request.user) if view.list_key == list_key]


def opening(request: HttpRequest, views: list[SavedView]) -> str:
    """Return the question a list opens with where none was asked, empty for none."""
    opened = [view for view in views if view.is_opened and not request.GET]  # type: ignore[attr-defined]
    return f"?{opened[0].query}&view={opened[0].pk}" if opened else ""


def around(
    request: HttpRequest,
    records: RecordList,
    question: Question,
    path: str,
    views: list[SavedView],
) -> dict[str, Any]:
    """Return what a list's template needs beside its rows."""
    reach = reach_of(request.user)
    chosen = request.GET.get("view", "")
    return {
        "records": records,
        "path": path,
        "tabs": tabs_for(reach, current=records.key),
        "views": _view_tabs(views, path, chosen),
        "view": next((view for view in views if str(view.pk) == chosen), None),
        "may_keep": reach.scope(RecordKind.ACCOUNT, write=True) != Scope.NONE,
        "may_add": reach.adds_accounts,
        "question": question,
        "has_search": records.search is not None,
        "rules": _rules(request, question),
        "controls": _controls(request, records, reach),
        "orders": _orders(request, question),
        "choosable": columns_for(records, reach)[1:],
        "shown_keys": {column.key for column in question.columns},
        "kept": _kept(request, records),
        "counted": COUNTED,
        "archive_href": _turned(request, question) if records.archived else "",
    }


def tabs_for(reach: Reach, *, current: str) -> list[Tab]:
    """Return the lists a reader may open, accounts first."""
    shown = [part for part in lists.members() if reach.scope(part.kind) != Scope.NONE]
    shown.sort(key=lambda part: (part.order, part.key))
    return [
        Tab(_("Accounts"), reverse("accounts:list"), current == "accounts"),
        *(
            Tab(
                part.label,
                reverse("accounts:record_list", kwargs={"key": part.key}),
                part.key == current,
            )
            for part in shown
        ),
        Tab(_("Segments and lists"), reverse("accounts:lists"), current == "lists"),
    ]


def _orders(request: HttpRequest, question: Question) -> list[Order]:
    key = question.sort.removeprefix("-")
    way = "falling" if question.sort.startswith("-") else "rising"
    return [
        Order(
            column.label,
            _sorted_by(request, column.key),
            _sorted_by(request, f"-{column.key}"),
            way if column.key == key else "",
        )
        for column in question.columns
        if column.is_sortable
    ]


def _sorted_by(request: HttpRequest, sort: str) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    query["sort"] = sort
    return f"?{query.urlencode()}"


def _view_tabs(views: list[SavedView], path: str, chosen: str) -> list[Tab]:
    tabs = [
        Tab(view.name, f"{path}?{view.query}&view={view.pk}", chosen == str(view.pk))
        for view in views
    ]
    is_alone = not any(tab.is_current for tab in tabs)
    return [Tab(_("All"), f"{path}?view={NO_VIEW}", is_alone), *tabs]


def count_of(rows: QuerySet[Any]) -> int:
    """Return how many rows there are, at most one more than is counted."""
    return rows.order_by().values("pk")[: COUNTED + 1].count()


def cell_of(
    record: Any, column: ListColumn, account: Any, reach: Reach, words: Any, css: str
) -> Cell:
    """Return a cell; one of a kind the reader may not see at the account says just that."""
    if column.policy_kind and not reach.covers(account, column.policy_kind):
        return Cell(column, None, None, HIDDEN, css, {})
    value = column.value(record)
    word = words[column.key].get(str(value)) if column.key in words else None
    beside = {name: getattr(record, path) for name, path in column.beside.items()}
    return Cell(column, value, word, column.cell, css, beside)


def words_of(columns: tuple[ListColumn, ...]) -> dict[str, dict[str, Any]]:
    """Return the words of every choice among the columns, looked up once a page."""
    return {
        column.key: {str(value): word for value, word in column.options()}
        for column in columns
        if column.choices is not None
    }


def culprits_of(
    request: HttpRequest,
    question: Question,
    rows: Callable[[Question], QuerySet[Any]],
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
    found = which_have_rows([rows(asked) for _rule, asked in without])
    return [rule for place, (rule, _question) in enumerate(without) if place in found]


def _rules(request: HttpRequest, question: Question) -> list[Rule]:
    return [
        Rule(part.filter.label, part.says, _word(part.word), _without(request, part.parameter))
        for part in question.conditions
    ]


def _word(word: Any) -> Any:
    if isinstance(word, dt.date):
        return day(word)
    return number(word) if isinstance(word, Decimal) else word


def _turned(request: HttpRequest, question: Question) -> str:
    """Return the address of what was archived, or from there of what was not."""
    query = request.GET.copy()
    for name in (ARCHIVED, "cursor", "view"):
        query.pop(name, None)
    if not question.is_archived:
        query[ARCHIVED] = "1"
    return f"?{query.urlencode() or 'view=' + NO_VIEW}"


def _without(request: HttpRequest, parameter: str) -> str:
    query = request.GET.copy()
    for name in (parameter, "cursor"):
        query.pop(name, None)
    return f"?{query.urlencode()}"


def _kept(request: HttpRequest, records: RecordList) -> dict[str, list[tuple[str, str]]]:
    """Return what each of the two forms above a list carries on of the other, as (name, value)."""
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    columns = [pair for pair in given if pair[0] in {"columns", "sort", "view", ARCHIVED}]
    others = [pair for pair in given if pair[0] not in {"columns", "cursor"}]
    return {"filters": columns, "columns": [*others, ("columns", records.columns[0].key)]}


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
