"""The append-only history: every insert, update and delete of what people edit, by trigger.

django-pghistory tracks inserts and updates unless told otherwise; a membership or a share that was
taken away must leave its trace as well.
"""

from typing import Any

import pghistory


class FreshTrackers(tuple[type[pghistory.RowEvent], ...]):
    """Trackers for `PGHISTORY_DEFAULT_TRACKERS`, made anew for each model.

    The library copies its default deeply and then no longer knows its own operations again, which
    it compares by identity; so the copy is where new ones are made.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[pghistory.RowEvent, ...]:
        return tuple(tracker() for tracker in self)


TRACKERS = FreshTrackers((pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent))
