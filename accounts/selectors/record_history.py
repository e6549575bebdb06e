"""The trails of one record: its own events, those of its parts, and dated facts."""

from collections.abc import Sequence
from typing import Any

from accounts.choices import UserRole
from accounts.querysets import reach_of
from accounts.registry import Audited, audited, audited_parts
from accounts.selectors.changes import Trail, event_table


def trails_of(key: str, record: Audited, row: Any, *, user: Any) -> list[Trail]:
    """Return the trails of a record its reader may follow, its own first."""
    own = event_table(record.model)
    found = [Trail(key, record.model, own, "pgh_obj_id")] if own else []
    account = _account(record, row)
    for name, part in audited_parts.items():
        if part.record != key:
            continue
        if part.kind and (account is None or not reach_of(user).covers(account, part.kind)):
            continue
        events = event_table(part.model)
        found.append(
            Trail(
                name,
                part.model,
                events or own,
                part.owner,
                is_fact=not events,
                where=part.where,
            )
        )
    return found


def trails_of_models(models: Sequence[Any]) -> list[Trail]:
    """Return the whole trail of each table."""
    return [Trail(model._meta.label_lower, model, event_table(model)) for model in models]


def private_columns(key: str, record: Audited, row: Any, *, user: Any) -> dict[str, Any]:
    """Return the columns of a record whose values its reader must not be told."""
    if not record.private:
        return {}
    account = _account(record, row)
    is_author = getattr(row, "created_by_id", None) == user.pk
    if is_author or (account is not None and reach_of(user).covers(account, record.private_kind)):
        return {}
    return {key: record.private}


def private_everywhere(user: Any) -> dict[str, Any]:
    """Return the columns whose values the reader of every change must not be told.

    Texts of talks belong to who may read them everywhere, which is an administrator.
    """
    if reach_of(user).role == UserRole.ADMINISTRATOR:
        return {}
    every: list[Any] = [*audited.members(), *audited_parts.members()]
    return {one.model._meta.label_lower: one.private for one in every if one.private}


def _account(record: Audited, row: Any) -> Any:
    return getattr(row, record.account_path) if record.account_path else row
