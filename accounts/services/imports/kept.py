"""Mappings by themselves: kept, changed and taken away without a file at hand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.domain.cells import CellFault
from accounts.domain.import_columns import Column
from accounts.models import ImportMapping, User
from accounts.registry import importers
from accounts.services.conflicts import apply_changes, refusing
from accounts.services.imports.faults import reason
from accounts.services.imports.mappings import signature
from accounts.services.imports.runs import ImportNotAllowed, may_import
from config.lib.problems import Conflict, FieldError, Problem

_OPEN = {"name", "header", "mapping", "is_shared"}


class MappingNameTaken(Conflict):
    """The person has a mapping of this name for this kind of file."""

    code = "mapping_name_taken"
    title = _("You have a mapping of this name for this kind of file.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/name", self.title)])


class UnfitMapping(Problem):
    """The mapping names fields the kind of file does not have, or one of them twice."""

    code = "unfit_mapping"
    title = _("The mapping does not fit this kind of file.")


def keep_mapping(
    *,
    name: str,
    kind: str,
    mapping: Mapping[str, Any],
    by: User,
    at: dt.datetime,
    header: Sequence[str] = (),
    is_shared: bool = False,
) -> ImportMapping:
    """Keep a mapping under a new name, for files with these headers; by default those it names.

    :raises ImportNotAllowed: for a user who may change no record of the kind.
    :raises UnfitMapping: naming each field that does not fit.
    :raises MappingNameTaken: where there is one.
    """
    _refuse_outsiders(by, kind)
    kept = ImportMapping(owner=by, kind=kind, updated_at=at)
    changes = {"name": name, "mapping": mapping, "header": header, "is_shared": is_shared}
    with refusing({"accounts_import_mapping_name": MappingNameTaken}):
        apply_changes(kept, _fitting(kind, changes), allowed=_OPEN)
        kept.save()
    return kept


@transaction.atomic
def change_mapping(
    *, kept: ImportMapping, changes: Mapping[str, Any], by: User, at: dt.datetime
) -> ImportMapping:
    """Change a mapping that is kept; with new columns come their headers, unless others are given.

    :raises ImportNotAllowed: for a user who may change no record of the kind.
    :raises UnfitMapping: naming each field that does not fit.
    :raises MappingNameTaken: where there is one.
    """
    _refuse_outsiders(by, kept.kind)
    locked: ImportMapping = ImportMapping.objects.select_for_update().get(pk=kept.pk)
    with refusing({"accounts_import_mapping_name": MappingNameTaken}):
        if changed := apply_changes(locked, _fitting(kept.kind, changes), allowed=_OPEN):
            locked.updated_at = at
            locked.save(update_fields=[*changed, "updated_at"])
    return locked


def remove_mapping(*, kept: ImportMapping) -> None:
    """Take a mapping away; imports that used it keep theirs."""
    kept.delete()


def _refuse_outsiders(by: User, kind: str) -> None:
    if not may_import(by, kind):
        raise ImportNotAllowed


def _fitting(kind: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes with the headers a mapping is recognised by, once it fits the kind."""
    values = dict(changes)
    if "mapping" in values:
        _refuse_unfit(kind, values["mapping"])
        values["header"] = values.get("header") or list(values["mapping"].get("columns", {}))
    if "header" in values:
        values["header"] = signature(values["header"])
    return values


def _refuse_unfit(kind: str, mapping: Mapping[str, Any]) -> None:
    columns = {column.key: column for column in importers.get(kind).columns()}
    taken = [key for key in mapping.get("columns", {}).values() if key is not None]
    clearable = {key for key, column in columns.items() if column.cleared is not None}
    faults = [
        FieldError(f"/mapping/columns/{_escaped(header)}", fault)
        for header, key in mapping.get("columns", {}).items()
        if (fault := _fault(key, columns, taken))
    ]
    faults += [
        FieldError(f"/mapping/clear/{place}", _("This field can't be emptied."))
        for place, key in enumerate(mapping.get("clear", ()))
        if key not in clearable
    ]
    faults += [
        FieldError(f"/mapping/values/{_escaped(key)}", fault)
        for key, text in mapping.get("values", {}).items()
        if (fault := _odd_value(columns.get(key), text))
    ]
    if faults:
        raise UnfitMapping(errors=faults)


def _fault(key: str | None, columns: Mapping[str, Any], taken: Sequence[str]) -> Any:
    if key is not None and key not in columns:
        return _("There is no such field.")
    return _("Two headers name this field.") if key is not None and taken.count(key) > 1 else ""


def _odd_value(column: Column | None, text: str) -> Any:
    if column is None:
        return _("There is no such field.")
    try:
        column.parse(text)
    except CellFault as fault:
        return reason(fault.code, fault.limit, column)
    return ""


def _escaped(name: str) -> str:
    """Write a member's name as JSON pointers do."""
    return name.replace("~", "~0").replace("/", "~1")
