"""Kinds of record as pages, with columns, filters and exports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.choices import RecordKind
from config.lib.registry import Registry

Choices = Sequence[tuple[Any, Any]] | Callable[[], Sequence[tuple[Any, Any]]]


def _options(choices: Choices | None) -> Sequence[tuple[Any, Any]]:
    return choices() if callable(choices) else choices or ()


@dataclass(frozen=True)
class ListColumn:
    """A column of a record list: where its value lies on a row, and how a cell shows it.

    :param type: text, number, money, boolean, date, datetime, moment (with the hour), choice,
        account (a link to it) or person (one of us); each has its writer in
        `config.templatetags.cells`, `template` names another one or a template.
    :param path: attributes from the row to the value, joined by `__`; an annotation is one, too;
        empty for the row itself, as its `str` reads.
    :param sort_path: what the database sorts by, where it is not `path`: one value a row.
    :param kind: the kind of record whose policy says who sees it; empty for the list's own.
    :param is_secondary: left out on narrow screens.
    :param prepare: `prepare(rows, at=)` adds to the rows what the column reads, where it is shown.
    :param read: returns the value of a row in place of `path`.
    :param beside: what else of the row its template reads, by the name it has there.
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
    beside: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[..., QuerySet[Any]] | None = field(default=None, repr=False)
    read: Callable[[Any], Any] | None = field(default=None, repr=False)

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
        """Return what writes a cell: one of the writers of cells, or a template."""
        return self.template or self.type

    @property
    def is_numeric(self) -> bool:
        """Say whether cells are set to the right."""
        return self.type in {"number", "money", "date", "datetime", "moment", "delta"}

    def options(self) -> Sequence[tuple[Any, Any]]:
        """Return (value, word) of every value a choice can have."""
        return _options(self.choices)

    def value(self, row: Any) -> Any:
        """Return the value a row has here; None where the way to it ends."""
        if self.read is not None:
            return self.read(row)
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
    :param accounts: of a choice about the account of a row, `accounts(values=, user=, at=)` are the
        accounts that have one of them; `path` is empty then.
    :param keeps: `keeps(rows, values, at=)` in place of `path`, where a row has several values.
    """

    key: str
    label: Any
    type: str
    path: str
    choices: Choices | None = None
    kind: str = ""
    accounts: Callable[..., QuerySet[Any]] | None = field(default=None, repr=False)
    keeps: Callable[..., QuerySet[Any]] | None = field(default=None, repr=False)

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
    :param archived: the same of what was archived, asked for by `?archived=1`; None where records
        of this kind are never archived.
    :param search: `search(rows, text, user=)` keeps what contains every word and tells nothing the
        user does not see; None for no search box.
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
    archived: Callable[..., QuerySet[Any]] | None = field(default=None, repr=False)
    search: Callable[..., QuerySet[Any]] | None = field(default=None, repr=False)
    href: Callable[[Any], str] | None = field(default=None, repr=False)
    account_path: str = "account"
    order: int = 100
    about: Any = ""
    new_url: str = ""
    new_label: Any = ""


@dataclass(frozen=True)
class SheetSource:
    """A list that is no kind of record and can be taken out all the same.

    :param allows: `allows(user)`, who may take it out.
    :param sheet: `sheet(user=, query=, at=)`, its columns and rows as the user sees them now.
    """

    key: str
    label: Any
    allows: Callable[[Any], bool] = field(repr=False)
    sheet: Callable[..., Any] = field(repr=False)


lists: Registry[RecordList] = Registry("list of records")
sheets: Registry[SheetSource] = Registry("list to be taken out")
