"""The timeline of an account: events of every app in one order."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import Account
from accounts.registry import TimelineSource, timeline

INSTANT = dt.timedelta(microseconds=1)


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
    href: str = ""


@dataclass(frozen=True)
class TimelinePage:
    """Events newest first.

    The next page starts at the instant `before`, None at the end, after the `skip` events of that
    very instant that were shown already.
    """

    items: list[TimelineItem]
    before: dt.datetime | None = None
    skip: int = 0


def timeline_of(
    *, account: Account, user: Any, before: dt.datetime | None = None, skip: int = 0,
    limit: int = 15, only: str = "",
) -> TimelinePage:  # fmt: skip
    """Return the events of an account from every app, in one statement.

    Imported events often share an instant; the order is total and nothing falls between pages.

    :param before: where the page starts; `skip` events of that instant are left out.
    :param only: the key of a source to keep, empty for all.
    """
    members = timeline.members()
    sources = {source.key: source for source in members if not only or only == source.key}
    if not sources:
        return TimelinePage([])
    until = before + INSTANT if before else None
    first, *others = [
        source.rows(account=account, user=user, before=until) for source in sources.values()
    ]
    events = first.union(*others, all=True)
    events = events.order_by("-event_at", "event_source", "-event_id", "event_tone")
    rows = list(events[skip : skip + limit + 1])
    items = [_item(sources[row["event_source"]], row) for row in rows[:limit]]
    if len(rows) <= limit:
        return TimelinePage(items)
    last = items[-1].at
    shown = sum(item.at == last for item in items)
    return TimelinePage(items, last, shown + skip if last == before else shown)


def _item(source: TimelineSource, raw: dict[str, Any]) -> TimelineItem:
    row = source.present(raw) if source.present else raw
    return TimelineItem(
        source=source.key,
        icon=source.icon,
        at=row["event_at"],
        title=row["event_title"],
        text=row["event_text"],
        chips=[str(chip) for chip in row["event_chips"] or []],
        tone=row["event_tone"],
        href=source.href(raw) if source.href else "",
    )
