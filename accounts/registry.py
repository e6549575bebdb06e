"""What the apps above may add to the pages of the customer record, and the rules that read it.

A field feeds list columns, filters, exports and segments alike; a panel stands on the account
page; a timeline source adds its events to the account's history; a record list is a page over one
kind of record. Members live in `fields.py`, `panels.py`, `timeline.py` and `lists.py` (or modules
of a package `lists`) of each app and are found by `AccountsConfig.ready`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from accounts.choices import RecordKind
from accounts.domain.import_columns import Column
from accounts.domain.person import Person
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
    :param is_column: whether the account list may show it as a column.
    :param told_by: the kind of record it tells about, where its key does not begin with the kind.
    :param fact: reads the value as the one thing to know of an account, said under its name in the
        list; empty where there is nothing to say. The first by key that says something is shown.
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
    is_column: bool = True
    told_by: str = ""
    fact: Callable[[Any], Any] | None = None

    @property
    def alias(self) -> str:
        """Return the attribute of an account that holds the value."""
        return self.column or self.key.replace(".", "_")

    @property
    def kind(self) -> str:
        """Return the kind of record whose policy says who sees the value."""
        prefix = self.told_by or self.key.partition(".")[0].removesuffix("s")
        return prefix if prefix in RecordKind.values else RecordKind.ACCOUNT

    @property
    def is_numeric(self) -> bool:
        """Say whether cells are set to the right."""
        return self.type in {"number", "money", "date", "datetime", "delta"}


def field_of(key: str) -> Field:
    """Return a field by its key, whether it is built in or came while the product runs.

    :raises UnknownKey: when there is none.
    """
    prefix = key.partition(".")[0]
    if key not in fields and prefix in field_sources:
        found = field_sources.get(prefix)().get(key)
        if found is not None:
            return found
    return fields.get(key)


def all_fields() -> list[Field]:
    """Return every field there is now, the built-in ones first, each in key order."""
    lately = [source() for source in field_sources.members()]
    return [*fields.members(), *(field for found in lately for _, field in sorted(found.items()))]


class ContactPanel(Protocol):
    """A part of a contact's page; `context` returns None when there is nothing to show."""

    key: str
    order: int
    template: str

    def context(self, *, contact: Any, user: Any, at: dt.datetime) -> dict[str, Any] | None: ...


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
    without it the row stands as it is. `href(row)` is the address of the event's own page.
    """

    key: str
    label: Any
    icon: str
    rows: Callable[..., QuerySet[Any, dict[str, Any]]] = field(repr=False)
    present: Callable[[dict[str, Any]], dict[str, Any]] | None = field(default=None, repr=False)
    href: Callable[[dict[str, Any]], str] | None = field(default=None, repr=False)


Choices = Sequence[tuple[Any, Any]] | Callable[[], Sequence[tuple[Any, Any]]]


def _options(choices: Choices | None) -> Sequence[tuple[Any, Any]]:
    return choices() if callable(choices) else choices or ()


@dataclass(frozen=True)
class ListColumn:
    """A column of a record list: where its value lies on a row, and how a cell shows it.

    :param type: text, number, money, boolean, date, datetime, moment (with the hour), choice,
        account (a link to it) or person (one of us); each has a template in `accounts/cells/`,
        `template` names another one.
    :param path: attributes from the row to the value, joined by `__`; an annotation is one, too;
        empty for the row itself, as its `str` reads.
    :param sort_path: what the database sorts by, where it is not `path`: one value a row.
    :param kind: the kind of record whose policy says who sees it; empty for the list's own.
    :param is_secondary: left out on narrow screens.
    """

    key: str
    label: Any
    type: str
    path: str
    template: str = ""
    choices: Choices | None = None
    sort_path: str = ""
    kind: str = ""
    is_sortable: bool = True
    is_default: bool = True
    is_secondary: bool = False

    @property
    def policy_kind(self) -> str:
        """Return the kind of record whose policy says who sees the value; empty for the list's."""
        return RecordKind.ACCOUNT if self.type == "account" and not self.kind else self.kind

    @property
    def order(self) -> str:
        """Return the path rows are sorted by."""
        inner = {"account": "__name_kana", "person": "__family_name"}
        return self.sort_path or self.path + inner.get(self.type, "")

    @property
    def cell(self) -> str:
        """Return the template of a cell."""
        return self.template or f"accounts/cells/{self.type}.html"

    @property
    def is_numeric(self) -> bool:
        """Say whether cells are set to the right."""
        return self.type in {"number", "money", "date", "datetime", "moment", "delta"}

    def options(self) -> Sequence[tuple[Any, Any]]:
        """Return (value, word) of every value a choice can have."""
        return _options(self.choices)

    def value(self, row: Any) -> Any:
        """Return the value a row has here; None where the way to it ends."""
        for name in filter(None, self.path.split("__")):
            row = getattr(row, name, None)
        return row


