"""What the apps above may add to the pages of the customer record, and the rules that read it.

A field feeds list columns, filters, exports and segments alike; a panel stands on the account
page; a timeline source adds its events to the account's history. Members live in `fields.py`,
`panels.py` and `timeline.py` of each app and are found by `AccountsConfig.ready`.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from config.lib.registry import Registry


@dataclass(frozen=True)
class Field:
    """A value every account has, as SQL and as Python; dots in the key become `_` in SQL.

    :param type: text, number, money, boolean, date, datetime or choice.
    :param expression: the SQL value of an account at an instant.
    :param value: the same value of one account annotated by `with_fields`.
    :param stage: the app it comes from; scorecards accept segments below `scoring` only.
    """

    key: str
    type: str
    label: Any
    stage: str
    expression: Callable[[dt.datetime], Combinable]
    choices: Callable[[], Sequence[tuple[Any, Any]]] | None = None
    now_only: bool = False
    is_sortable: bool = True
    is_column: bool = True

    @property
    def alias(self) -> str:
        """Return the name of the annotation."""
        return self.key.replace(".", "_")


class Panel(Protocol):
    """A part of the account page; `context` returns None when there is nothing to show."""

    key: str
    title: Any
    column: str  # "strip", "main" or "side"
    order: int
    template: str

    def context(self, *, account: Any, user: Any, at: dt.datetime) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class TimelineSource:
    """Events of one kind; `rows` yields equal columns so that all join in one UNION ALL.

    Columns: `source` (its key), `at` (timestamptz), `pk` (bigint), `title`, `text` (text),
    `chips` (text[]), `tone` (text: empty or a band).
    """

    key: str
    label: Any
    icon: str
    rows: Callable[..., QuerySet[Any]] = field(repr=False)


fields: Registry[Field] = Registry("field")
panels: Registry[Panel] = Registry("panel")
timeline: Registry[TimelineSource] = Registry("timeline source")
