"""What a list of records is asked for, read from an address: words, rules, columns and order.

One reading serves the page, its export and a saved view, so all three show the same rows. What
can't be read is told as a fault and left out; nothing is guessed.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import IntegerField, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Scope
from accounts.querysets import Reach
from accounts.registry import ListColumn, ListFilter, RecordList
from config.lib.formats import listed
from config.lib.problems import FieldError, Problem

LONGEST = 200
#: The parameter that asks for what was archived.
ARCHIVED = "archived"
#: Days nearer to the ends of the calendar can't be put into every zone.
YEARS = range(1900, 3000)
_DIGITS = Decimal(10) ** 15


class UnknownOrder(Problem):
    """The list has no such column, or can't be sorted by it."""

    code = "unknown_order"
    title = _("The list can't be sorted this way.")


@dataclass(frozen=True)
class Condition:
    """A rule in force; `parameter` is what holds it in the address, `word` its value as read."""

    filter: ListFilter
    parameter: str
    operator: str
    lookup: str
    value: Any
    word: Any

    @property
    def says(self) -> Any:
        """Return the word between the field and the value."""
        return _OPERATORS[self.operator]

    @property
    def values(self) -> Sequence[Any]:
        """Return what the field may be: one value or several."""
        return self.value if self.operator == "any" else [self.value]


_OPERATORS: dict[str, Any] = {
    "is": pgettext_lazy("rule", "is"),
    "any": pgettext_lazy("rule", "is one of"),
    "from": pgettext_lazy("rule", "from"),
    "to": pgettext_lazy("rule", "up to"),
    "contains": pgettext_lazy("rule", "contains"),
}


@dataclass(frozen=True)
class Question:
    """What was asked for; `sort` is the key of a column, with a minus for descending.

    `is_archived` asks for what was archived instead of what was not.
    """

    text: str
    conditions: tuple[Condition, ...]
    columns: tuple[ListColumn, ...]
    sort: str
    faults: tuple[FieldError, ...] = ()
    is_archived: bool = False


def columns_for(record_list: RecordList, reach: Reach) -> list[ListColumn]:
    """Return the columns a reader may see; one hidden in some of the rows can't sort them."""
    return [
        column
        if shows_everywhere(column.policy_kind, record_list, reach)
        else replace(column, is_sortable=False)
        for column in record_list.columns
        if reach.scope(column.policy_kind or record_list.kind) != Scope.NONE
    ]


def filters_for(record_list: RecordList, reach: Reach) -> list[ListFilter]:
    """Return the questions a reader may ask: an answer must not tell what a cell would hide."""
    return [part for part in record_list.filters if shows_everywhere(part.kind, record_list, reach)]


def shows_everywhere(kind: str, record_list: RecordList, reach: Reach) -> bool:
    """Say whether whoever sees a row sees its values of a kind, too."""
    own = reach.scope(record_list.kind)
    return kind in {"", record_list.kind} or reach.scope(kind) in {Scope.ALL, own}


def read_question(record_list: RecordList, parameters: QueryDict, *, reach: Reach) -> Question:
    """Read what a list is asked for by an address.

    A saved view may have been kept before its column went away, or by somebody who sees more; its
    order is left out like any other part, or the list would open no more.

    :raises UnknownOrder: for an order the list does not have.
    """
    conditions: list[Condition] = []
    faults: list[FieldError] = []
    for part in filters_for(record_list, reach):
        for found in _conditions(part, parameters):
            (conditions if isinstance(found, Condition) else faults).append(found)  # type: ignore[arg-type]
    offered = columns_for(record_list, reach)
    try:
        sort = _sort(record_list, offered, parameters.get("sort", ""))
    except UnknownOrder:
        if "view" not in parameters:
            raise
        sort = _sort(record_list, offered, "")
        faults.append(FieldError("/sort", UnknownOrder.title))
    return Question(
        parameters.get("q", "").replace("\0", " ").strip()[:LONGEST],
        tuple(conditions),
        _chosen_columns(offered, parameters),
        sort,
        tuple(faults),
        record_list.archived is not None and parameters.get(ARCHIVED) == "1",
    )


