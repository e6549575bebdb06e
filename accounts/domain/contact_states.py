"""Which state a contact was in on a day, from what was written about them over time.

A change may be written before its day comes. Whatever is written while an earlier change still
lies ahead replaces it: a transfer that is put off does not happen twice.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class StateChange:
    """It was written on a day that a state holds from a day on, from ever where none was given."""

    written_on: dt.date
    state: str
    starts_on: dt.date | None = None


def standing_changes(changes: Iterable[StateChange]) -> list[StateChange]:
    """Return what still holds of the changes, given in the order they were written.

    Each differs from the one before and none was replaced before its day came.
    """
    kept: list[StateChange] = []
    for change in changes:
        if kept and (kept[-1].state, kept[-1].starts_on) == (change.state, change.starts_on):
            continue
        kept = [
            earlier
            for earlier in kept
            if earlier.starts_on is None or earlier.starts_on <= change.written_on
        ]
        kept.append(change)
    return kept


def state_on(day: dt.date, changes: Iterable[StateChange]) -> StateChange | None:
    """Return the change in force on a day; None where nothing was said yet."""
    begun = [
        change
        for change in standing_changes(changes)
        if change.starts_on is None or change.starts_on <= day
    ]
    return begun[-1] if begun else None


def next_change(day: dt.date, changes: Iterable[StateChange]) -> StateChange | None:
    """Return the first change announced for a later day."""
    ahead = [
        change
        for change in standing_changes(changes)
        if change.starts_on is not None and change.starts_on > day
    ]
    return min(ahead, key=lambda change: change.starts_on or day, default=None)
