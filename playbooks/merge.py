"""What a merge does with playbooks: open work goes on at the target, no episode begins twice."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.choices import MergeEffect, MergeKind
from accounts.models import Account
from accounts.registry import MergePart, NewRows, RowChange, merge_parts
from playbooks.choices import RunOutcome, RunReason, RunState, StepState, TaskStatus
from playbooks.models import PlaybookRun, RunStep, Task


def _work(*, source: Account, target: Account, at: dt.datetime) -> Iterator[Any]:
    """Running playbooks and open tasks move; what the target runs itself ends at the source.

    Episodes the source was judged for are noted at the target, so that none begins again there.
    """
    same = PlaybookRun.objects.filter(account=target, playbook=OuterRef("playbook"))
    double = Exists(same.filter(state=RunState.RUNNING)) | Exists(
        same.filter(episode_key=OuterRef("episode_key"))
    )
    running = PlaybookRun.objects.running().filter(account=source)
    ending = list(running.filter(double).values_list("pk", flat=True))
    moving = list(running.exclude(pk__in=ending).values_list("pk", flat=True))
    judged = _judged(source, target, moving, at)
    yield from _ends(ending, at)
    yield RowChange(PlaybookRun.objects.filter(pk__in=moving), {"account_id": target.pk})
    tasks = Task.objects.unfinished().filter(account=source)
    yield RowChange(tasks.exclude(run__in=ending), {"account_id": target.pk})
    yield NewRows(judged, MergeEffect.NOTED)


def _ends(runs: list[int], at: dt.datetime) -> Iterator[RowChange]:
    """End runs with their planned steps and open tasks, the runs first as everywhere."""
    over = {
        "state": RunState.ENDED,
        "outcome": RunOutcome.STOPPED,
        "reason": RunReason.MERGED,
        "ended_at": at,
    }
    yield RowChange(PlaybookRun.objects.filter(pk__in=runs), over, MergeEffect.ENDED)
    planned = RunStep.objects.filter(run__in=runs, state__in=[StepState.WAITING, StepState.OPEN])
    yield RowChange(planned, {"state": StepState.CANCELLED, "settled_at": at}, MergeEffect.ENDED)
    tasks = Task.objects.unfinished().filter(run__in=runs)
    cancelled = {"status": TaskStatus.CANCELLED, "snoozed_until": None}
    yield RowChange(tasks, cancelled, MergeEffect.ENDED)


def _judged(
    source: Account, target: Account, moving: list[int], at: dt.datetime
) -> list[PlaybookRun]:
    known = PlaybookRun.objects.filter(account=target)
    pairs = set(known.values_list("playbook_id", "episode_key"))
    runs = PlaybookRun.objects.filter(account=source).exclude(pk__in=moving).order_by("pk")
    return [
        PlaybookRun(
            playbook_id=run.playbook_id,
            version_id=run.version_id,
            account=target,
            episode_key=run.episode_key,
            entered_at=run.entered_at,
            started_at=at,
            state=RunState.SKIPPED,
            ended_at=at,
            reason=RunReason.MERGED,
        )
        for run in runs
        if (run.playbook_id, run.episode_key) not in pairs
    ]


merge_parts.register("playbooks")(
    MergePart("playbooks", _("Playbook runs and open tasks"), MergeKind.ACCOUNT, 70, _work)
)
