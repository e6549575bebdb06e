"""Begin and end runs, for many accounts in a constant number of statements."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from accounts.models import Account
from config.lib.registry import UnknownKey
from playbooks.choices import RunOutcome, RunReason, RunState, StepState, TaskStatus
from playbooks.domain.definition import Plugin
from playbooks.domain.episodes import Verdict
from playbooks.models import Playbook, PlaybookRun, PlaybookVersion, RunStep, Task
from playbooks.registry import Trigger, make_trigger
from playbooks.selectors.verdicts import verdicts_on
from playbooks.services.plans import plan_steps
from playbooks.services.steps import open_steps_of

logger = logging.getLogger(__name__)


@transaction.atomic
def start_new_runs(
    *, account_ids: Collection[int], bell: str, at: dt.datetime
) -> list[PlaybookRun]:
    """Judge the new episodes of these accounts for every active playbook that hears `bell`.

    Started and skipped episodes alike leave a run, so each is judged once. The caller holds the
    accounts' locks. Statements: a handful a playbook, whatever the number of accounts.
    """
    accounts = Account.objects.active().filter(pk__in=account_ids)
    current = PlaybookVersion.objects.filter(
        pk__in=PlaybookVersion.objects.current().values("pk"),
        playbook__in=Playbook.objects.active(),
    )
    started: list[PlaybookRun] = []
    for version in current.select_related("playbook").order_by("playbook_id"):
        trigger = _trigger_hearing(bell, version.read().trigger)
        if trigger is not None:
            verdicts = verdicts_on(version, accounts, since=version.playbook.active_since, at=at)
            started += _record(version, verdicts, at)
    plan_steps(runs=started, at=at)
    open_steps_of(runs=started, at=at)
    return started


@transaction.atomic
def close_exited_runs(*, account_ids: Collection[int], bell: str, at: dt.datetime) -> int:
    """End the runs of these accounts whose exit condition came true after they were entered.

    Runs keep the version they began with, and end also when their playbook is switched off.
    """
    running = PlaybookRun.objects.running().filter(account__in=account_ids)
    by_version: dict[PlaybookVersion, list[PlaybookRun]] = defaultdict(list)
    for run in running.select_related("version").order_by("pk"):
        by_version[run.version].append(run)
    by_outcome: dict[str, list[int]] = defaultdict(list)
    for version, runs in by_version.items():
        ending = version.read().exit
        trigger = ending and _trigger_hearing(bell, ending.trigger)
        if ending and trigger:
            exited = _exited(runs, trigger, at)
            by_outcome[ending.outcome] += exited
    for outcome, run_ids in by_outcome.items():
        end_runs(run_ids=run_ids, outcome=outcome, reason=RunReason.EXIT_CONDITION, at=at)
    return sum(len(run_ids) for run_ids in by_outcome.values())


@transaction.atomic
def end_runs(*, run_ids: Collection[int], outcome: str, reason: str, at: dt.datetime) -> None:
    """End runs and close what is open of them, with the reason.

    The runs first: a step that is just being opened holds their lock, and its task is seen here.
    """
    if not run_ids:
        return
    PlaybookRun.objects.running().filter(pk__in=run_ids).update(
        state=RunState.ENDED, outcome=outcome, reason=reason, ended_at=at
    )
    RunStep.objects.filter(run__in=run_ids, state__in=[StepState.WAITING, StepState.OPEN]).update(
        state=StepState.CANCELLED, settled_at=at
    )
    Task.objects.unfinished().filter(run__in=run_ids).update(
        status=TaskStatus.CANCELLED, snoozed_until=None, updated_at=at
    )


@transaction.atomic
def stop_run(*, run: PlaybookRun, at: dt.datetime, outcome: str = RunOutcome.STOPPED) -> None:
    """Stop a run by hand; what is open of it is cancelled. An ended run stays as it is."""
    end_runs(run_ids=[run.pk], outcome=outcome, reason=RunReason.BY_HAND, at=at)


def _trigger_hearing(bell: str, plugin: Plugin) -> Trigger | None:
    try:
        trigger = make_trigger(plugin.key, plugin.params)
    except UnknownKey:
        logger.error("a published playbook names a trigger that is gone: %s", plugin.key)
        return None
    return trigger if trigger.bell == bell else None


def _exited(runs: list[PlaybookRun], trigger: Trigger, at: dt.datetime) -> list[int]:
    entered = {run.account_id: run.entered_at for run in runs}
    accounts = Account.objects.filter(pk__in=list(entered))
    exits = trigger.episodes(accounts, since=min(entered.values()), until=at)
    over = {left.account_id for left in exits if left.at > entered[left.account_id]}
    return [run.pk for run in runs if run.account_id in over]


def _record(
    version: PlaybookVersion, verdicts: list[Verdict], at: dt.datetime
) -> list[PlaybookRun]:
    """Insert a run a verdict and return the started ones."""
    runs = [
        PlaybookRun(
            playbook=version.playbook,
            version=version,
            account_id=verdict.episode.account_id,
            episode_key=verdict.episode.key,
            entered_at=verdict.episode.at,
            started_at=at,
            state=RunState.SKIPPED if verdict.reason else RunState.RUNNING,
            ended_at=at if verdict.reason else None,
            reason=verdict.reason,
        )
        for verdict in verdicts
    ]
    created = PlaybookRun.objects.bulk_create(runs)
    return [run for run in created if run.state == RunState.RUNNING]
