"""Which episodes of an account start a run, and why the others do not.

An episode is a stretch of time that began at an instant, named by a key that is the same however
often anybody looks. Each is judged once; the verdict is stored as a run, started or skipped.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Episode:
    """Something began for an account at an instant."""

    account_id: int
    key: str
    at: dt.datetime


@dataclass(frozen=True)
class PastRun:
    """An episode of the account that was judged already."""

    episode_key: str
    entered_at: dt.datetime
    is_running: bool
    was_started: bool


@dataclass(frozen=True)
class Verdict:
    """An empty reason means the run starts; otherwise it is a value of `RunReason`."""

    episode: Episode
    reason: str = ""


def judge(
    episodes: Iterable[Episode],
    *,
    past: Sequence[PastRun],
    exits: Iterable[dt.datetime],
    cool_down: dt.timedelta,
) -> list[Verdict]:
    """Judge the episodes of one account that were not judged before, oldest first.

    Only the newest may start: what was over, or was followed by another episode before anybody
    looked, gives nobody work. The cool-down counts from the beginning of the last started run to
    the beginning of this one, so the verdict does not depend on when it is made.

    :param exits: instants at which the exit condition of the playbook came true.
    """
    judged = {run.episode_key for run in past}
    new = sorted(
        (episode for episode in episodes if episode.key not in judged),
        key=lambda episode: (episode.at, episode.key),
    )
    newest_past = max((run.entered_at for run in past), default=None)
    last_exit = max(exits, default=None)
    verdicts = [Verdict(episode, "superseded") for episode in new[:-1]]
    for episode in new[-1:]:
        if newest_past is not None and newest_past > episode.at:
            reason = "superseded"
        elif last_exit is not None and last_exit > episode.at:
            reason = "already_over"
        else:
            reason = _held_back(episode, past, cool_down)
        verdicts.append(Verdict(episode, reason))
    return verdicts


def _held_back(episode: Episode, past: Sequence[PastRun], cool_down: dt.timedelta) -> str:
    if any(run.is_running for run in past):
        return "already_running"
    if any(run.was_started and episode.at - run.entered_at < cool_down for run in past):
        return "cool_down"
    return ""
