"""Reads of the customer record that span tables: the timeline, the people panel, talks due."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import Account
from accounts.registry import timeline


@dataclass(frozen=True)
class TimelineItem:
    """One event in an account's history, in the reader's language."""

    source: str
    icon: str
    at: dt.datetime
    title: str
    text: str
    chips: list[str]
    tone: str


@dataclass(frozen=True)
class TimelinePage:
    """Events newest first; `before` is where the next page starts, None at the end."""

    items: list[TimelineItem]
    before: dt.datetime | None


def timeline_of(
    *, account: Account, user: Any, before: dt.datetime | None = None, limit: int = 15,
    only: str = "",
) -> TimelinePage:  # fmt: skip
    """Return the events of an account from every app, in one statement.

    :param only: the key of a source to keep, empty for all.
    """
    members = timeline.members()
    sources = {source.key: source for source in members if not only or only == source.key}
    if not sources:
        return TimelinePage([], None)
    first, *others = [
        source.rows(account=account, user=user, before=before) for source in sources.values()
    ]
    rows = list(first.union(*others, all=True).order_by("-event_at", "-event_id")[: limit + 1])
    items = []
    for raw in rows[:limit]:
        source = sources[raw["event_source"]]
        row = source.present(raw) if source.present else raw
        items.append(
            TimelineItem(
                source=source.key,
                icon=source.icon,
                at=row["event_at"],
                title=row["event_title"],
                text=row["event_text"],
                chips=[str(chip) for chip in row["event_chips"] or []],
                tone=row["event_tone"],
            )
        )
    return TimelinePage(items, items[-1].at if len(rows) > limit else None)
