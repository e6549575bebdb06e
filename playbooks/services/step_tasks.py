"""Make the tasks that steps ask for, with assignee and due date."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import Organisation
from playbooks.models import RunStep, Task
from playbooks.selectors.assignees import Assignees, Calendars, Duty


@transaction.atomic
def create_step_tasks(*, steps: Sequence[RunStep], at: dt.datetime) -> list[Task]:
    """Insert one task a step, assigned by role and due in the assignee's business days.

    Due is day +offset of the run's beginning, or, for a step that opens late, the next business
    day. Nobody for the role leaves the task unassigned: the team sees it. Five statements for any
    number of steps; steps come with run, version, account and team loaded.
    """
    zone = Organisation.objects.zone()
    today = at.astimezone(zone).date()
    assignees = Assignees([step.run.account_id for step in steps], on=today)
    duties = [Duty(step.run.account_id, step.role) for step in steps]
    takers = [assignees.for_duty(duty) for duty in duties]
    calendars = Calendars(takers)
    tasks = []
    for step, taker in zip(steps, takers, strict=True):
        team = step.run.account.team
        calendar = calendars.of(taker, team_id=team.pk, team_country=team.country)
        began_on = step.run.started_at.astimezone(zone).date()
        due_on = max(calendar.add_workdays(began_on, step.offset), calendar.next_workday(today))
        tasks.append(_task(step, assignee_id=taker, due_on=due_on))
    return Task.objects.bulk_create(tasks)


def _task(step: RunStep, *, assignee_id: int | None, due_on: dt.date) -> Task:
    said = step.run.version.read().step(step.key)
    return Task(
        account_id=step.run.account_id,
        run=step.run,
        step_key=step.key,
        title_en=said.title.en,
        title_ja=said.title.ja,
        text_en=said.text.en,
        text_ja=said.text.ja,
        due_on=due_on,
        assignee_id=assignee_id,
        assigned_role=step.role,
        priority=said.priority,
    )
