"""To-dos of talks: ticking off what was promised."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from accounts.models import Touchpoint, TouchpointTodo, User
from accounts.services.authors import written_by
from config.lib.problems import Conflict


class TodoGone(Conflict):
    """The talk was corrected at the same moment, and promises something else."""

    code = "todo_gone"
    title = _("A colleague has just changed what was promised. Look again before you tick it off.")


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
        settled: TouchpointTodo | None = TouchpointTodo.objects.filter(pk=todo.pk).first()
        if settled is None:
            raise TodoGone
        talks.update(updated_at=at)
    return settled