def rows_asked(
    record_list: RecordList, question: Question, *, user: Any, at: dt.datetime
) -> QuerySet[Any]:
    """Return the rows that answer a question, without an order."""
    source = record_list.archived if question.is_archived else None
    rows = (source or record_list.rows)(user=user, at=at)
    if record_list.search and question.text:
        rows = record_list.search(rows, question.text, user=user)
    for part in question.conditions:
        if part.filter.keeps is not None:
            rows = part.filter.keeps(rows, part.values, at=at)
            continue
        asked = {part.lookup: part.value}
        if part.filter.accounts is not None:
            accounts = part.filter.accounts(values=part.values, user=user, at=at)
            asked = {f"{record_list.account_path}__in": accounts}
        rows = rows.filter(**asked)
    for column in question.columns:
        rows = rows if column.prepare is None else column.prepare(rows, at=at)
    return rows


def which_have_rows(querysets: Sequence[QuerySet[Any]]) -> set[int]:
    """Return the places of the querysets that hold a row at all, in one statement."""
    first, *others = [
        rows.order_by().values(place=Value(place, IntegerField()))[:1]
        for place, rows in enumerate(querysets)
    ]
    return {row["place"] for row in first.union(*others, all=True)}


def order_asked(record_list: RecordList, question: Question) -> str:
    """Return the path the database sorts by, with a minus for descending."""
    key = question.sort.removeprefix("-")
    column = next(column for column in record_list.columns if column.key == key)
    return ("-" if question.sort.startswith("-") else "") + column.order


def _chosen_columns(offered: list[ListColumn], parameters: QueryDict) -> tuple[ListColumn, ...]:
    """Return the columns named by `?columns=a,b` or `?columns=a&columns=b`; the first one stays."""
    wanted = {key for value in parameters.getlist("columns") for key in value.split(",")}
    known = wanted & {column.key for column in offered}
    return tuple(
        column
        for place, column in enumerate(offered)
        if place == 0 or (column.key in known if known else column.is_default)
    )


def _sort(record_list: RecordList, offered: list[ListColumn], asked: str) -> str:
    sortable = [column.key for column in offered if column.is_sortable]
    sort = asked or record_list.default_sort
    if sort.removeprefix("-") in sortable:
        return sort
    if asked or not sortable:
        raise UnknownOrder
    return sortable[0]


def _conditions(part: ListFilter, parameters: QueryDict) -> Iterator[Condition | FieldError]:
    if part.is_range:
        for operator in ("from", "to"):
            name = f"{part.key}_{operator}"
            if raw := parameters.get(name, "").strip():
                yield _bound(part, name, operator, raw)
    elif values := [value for value in parameters.getlist(part.key) if value.strip()]:
        yield _value(part, values)


def _bound(part: ListFilter, name: str, operator: str, raw: str) -> Condition | FieldError:
    value = _number(raw) if part.type == "number" else _day(raw)
    if value is None:
        return FieldError(f"/{name}", _WRONG[part.type])
    lookup, bound = {"from": "gte", "to": "lte"}[operator], value
    if part.type == "datetime" and isinstance(value, dt.date):
        lookup, bound = ("gte", _start(value)) if operator == "from" else ("lt", _end(value))
    return Condition(part, name, operator, f"{part.path}__{lookup}", bound, value)


def _start(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _end(day: dt.date) -> dt.datetime:
    return _start(day + dt.timedelta(days=1))


def _value(part: ListFilter, values: list[str]) -> Condition | FieldError:
    if part.type == "text":
        text = values[0].replace("\0", " ").strip()[:LONGEST]
        return Condition(part, part.key, "contains", f"{part.path}__icontains", text, text)
    options = _YES_NO if part.type == "boolean" else part.options()
    known = {str(value): (value, word) for value, word in options}
    if not set(values) <= known.keys():
        return FieldError(f"/{part.key}", _WRONG["choice"])
    chosen = [known[value] for value in dict.fromkeys(values)]
    if len(chosen) == 1:
        return Condition(part, part.key, "is", part.path, *chosen[0])
    words = listed(word for _value, word in chosen)
    return Condition(
        part, part.key, "any", f"{part.path}__in", [value for value, _word in chosen], words
    )


_YES_NO = [(True, _("yes")), (False, _("no"))]
_WRONG = {
    "choice": _("This is not one of the values there are."),
    "date": _("A date such as 2026-04-01 is expected here."),
    "datetime": _("A date such as 2026-04-01 is expected here."),
    "number": _("A number is expected here."),
}


def _day(raw: str) -> dt.date | None:
    try:
        day = parse_date(raw)
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def _number(raw: str) -> Decimal | None:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _DIGITS else None
