"""What merges, audits, erasures and retention need to know of a kind of record."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from accounts.domain.person import Person
from accounts.domain.spellings import Spelling
from config.lib.registry import Registry


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


def _everybody(user: Any) -> bool:
    return True


def _itself(row: Any, user: Any) -> Any:
    return row


@dataclass(frozen=True)
class Audited:
    """A kind of record that has a page of its changes; its key is the model's name.

    :param href: the address of the record's own page; None where it has none.
    :param account_path: attribute that leads to its account; empty for what belongs to none.
    :param private: columns whose values only who may read `private_kind` sees.
    :param words: columns whose values only who sees the record is told among all changes, too;
        others read there that it changed, and who did it.
    :param allows: who opens the record's own page, where not everybody does who sees the record.
    :param title: `title(row, user)`, what one record is called, where its `str` won't do.
    """

    model: Any
    href: Callable[[Any], str] | None = field(default=None, repr=False)
    account_path: str = "account"
    private: tuple[str, ...] = ()
    private_kind: str = ""
    words: tuple[str, ...] = ()
    allows: Callable[[Any], bool] = field(default=_everybody, repr=False)
    title: Callable[[Any, Any], Any] = field(default=_itself, repr=False)


@dataclass(frozen=True)
class AuditedPart:
    """A table whose rows belong to a record: their changes stand among the record's own.

    :param record: key of an `Audited`.
    :param owner: column that holds the record's number.
    :param label: what one of its rows is called.
    :param kind: kind of record whose policy says who sees it; empty for the record's own.
    :param private: columns that the page over everything does not tell.
    :param where: what columns of its rows hold; the table has rows of other records, too.
    """

    record: str
    model: Any
    owner: str
    label: Any
    kind: str = ""
    private: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AuditedPage:
    """A page of settings: the changes of all its rows stand together, also of rows that are gone.

    :param url_name: the page they are set on.
    :param models: its tables.
    :param allows: who opens that page.
    """

    title: Any
    url_name: str
    models: tuple[Any, ...]
    allows: Callable[[Any], bool] = field(repr=False)


def mentions(spelling: Spelling, *columns: str) -> Q:
    """Return the rule for rows in one of whose columns the text stands, however it is written."""
    hints = {f"{column}__iregex": spelling.hint for column in columns}
    exact = {f"{column}__iregex": spelling.exact for column in columns}
    return Q(**hints, _connector=Q.OR) & Q(**exact, _connector=Q.OR)


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
    :param past: `past(person)`, the rule for events of their rows that were removed since; only
        the table of events still holds those.
    :param packed: `packed(person)` takes the person out of bytes, which no sweep reads, and returns
        how many rows it changed.
    """

    label: Any
    rows: Callable[[Person], QuerySet[Any]] = field(repr=False)
    columns: tuple[str, ...]
    blanks: Mapping[str, Any] = field(default_factory=dict, repr=False)
    forgets: bool = False
    in_history: tuple[str, ...] = ()
    past: Callable[[Person], Q] | None = field(default=None, repr=False)
    packed: Callable[[Person], int] | None = field(default=None, repr=False)


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


def deletes(rows: Callable[[dt.datetime], QuerySet[Any]]) -> Callable[[dt.datetime, int], int]:
    """Return the purge that deletes what `rows(before)` finds, the oldest first."""

    def purge(before: dt.datetime, limit: int) -> int:
        found = rows(before).order_by("pk")
        ids = list(found.values_list("pk", flat=True)[:limit])
        found.model._default_manager.filter(pk__in=ids).delete()
        return len(ids)

    return purge


def each_value(word: Callable[[Any, Any, Any], Any]) -> Callable[..., list[tuple[Any, Any, Any]]]:
    """Return how a column is told whose values read alone: `word(value, row, user)`."""

    def tell(before: Any, after: Any, *, row: Any, names: Any) -> list[tuple[Any, Any, Any]]:
        values = (before, after)
        old, new = ("" if value is None else word(value, row, names.user) for value in values)
        return [(None, old, new)]

    return tell


merge_parts: Registry[MergePart] = Registry("part of a merge")

audited: Registry[Audited] = Registry("audited kind of record")

audited_parts: Registry[AuditedPart] = Registry("audited part of a record")

audited_pages: Registry[AuditedPage] = Registry("page of settings that is audited")

#: How columns tell their changes that hold keys or objects, by "app.model.column":
#: `tell(before, after, row=, names=)` returns lines of (label, before, after) in words; a label of
#: None is the column's own. `row` are all columns as stored; `names.of(model, id)` is what the
#: reader, `names.user`, may call a row.
told_columns: Registry[Callable[..., Iterable[tuple[Any, Any, Any]]]] = Registry(
    "column whose changes are told in words of its own"
)

#: Columns that name rows inside of what they hold, by "app.model.column": `leads_to(row)` returns
#: their ids by model, so that the names of a whole page are read at once. Every model they can
#: lead to is there, also for an empty row.
leading_columns: Registry[Callable[[Mapping[str, Any]], dict[Any, set[int]]]] = Registry(
    "column that names rows inside of what it holds"
)

personal_data: Registry[PersonalData] = Registry("personal data")

retentions: Registry[Retention] = Registry("kind of data that is kept for a while")
