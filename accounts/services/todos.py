"""To-dos of talks: ticking off what was promised."""

import datetime as dt

from accounts.models import Touchpoint, TouchpointTodo, User
from accounts.services.authors import written_by


def settle_todo(
    *, todo: TouchpointTodo, done_on: dt.date | None, at: dt.datetime, by: User | None = None
) -> TouchpointTodo:
    """Tick a to-do off as done on a day, or open it again with None.

    What we promised several accounts in one talk is one promise, done for all of them.
    """
    with written_by(by):
        copies = dict(TouchpointTodo.objects.like(todo).values_list("pk", "touchpoint"))
        # The talks first, as whoever corrects one does, and in one order always.
        talks = Touchpoint.objects.filter(pk__in=copies.values())
        list(talks.select_for_update(no_key=True).order_by("pk").values("pk"))
        TouchpointTodo.objects.filter(pk__in=copies).update(done_on=done_on)
        talks.update(updated_at=at)
    settled: TouchpointTodo = TouchpointTodo.objects.get(pk=todo.pk)
    return settled
