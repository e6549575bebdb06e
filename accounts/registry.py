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

from accounts.choices import RecordKind
from accounts.domain.import_columns import Column
from config.lib.registry import Registry


@dataclass(frozen=True)
class Field:
    """A value every account has, as SQL and as Python; dots in the key become `_` in SQL.

    :param type: text, number, money, boolean, date, datetime, choice, or a type of its own
        with a template.
    :param expression: the SQL value of an account at an instant.
    :param column: the plain column of `Account` this is, if it is one.
    :param order: place among the columns the account list shows by default; None for none.
    :param template: how a cell shows it; by default the template of its type.
    :param needs: keys of further fields its template reads from the account.
    :param stage: the app it comes from; scorecards accept segments below `scoring` only.
    """

    key: str
    type: str
    label: Any
    stage: str
    expression: Callable[[dt.datetime], Combinable]
    choices: Callable[[], Sequence[tuple[Any, Any]]] | None = None
    column: str = ""
    order: int | None = None
    template: str = ""
    needs: tuple[str, ...] = ()
    now_only: bool = False
    is_sortable: bool = True
    is_filter: bool = False
    is_secondary: bool = False

    @property
    def alias(self) -> str:
        """Return the attribute of an account that holds the value."""
        return self.column or self.key.replace(".", "_")

    @property
    def kind(self) -> str:
        """Return the kind of record whose policy says who sees the value."""
        prefix = self.key.partition(".")[0].removesuffix("s")
        return prefix if prefix in RecordKind.values else RecordKind.ACCOUNT

    @property
    def is_numeric(self) -> bool:
        """Say whether cells are set to the right."""
        return self.type in {"number", "money", "date", "datetime", "delta"}


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

    `rows(account=, user=, before=)` returns `.values()` of exactly `event_source` (its key),
    `event_at` (timestamptz), `event_id` (bigint), `event_title`, `event_text` (text), `event_chips`
    (text[]) and `event_tone` (text: empty or a band), in this order, with `event_at < before` where
    that is given. `present(row)` turns stored keys into words and returns the row as it is read;
    without it the row stands as it is.
    """

    key: str
    label: Any
    icon: str
    rows: Callable[..., QuerySet[Any, dict[str, Any]]] = field(repr=False)
    present: Callable[[dict[str, Any]], dict[str, Any]] | None = field(default=None, repr=False)


class Importer(Protocol):
    """A kind of record that files may hold: its columns, and how the stage becomes rows.

    `plan` reads the stage into `import_plan` (line, target_id, row_id, is_changed …) and notes
    every row that can't be taken in `import_fault`; `write` carries out what the plan still holds.
    Both take a constant number of statements.
    """

    key: str
    label: Any

    @property
    def record_kind(self) -> str: ...

    def columns(self) -> Sequence[Column]: ...

    def plan(self, stage: Any) -> None: ...

    def write(self, stage: Any) -> None: ...


fields: Registry[Field] = Registry("field")
panels: Registry[Panel] = Registry("panel")
timeline: Registry[TimelineSource] = Registry("timeline source")
importers: Registry[Importer] = Registry("kind of import")
