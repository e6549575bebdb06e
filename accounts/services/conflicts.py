"""The database keeps the rules; this gives its refusals the name of a rule a person understands."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from config.lib.problems import Conflict, FieldError, Problem


class ExternalIdTaken(Conflict):
    """Another record carries this own-system id."""

    code = "external_id_taken"
    title = _("Another record has this own-system id.")
    pointer = "/external_id"

    def __init__(self) -> None:
        super().__init__(errors=[FieldError(self.pointer, self.title)])


class DirectoryIdTaken(Conflict):
    """The directory sent one id for two people, or for two teams."""

    code = "directory_id_taken"
    title = _("Another user or team has this id in the company directory.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/directory_id", self.title)])


class UnknownMember(Problem):
    """The record has no such member, or it is not for callers to set."""

    code = "unknown_member"
    title = _("There is no such field to change.")


@contextmanager
def refusing(problems: Mapping[str, type[Problem]]) -> Iterator[None]:
    """Raise the problem named for a constraint when the database refuses by it.

    A refusal undoes what the block wrote and nothing else.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        problem = problems.get(getattr(diagnosis, "constraint_name", None) or "")
        if problem is None:
            raise
        raise problem from error


def refuse_unknown(changes: Iterable[str], *, allowed: set[str]) -> None:
    """Check the names of what is to be changed.

    :raises UnknownMember: naming each that is not allowed.
    """
    if unknown := sorted(set(changes) - allowed):
        faults = [FieldError(f"/{name}", UnknownMember.title) for name in unknown]
        raise UnknownMember(errors=faults)


def apply_changes(row: models.Model, changes: Mapping[str, Any], *, allowed: set[str]) -> list[str]:
    """Set plain columns and return the names of those that differ now.

    :raises UnknownMember: for a name that is not allowed.
    :raises ValidationError: for a value the column does not take.
    """
    refuse_unknown(changes, allowed=allowed)
    is_new = row._state.adding
    changed = [name for name in changes if is_new or getattr(row, name) != changes[name]]
    for name in changed:
        setattr(row, name, changes[name])
    check_columns(row, only=changed)
    return changed


def check_columns(row: models.Model, *, only: list[str] | None = None) -> None:
    """Check lengths, choices and formats without a query; existence is the database's to check.

    :raises ValidationError: naming each column that does not hold.
    """
    fields = [field for field in row._meta.concrete_fields if only is None or field.name in only]
    errors: dict[str, Any] = {}
    for field in fields:
        if field.is_relation or field.primary_key or not field.editable:
            continue
        value = getattr(row, field.attname)
        if (field.blank and value in field.empty_values) or _is_database_default(value):
            continue
        try:
            setattr(row, field.attname, field.clean(value, row))
        except ValidationError as error:
            errors[field.name] = error.error_list
    if errors:
        raise ValidationError(errors)


def _is_database_default(value: object) -> bool:
    return isinstance(value, models.expressions.DatabaseDefault)
