"""Which episodes a playbook version finds, and what becomes of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Account
from playbooks.choices import RunState
from playbooks.domain.episodes import Episode, PastRun, Verdict, judge
from playbooks.models import PlaybookRun, PlaybookVersion
from playbooks.registry import make_trigger

Begun = dict[int, list[Episode]]


def verdicts_on(
    version: PlaybookVersion,
    accounts: QuerySet[Account],
    *,
    since: dt.datetime | None,
    at: dt.datetime,
) -> list[Verdict]:
    """Judge the episodes of (since, at] that have no run yet; three statements, however many."""
    definition = version.read()
    trigger = make_trigger(definition.trigger.key, definition.trigger.params)
    begun: Begun = defaultdict(list)
    for episode in trigger.episodes(accounts, since=since, until=at):
        begun[episode.account_id].append(episode)
    if not begun:
        return []
    past = _past_runs(version, begun)
    exits = _exits(version, begun, at)
    cool_down = dt.timedelta(days=definition.cool_down_days)
    return [
        verdict
        for account_id, episodes in begun.items()
        for verdict in judge(
            episodes, past=past[account_id], exits=exits[account_id], cool_down=cool_down
        )
    ]


def count_would_start(
    version: PlaybookVersion, accounts: QuerySet[Account], *, at: dt.datetime
) -> int:
    """Count the accounts whose present episode would start a run, had it begun just now."""
    verdicts = verdicts_on(version, accounts, since=None, at=at)
    return sum(not verdict.reason for verdict in verdicts)


def _past_runs(version: PlaybookVersion, account_ids: Iterable[int]) -> dict[int, list[PastRun]]:
    runs = PlaybookRun.objects.filter(playbook=version.playbook_id, account__in=list(account_ids))
    past: dict[int, list[PastRun]] = defaultdict(list)
    for account_id, key, entered_at, state in runs.values_list(
        "account_id", "episode_key", "entered_at", "state"
    ):
        is_running, was_started = state == RunState.RUNNING, state != RunState.SKIPPED
        past[account_id].append(PastRun(key, entered_at, is_running, was_started))
    return past


def _exits(version: PlaybookVersion, begun: Begun, at: dt.datetime) -> dict[int, list[dt.datetime]]:
    exits: dict[int, list[dt.datetime]] = defaultdict(list)
    ending = version.read().exit
    if ending is not None:
        trigger = make_trigger(ending.trigger.key, ending.trigger.params)
        first = min(episode.at for episodes in begun.values() for episode in episodes)
        accounts = Account.objects.filter(pk__in=list(begun))
        for episode in trigger.episodes(accounts, since=first, until=at):
            exits[episode.account_id].append(episode.at)
    return exits
