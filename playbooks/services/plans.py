"""Lay down the steps of runs with the days on which they are planned."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import Account, Organisation
from config.lib.workdays import WorkCalendar
from playbooks.models import PlaybookRun, RunStep


@transaction.atomic
def plan_steps(*, runs: Sequence[PlaybookRun], at: dt.datetime) -> None:
    """Insert the steps of started runs, planned in business days of the account's team."""
    if not runs:
        return
    today = Organisation.objects.day_of(at)
    account_ids = [run.account_id for run in runs]
    countries = dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "team__country"))
    RunStep.objects.bulk_create(
        step
        for run in runs
        for step in _steps_of(run, WorkCalendar(countries[run.account_id]), today)
    )


def _steps_of(run: PlaybookRun, calendar: WorkCalendar, today: dt.date) -> list[RunStep]:
    """Plan each step for its business day; a step of day +0 opens at once, also on a Sunday."""
    planned = []
    for position, step in enumerate(run.version.read().steps):
        due_on = calendar.add_workdays(today, step.offset)
        planned.append(
            RunStep(
                run=run,
                key=step.key,
                position=position,
                offset=step.offset,
                role=step.role,
                action=step.action.key,
                after=list(step.after),
                due_on=due_on,
                opens_on=due_on if step.offset else today,
            )
        )
    return planned
