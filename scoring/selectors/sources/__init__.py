"""Where metrics read from: each source is one SELECT of rows with an account and a day.

Every source keeps to the frame: facts before t, known at k. `book` is the row every account has;
its columns can stand in any metric's expression beside the metric's own parts.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scoring.selectors.frames import Frame
from scoring.selectors.sources import people, records, surveys, talks, usage
from scoring.selectors.sources.book import ALIVE, book

__all__ = ["ALIVE", "SOURCES", "Source", "book"]


@dataclass(frozen=True)
class Source:
    """A relation of rows. `has_masks`: its days are bits of a month, not a column `on`.

    :param newest_by: the column that says which of two rows is newer.
    :param by_window: reads one row a series, its `n` added up over each of some named windows.
    """

    rows: Callable[[Frame, dt.date], str]
    has_masks: bool = False
    newest_by: str = '"on"'
    by_window: Callable[[Frame, Mapping[str, tuple[dt.date, dt.date]]], str] | None = None


def _fixed(sql: str, newest_by: str = '"on"') -> Source:
    return Source(lambda frame, first: sql, newest_by=newest_by)


SOURCES: dict[str, Source] = {
    "users": Source(usage.users, has_masks=True),
    "usage": Source(usage.usage, by_window=usage.usage_by_window),
    "sums": Source(usage.sums),
    "series": Source(usage.series),
    "newest": Source(usage.newest, newest_by="at DESC, value"),
    "values": Source(usage.values, has_masks=True),
    "events": Source(usage.events, newest_by="at DESC, value"),
    "attributes": _fixed(records.ATTRIBUTES),
    "measurements": _fixed(records.MEASUREMENTS, newest_by="at"),
    "touches": _fixed(talks.TOUCHES),
    "attendees": _fixed(talks.ATTENDEES),
    "signals": _fixed(talks.SIGNALS),
    "gatherings": _fixed(talks.GATHERINGS),
    "our_mails": Source(talks.our_mails),
    "moods": _fixed(talks.MOODS, newest_by="at"),
    "stakeholders": _fixed(people.STAKEHOLDERS),
    "suppressions": _fixed(people.SUPPRESSIONS),
    "milestones": _fixed(records.MILESTONES),
    "roles": _fixed(people.ROLES),
    "tickets": _fixed(records.TICKETS),
    "invoices": _fixed(records.INVOICES),
    "terms": _fixed(records.TERMS),
    "worth": _fixed(records.WORTH),
    "renewals": _fixed(records.RENEWALS),
    "notices": _fixed(records.NOTICES),
    "answers": _fixed(surveys.ANSWERS),
    "invited": _fixed(surveys.INVITED),
}
