"""Kinds of file that can be taken in, and how their previews show what would change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from accounts.domain.import_columns import Column
from config.lib.registry import Registry


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


@dataclass(frozen=True)
class Preview:
    """How a preview of a kind of file shows what would change; the key is that of the importer.

    In SQL `p` is the row of the plan, `t` the stored row, `s` the row of the file.

    :param table: where records of the kind are stored.
    :param label: what names the record.
    :param fields: column of the file → its value (before, after), where the plan and the table do
        not both have it under its own name.
    :param together: columns of the file that say one thing: one of them alone would say another.
    :param twins: SELECT of (line, name) of stored records that new rows of the plan may be already,
        among those that `{reaches}` allows of account `a`.
    """

    table: str
    label: str
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    twins: str = "SELECT NULL::integer, NULL::text WHERE false"


@dataclass(frozen=True)
class Restoring:
    """What the undo of imports must know about a table beyond its columns; the key is its name.

    :param derived: columns that follow from others: neither compared nor restored.
    :param owner: columns that say whose a dated fact is, where it is not the first row it leads to.
    :param account: SQL id of the account of a row `t`, where no column leads there.
    :param refresh: works out anew, for the rows of `undo_todo`, what people did not write.
    """

    derived: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    account: str = ""
    refresh: Callable[[Any], None] = field(default=lambda stage: None, repr=False)


@dataclass(frozen=True)
class Takeout:
    """A file of the whole organisation's export that an import takes in again; the key is its name.

    :param kind: key of the importer.
    :param order: files with smaller numbers are taken in first, since others speak of them.
    :param statement: returns the SELECT of its rows; columns are those of the importer.
    """

    kind: str
    order: int
    statement: Callable[[], str]


importers: Registry[Importer] = Registry("kind of import")

previews: Registry[Preview] = Registry("preview of a kind of import")

takeouts: Registry[Takeout] = Registry("file of the whole export")

restorings: Registry[Restoring] = Registry("table that imports write")
