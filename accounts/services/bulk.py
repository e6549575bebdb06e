"""Many records in one call: the items go through the stage, plan and write of an import.

So a thousand items cost the statements of one. An item names its record by `id` or `external_id`;
one that names nothing known makes a new record. Each item stands for itself: the good ones are
written in one transaction, the others say what is wrong with them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.csv_text import Row
from accounts.models import Account, AttributeDefinition, Contact, Organisation, Team, User
from accounts.querysets import reach_of
from accounts.registry import importers
from accounts.services.authors import written_by
from accounts.services.imports.account_plan import CONTRACTUAL, ROLES
from accounts.services.imports.checks import leave_out_what_follows
from accounts.services.imports.faults import reason
from accounts.services.imports.stage import Stage, fill_stage
from accounts.services.imports.turns import take_turn
from accounts.services.imports.work import KEEP, default_team
from config.lib.problems import FieldError, Text

MOST_ITEMS = 1_000
_FAULTS = "SELECT line, column_key, code, hint FROM import_fault ORDER BY 1, 2, 3"
_PLANNED = "SELECT line, target_id IS NULL, is_changed, row_id FROM import_plan"
_STATUS = {"not_found": 404, "archived": 409, "archived_contact": 409}
_OWN_WORDS: Mapping[str, Text] = {
    "unknown_member": gettext_lazy("There is no such member."),
    "shape": gettext_lazy("Give a text, a number, true or false."),
    "empty": gettext_lazy("A bulk sets values. Empty a field by changing the record itself."),
    "nameless_record": gettext_lazy("Name the record by “id” or “external_id”."),
    "two_names": gettext_lazy("“id” and “external_id” name different records."),
    "unlinkable": gettext_lazy(
        "This account has no “external_id”. Link to it by changing the record itself."
    ),
    "no_external_id": gettext_lazy("This record has no “external_id”. Change it by itself."),
}


@dataclass(frozen=True)
class BulkKind:
    """What can be written in bulk: the importer's columns, less those that stay closed.

    :param links: members that hold ids of accounts → the columns that hold their external ids.
    :param owner: the link every row needs, known already where the record is named by `id`.
    """

    importer: str
    model: type[models.Model]
    links: Mapping[str, str]
    closed: frozenset[str] = frozenset()
    owner: str = ""


ACCOUNTS = BulkKind(
    "accounts",
    Account,
    {name: f"{name}_external_id" for name in ("parent", "sold_via", "billed_via")},
    CONTRACTUAL | {*ROLES},
)
CONTACTS = BulkKind(
    "contacts",
    Contact,
    {"account": "account_external_id"},
    frozenset({"successor_external_id", "reports_to_external_id", "is_ghost"}),
    owner="account",
)


@dataclass
class BulkRow:
    """What became of one item; `status` is what the item would have been answered with alone."""

    index: int
    status: int = 200
    outcome: str = "unchanged"
    id: int | None = None
    external_id: str | None = None
    errors: list[FieldError] = field(default_factory=list)

    def refuse(self, member: str, code: str, hint: str = "") -> None:
        """Note what is wrong with a member of the item."""
        place = f"/items/{self.index}" + (f"/{member}" if member else "")
        self.errors.append(FieldError(place, _word(code, hint)))
        self.status = max(self.status if self.status >= 400 else 0, _STATUS.get(code, 400))
        self.outcome, self.id = "failed", None


@transaction.atomic
def write_in_bulk(
    *, kind: BulkKind, items: Sequence[Mapping[str, Any]], at: dt.datetime, by: User
) -> list[BulkRow]:
    """Create and change what the items name, as far as `by` may; return a row for each item.

    :raises ImportRunning: while an import is being written.
    """
    importer = importers.get(kind.importer)
    columns = list(importer.columns())
    results = [BulkRow(index) for index in range(len(items))]
    open_keys = {column.key for column in columns} - kind.closed
    cells = _Reading(kind, open_keys, by).cells(items, results)
    if not cells:
        return results
    present = sorted({key for row in cells.values() for key in row})
    stage = Stage(
        at=at,
        day=Organisation.objects.day_of(at),
        is_writing=True,
        present=frozenset(present),
        reach=reach_of(by),
        record_kind=importer.record_kind,
        default_team=default_team(by),
        importer_id=by.pk,
        is_exact=True,
    )
    take_turn()
    fill_stage(
        (Row(index, [row.get(key, "") for key in present]) for index, row in cells.items()),
        width=len(present),
        places=dict(enumerate(present)),
        columns=columns,
        cleared=frozenset(),
        progress=lambda: None,
    )
    importer.plan(stage)
    leave_out_what_follows(stage)
    _note_outcome(results)
    with written_by(by):
        stage.run(KEEP)
        importer.write(stage)
    return results


class _Reading:
    """Turns items into cells of the importer's columns; looks each kind of name up once."""

    def __init__(self, kind: BulkKind, keys: set[str], by: User) -> None:
        self.kind, self.keys, self.by = kind, keys, by
        definitions = AttributeDefinition.objects.values_list("key", "pk")
        self.attributes = {
            key: f"attribute_{pk}" for key, pk in definitions if f"attribute_{pk}" in keys
        }

    def cells(
        self, items: Sequence[Mapping[str, Any]], results: Sequence[BulkRow]
    ) -> dict[int, dict[str, str]]:
        """Return the cells of the items that can be staged, by their place."""
        self.records = self._names(self.kind.model, _ids(item.get("id") for item in items))
        linked = (item.get(name) for item in items for name in self.kind.links)
        self.accounts = self._names(Account, _ids(linked))
        teams = Team.objects.filter(pk__in=_ids(item.get("team") for item in items))
        self.teams = dict(teams.values_list("pk", "name"))
        self.owners = self._owners()
        read = {}
        for item, result in zip(items, results, strict=True):
            row = self._row(item, result)
            if not result.errors:
                read[result.index] = row
        return read

    def _names(self, model: type[models.Model], ids: set[int]) -> dict[int, str | None]:
        rows: Any = model._default_manager
        return dict(rows.visible_to(self.by).filter(pk__in=ids).values_list("pk", "external_id"))

    def _owners(self) -> dict[int, str | None]:
        """Return the external id of the account each record named by `id` belongs to."""
        if not self.kind.owner:
            return {}
        rows = self.kind.model._default_manager.filter(pk__in=self.records)
        return dict(rows.values_list("pk", f"{self.kind.owner}__external_id"))

    def _row(self, item: Mapping[str, Any], result: BulkRow) -> dict[str, str]:
        row: dict[str, str] = {}
        for member, value in item.items():
            for column, shown, given in self._members(member, value, result):
                if (text := _text(given)) is None:
                    result.refuse(shown, "shape" if given is not None else "empty")
                elif not text.strip():
                    result.refuse(shown, "empty")
                else:
                    row[column] = text
        self._name_record(item, row, result)
        result.external_id = row.get("external_id")
        return row

    def _members(self, member: str, value: Any, result: BulkRow) -> Iterator[tuple[str, str, Any]]:
        """Yield the columns a member stands for, with the member's name and value."""
        if member == "attributes" and isinstance(value, Mapping):
            for key, inner in value.items():
                shown = f"attributes/{key.replace('~', '~0').replace('/', '~1')}"
                if key in self.attributes:
                    yield self.attributes[key], shown, inner
                else:
                    result.refuse(shown, "unknown_member")
        elif member in self.kind.links and _is_id(value):
            name = self._linked(member, value, result)
            if name:
                yield self.kind.links[member], member, name
        elif member == "team" and _is_id(value):
            yield "team", member, self.teams.get(value, str(value))
        elif member in self.keys and not member.startswith("attribute_"):
            yield member, member, value
        elif member != "id":
            result.refuse(member, "unknown_member")

    def _linked(self, member: str, value: int, result: BulkRow) -> str | None:
        if value not in self.accounts:
            result.refuse(member, "unknown_account", str(value))
        elif self.accounts[value] is None:
            result.refuse(member, "unlinkable")
        return self.accounts.get(value)

    def _name_record(self, item: Mapping[str, Any], row: dict[str, str], result: BulkRow) -> None:
        """Find the external id behind an `id`: the stage knows records by nothing else."""
        if item.get("id") is None:
            if not item.get("external_id"):
                result.refuse("", "nameless_record")
            return
        pk = item["id"]
        if not _is_id(pk) or pk not in self.records:
            result.errors.clear()  # of a record that is not theirs nothing else is told
            result.refuse("id", "not_found")
        elif self.records[pk] is None:
            result.refuse("id", "no_external_id")
        elif row.setdefault("external_id", str(self.records[pk])) != self.records[pk]:
            result.refuse("external_id", "two_names")
        elif owner := self.owners.get(pk):
            row.setdefault(self.kind.links[self.kind.owner], owner)


def _note_outcome(results: Sequence[BulkRow]) -> None:
    members = _members_of_attributes()
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED)
        for index, is_new, is_changed, pk in cursor.fetchall():
            row = results[index]
            row.id, row.status = pk, 201 if is_new else 200
            row.outcome = "created" if is_new else "updated" if is_changed else "unchanged"
        cursor.execute(_FAULTS)
        for index, column, code, hint in cursor.fetchall():
            results[index].refuse(members.get(column, column), code, hint)


def _members_of_attributes() -> dict[str, str]:
    rows = AttributeDefinition.objects.values_list("pk", "key")
    return {f"attribute_{pk}": f"attributes/{key}" for pk, key in rows}


def _word(code: str, hint: str) -> Text:
    if code == "duplicate":
        return _("Item %(place)s names the same record.") % {"place": hint}
    return str(_OWN_WORDS[code]) if code in _OWN_WORDS else reason(code, hint)


def _text(value: Any) -> str | None:
    """Return a JSON value as the text of a cell; None where there is no such text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _ids(values: Iterable[Any]) -> set[int]:
    return {value for value in values if _is_id(value)}
