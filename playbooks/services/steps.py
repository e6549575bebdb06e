"""Open the steps whose day has come, and close a run when its last step is settled."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Organisation
from playbooks.choices import RunOutcome, RunReason, RunState, StepState
from playbooks.models import PlaybookRun, RunStep
from playbooks.registry import actions
from playbooks.services import batches


def open_due_steps(*, at: dt.datetime) -> int:
    """Open every waiting step whose day has come; return how many.

    The run is locked with its step: whoever ends the run meanwhile waits, or is waited out.
    """
    today = Organisation.objects.day_of(at)

    def claim(besides: set[int]) -> list[RunStep]:
        openable = RunStep.objects.openable(today=today).exclude(pk__in=besides)
        locked = openable.select_related("run").order_by("opens_on", "pk")
        return list(
            locked.select_for_update(skip_locked=True, no_key=True, of=("self", "run"))[
                : batches.BATCH
            ]
        )

    return batches.work_off(claim, lambda steps: _apply(steps, at))


@transaction.atomic
def open_steps_of(*, runs: Sequence[PlaybookRun], at: dt.datetime) -> None:
    """Open the steps of these runs that are due; the caller holds the runs or has made them."""
    if not runs:
        return
    openable = RunStep.objects.openable(today=Organisation.objects.day_of(at))
    steps = list(openable.filter(run__in=[run.pk for run in runs]).order_by("run", "position"))
    _apply(steps, at)


@transaction.atomic
def finish_settled_runs(*, run_ids: Collection[int], at: dt.datetime) -> None:
    """End those of these runs that have no step left to open or to settle."""
    left = RunStep.objects.filter(run=OuterRef("pk"), state__in=[StepState.WAITING, StepState.OPEN])
    settled = PlaybookRun.objects.running().filter(~Exists(left), pk__in=run_ids)
    settled.update(
        state=RunState.ENDED,
        outcome=RunOutcome.COMPLETED,
        reason=RunReason.STEPS_DONE,
        ended_at=at,
    )


def _apply(steps: Sequence[RunStep], at: dt.datetime) -> None:
    """Let each action do its steps, and note that they are open, or done if nothing stays open."""
    loaded = RunStep.objects.filter(pk__in=[step.pk for step in steps]).select_related(
        "run__version", "run__account__team"
    )
    by_action: dict[str, list[RunStep]] = defaultdict(list)
    for step in loaded.order_by("run", "position"):
        by_action[step.action].append(step)
    for key, group in by_action.items():
        action = actions.get(key)
        action.apply(group, at=at)
        opened = RunStep.objects.filter(pk__in=[step.pk for step in group])
        if action.settles_at_once:
            opened.update(state=StepState.DONE, opened_at=at, settled_at=at)
        else:
            opened.update(state=StepState.OPEN, opened_at=at)
    finish_settled_runs(run_ids={step.run_id for step in steps}, at=at)
