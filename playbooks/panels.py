"""What playbooks add to the account page: runs with their steps, and the open tasks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.registry import Handover, follow_ups, handovers, panels
from config.lib.workdays import WorkCalendar
from playbooks.forms import NextTask
from playbooks.selectors.account_work import runs_of, tasks_of
from playbooks.services.tasks import create_task, give_tasks, tasks_at, tasks_of_user


class RunsPanel:
    """The open runs and the one that ended last, step by step; then every open task."""

    key = "playbooks"
    title = _("Playbooks")
    column = "side"
    order = 20
    template = "playbooks/panels/runs.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return runs and tasks within the reader's reach; None for who has none."""
        reach = reach_of(user)
        if not reach.covers(account, RecordKind.TASK):
            return None
        return {
            "runs": runs_of(account, user=user, at=at),
            "rows": tasks_of(account, user=user, at=at),
            "is_editable": reach.covers(account, RecordKind.TASK, write=True),
        }


class NextTaskAfterTalk:
    """The next task at the end of the form for a talk; business days are those of the team."""

    key = "task"
    template = "playbooks/next_task.html"

    def fields(self, *, account: Account, user: Any, at: dt.datetime) -> Mapping[str, Any]:
        """Return the fields of a next task, nothing for who may make none."""
        if not Account.objects.open_for(user, RecordKind.TASK).filter(pk=account.pk).exists():
            return {}
        calendar = WorkCalendar(country=account.team.country)
        return NextTask(calendar=calendar, today=timezone.localdate(at)).fields

    def check(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask for the day where another one was chosen."""
        wants_day = values["next_task"] and values["next_task_in"] == "day"
        return (
            {"next_task_on": _("Choose a day.")} if wants_day and not values["next_task_on"] else {}
        )

    def save(
        self, *, accounts: Sequence[Any], values: Mapping[str, Any], user: Any, at: dt.datetime
    ) -> None:
        """Make the task for each account of the talk, assigned to who logged it."""
        if not values["next_task"]:
            return
        chosen = values["next_task_in"] or timezone.localdate(at).isoformat()
        due_on = values["next_task_on"] if chosen == "day" else dt.date.fromisoformat(chosen)
        for account in accounts:
            create_task(
                account=account,
                title=values["next_task"],
                due_on=due_on,
                assignee=user,
                by=user,
                at=at,
            )


follow_ups.register("task")(NextTaskAfterTalk())
panels.register("playbooks")(RunsPanel())


def _tasks(count: int) -> str:
    return ngettext("%(n)s open task", "%(n)s open tasks", count) % {"n": count}


handovers.register("3_tasks")(Handover("3_tasks", tasks_of_user, give_tasks, _tasks, tasks_at))