@dataclass(frozen=True)
class ListFilter:
    """A question a record list answers: which rows have this value, or lie within these bounds.

    :param type: choice (one or several of `choices`), boolean, text (contains), or a range asked
        for as `<key>_from` and `<key>_to`, both inclusive: number, date, datetime (asked by day,
        in the reader's zone).
    :param path: what the database compares: a column, a path or an annotation of one value a row.
    :param kind: the kind of record whose policy says who may ask; empty for the list's own.
    """

    key: str
    label: Any
    type: str
    path: str
    choices: Choices | None = None
    kind: str = ""

    @property
    def is_range(self) -> bool:
        """Say whether it is asked for by its bounds."""
        return self.type in {"number", "date", "datetime"}

    def options(self) -> Sequence[tuple[Any, Any]]:
        """Return (value, word) of every value that can be asked for."""
        return _options(self.choices)


@dataclass(frozen=True)
class RecordList:
    """One kind of record as a page at `/<key>/`, an export and something views are saved of.

    :param rows: `rows(user=, at=)`, everything the reader may see with what cells need joined or
        annotated; it starts from `visible_to(user)` and takes one query.
    :param search: `search(rows, text)` keeps what contains every word; None for no search box.
    :param href: the address of a row's page; None where rows have none of their own.
    :param default_sort: key of a sortable column, with a minus for descending.
    :param account_path: attribute of a row that is its account.
    :param order: place among the tabs of all lists.
    :param about: a sentence for an empty list: what these records are for.
    :param new_url: URL name of the form for another one; `new_label` is its button.
    """

    key: str
    label: Any
    icon: str
    kind: str
    rows: Callable[..., QuerySet[Any]] = field(repr=False)
    columns: Sequence[ListColumn] = field(repr=False)
    default_sort: str
    filters: Sequence[ListFilter] = field(default=(), repr=False)
    search: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = field(default=None, repr=False)
    href: Callable[[Any], str] | None = field(default=None, repr=False)
    account_path: str = "account"
    order: int = 100
    about: Any = ""
    new_url: str = ""
    new_label: Any = ""


class Importer(Protocol):
    """A kind of record that files may hold: its columns, and how the stage becomes rows.

    `plan` reads the stage into `import_plan` (line, target_id, row_id, is_changed …) and notes
    every row that can't be taken in `import_fault`; `write` carries out what the plan still holds.
    Both take a constant number of statements.

    `write` goes through `bulk.upsert`, `bulk.put_facts` and `Stage.write`, which keep a trace, so
    that undo works for the kind without anything more. `Stage.known` and `Stage.declared` give the
    columns `recorded_at` and `is_declared` of what happened at an instant the file names.
    """

    key: str
    label: Any

    @property
    def record_kind(self) -> str: ...

    def columns(self) -> Sequence[Column]: ...

    def plan(self, stage: Any) -> None: ...

    def write(self, stage: Any) -> None: ...


