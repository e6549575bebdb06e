"""Who changed a record last, field by field, for whoever edited it at the same time."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.registry import audited
from accounts.selectors.change_words import lines
from accounts.selectors.changes import Asked, Trail, changes, event_table
from accounts.selectors.record_history import trails_of

#: Further back nobody looks who has had a form open.
LINES_READ = 30


@dataclass(frozen=True)
class LastChange:
    """Who changed something and when; `through` says what did where it was nobody."""

    at: dt.datetime
    who: Any
    through: Any


def last_changes(model: Any, pk: int, *, user: Any) -> Mapping[str, LastChange]:
    """Return the last change of each column of a record, and under `""` that of the whole.

    Empty for a table without a history.
    """
    trails = _trails(model, pk, user)
    if not trails:
        return {}
    page = changes(trails, Asked(number=pk), size=LINES_READ)
    found: dict[str, LastChange] = {}
    for line in lines(page.rows, trails, user=user):
        change = LastChange(line.at, line.who, line.through)
        for name in ["", *(entry.column for entry in line.entries)]:
            found.setdefault(name, change)
    return found


def _trails(model: Any, pk: int, user: Any) -> list[Trail]:
    key = model._meta.model_name
    row = model._base_manager.filter(pk=pk).first()
    if row is not None and key in audited and audited.get(key).model is model:
        return trails_of(key, audited.get(key), row, user=user)
    events = event_table(model)
    return [Trail(model._meta.label_lower, model, events, "pgh_obj_id")] if events else []