class FollowUp(Protocol):
    """Something an upper app offers at the end of the form for a talk: a next task, say.

    `fields(account=, user=, at=)` returns form fields by name, all optional, or nothing where the
    user may not; `save` gets what was typed into them once the talk is stored.
    """

    key: str
    template: str

    def fields(self, *, account: Any, user: Any, at: dt.datetime) -> Mapping[str, Any]: ...

    def check(self, values: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def save(
        self, *, accounts: Sequence[Any], values: Mapping[str, Any], user: Any, at: dt.datetime
    ) -> None: ...


@dataclass(frozen=True)
class RowChange:
    """Rows that a merge changes, and to what; columns by their database names.

    Dated facts among them keep what was known. Rows with `values` that differ are two changes.
    """

    rows: QuerySet[Any]
    values: Mapping[str, Any]
    effect: str = "moved"


@dataclass(frozen=True)
class NewRows:
    """Rows that a merge adds; its undo deletes them."""

    rows: Sequence[Any]
    effect: str = "noted"


@dataclass(frozen=True)
class MergePart:
    """What a merge does with one kind of row of the account or contact that goes.

    `changes(source=, target=, at=)` says it without writing, so the preview and the merge ask the
    same question; parts run by `order`, each change before the next one is asked for.

    :param record: `account` or `contact`.
    """

    key: str
    label: Any
    record: str
    order: int
    changes: Callable[..., Iterable[RowChange | NewRows]] = field(repr=False)


@dataclass(frozen=True)
class Audited:
    """A kind of record that has a page of its changes; its key is the model's name.

    :param title: what one record is called in the breadcrumb; its `str` stands there.
    :param href: the address of the record's own page; None where it has none.
    :param account_path: attribute that leads to its account; empty for what belongs to none.
    :param private: columns whose values only who may read `private_kind` sees.
    """

    model: Any
    href: Callable[[Any], str] | None = field(default=None, repr=False)
    account_path: str = "account"
    private: tuple[str, ...] = ()
    private_kind: str = ""


@dataclass(frozen=True)
class AuditedPart:
    """A table whose rows belong to a record: their changes stand among the record's own.

    :param record: key of an `Audited`.
    :param owner: column that holds the record's number.
    :param label: what one of its rows is called.
    :param kind: kind of record whose policy says who sees it; empty for the record's own.
    :param private: columns that the page over everything does not tell.
    """

    record: str
    model: Any
    owner: str
    label: Any
    kind: str = ""
    private: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonalData:
    """A table that holds something about a person: the bundle shows it, erasure blanks it.

    What is not named here but mentions the person by address or full name is found by a sweep
    over every table.

    :param rows: `rows(person)`, the rows that are about a `Person`.
    :param columns: names of what the bundle holds, as `values_list` takes them.
    :param blanks: column → what erasure leaves there; an expression will do.
    :param forgets: erasure deletes the rows.
    :param in_history: text columns that erasure blanks in the table of events, too.
    """

    label: Any
    rows: Callable[[Person], QuerySet[Any]] = field(repr=False)
    columns: tuple[str, ...]
    blanks: Mapping[str, Any] = field(default_factory=dict, repr=False)
    forgets: bool = False
    in_history: tuple[str, ...] = ()


@dataclass(frozen=True)
class Retention:
    """A kind of data the organisation need not keep for ever.

    :param days: how long it is kept where nobody decided; None for ever.
    :param at_least: fewer days can't be set.
    :param about: a sentence: what goes, and what stays.
    :param count: `count(before)`, how many rows are older.
    :param setting: the column of the organisation that holds it, where there is one already.
    :param is_promised: what is kept how long was promised elsewhere; it can't be set.
    :param purge: `purge(before, limit)` lets go of at most so many and returns how many.
    """

    key: str
    label: Any
    about: Any
    days: int | None
    at_least: int
    count: Callable[[dt.datetime], int] = field(repr=False)
    purge: Callable[[dt.datetime, int], int] = field(repr=False)
    setting: str = ""
    is_promised: bool = False


@dataclass(frozen=True)
class Preview:
    """How a preview of a kind of file shows what would change; the key is that of the importer.

    In SQL `p` is the row of the plan, `t` the stored row, `s` the row of the file.

    :param table: where records of the kind are stored.
    :param label: what names the record.
    :param fields: column of the file → its value (before, after), where the plan and the table do
        not both have it under its own name.
    """

    table: str
    label: str
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Restoring:
    """What the undo of imports must know about a table beyond its columns; the key is its name.

    :param derived: columns that follow from others: neither compared nor restored.
    :param refresh: works out anew, for the rows of `undo_todo`, what people did not write.
    """

    derived: tuple[str, ...] = ()
    refresh: Callable[[Any], None] = field(default=lambda stage: None, repr=False)


fields: Registry[Field] = Registry("field")
#: Fields that come and go while the product runs, by the prefix of their keys; a source reads
#: what there is in one query a request.
field_sources: Registry[Callable[[], Mapping[str, Field]]] = Registry("source of fields")
panels: Registry[Panel] = Registry("panel")
contact_panels: Registry[ContactPanel] = Registry("panel of a contact")
timeline: Registry[TimelineSource] = Registry("timeline source")
lists: Registry[RecordList] = Registry("list of records")
importers: Registry[Importer] = Registry("kind of import")
previews: Registry[Preview] = Registry("preview of a kind of import")
restorings: Registry[Restoring] = Registry("table that imports write")
follow_ups: Registry[FollowUp] = Registry("follow-up of a talk")
merge_parts: Registry[MergePart] = Registry("part of a merge")
audited: Registry[Audited] = Registry("audited kind of record")
audited_parts: Registry[AuditedPart] = Registry("audited part of a record")
personal_data: Registry[PersonalData] = Registry("personal data")
retentions: Registry[Retention] = Registry("kind of data that is kept for a while")
