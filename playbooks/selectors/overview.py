"""A playbook as its page shows it: conditions in words, steps, whom it would reach."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts.querysets import AccountQuerySet
from playbooks.choices import RunState, StepRole
from playbooks.domain.definition import Definition, Step
from playbooks.models import Playbook, PlaybookRun, PlaybookVersion
from playbooks.models.words import in_reading_language
from playbooks.querysets import PlaybookQuerySet
from playbooks.registry import make_trigger
from playbooks.selectors.verdicts import count_would_start


@dataclass(frozen=True)
class StepLine:
    """A step in the reader's language."""

    step: Step
    title: str
    text: str
    role: str


@dataclass(frozen=True)
class Overview:
    """A playbook with its current version in words and its figures within the reader's reach."""

    playbook: Playbook
    version: PlaybookVersion
    trigger: str
    ending: str
    cool_down_days: int
    steps: Sequence[StepLine]
    would_start: int
    running: int
    ended: int


@dataclass(frozen=True)
class PlaybookLine:
    """A playbook in the list: what starts it in words, how long it is, how many runs go on."""

    playbook: Playbook
    trigger: str
    steps: int
    running: int


def playbook_lines(playbooks: PlaybookQuerySet, *, user: Any) -> list[PlaybookLine]:
    """Return playbooks in the order of their keys, in three statements; runs the reader sees."""
    current = PlaybookVersion.objects.current().filter(playbook__in=playbooks)
    definitions = {version.playbook_id: version.read() for version in current}
    runs = PlaybookRun.objects.visible_to(user).running().order_by()
    running = dict(runs.values_list("playbook").annotate(n=Count("pk")))
    return [
        PlaybookLine(
            playbook=playbook,
            trigger=_in_words(definitions[playbook.pk].trigger),
            steps=len(definitions[playbook.pk].steps),
            running=running.get(playbook.pk, 0),
        )
        for playbook in playbooks.order_by("key")
    ]


def overview_of(
    playbook: Playbook, accounts: AccountQuerySet, *, user: Any, at: dt.datetime
) -> Overview:
    """Return one playbook; accounts are those the reader may see, judged as if it began now."""
    version = PlaybookVersion.objects.current().get(playbook=playbook)
    definition = version.read()
    runs = (
        PlaybookRun.objects.visible_to(user)
        .filter(playbook=playbook)
        .aggregate(
            running=Count("pk", filter=Q(state=RunState.RUNNING)),
            ended=Count("pk", filter=Q(state=RunState.ENDED)),
        )
    )
    return Overview(
        playbook=playbook,
        version=version,
        trigger=_in_words(definition.trigger),
        ending=_in_words(definition.exit.trigger) if definition.exit else "",
        cool_down_days=definition.cool_down_days,
        steps=_lines(definition),
        would_start=count_would_start(version, accounts, at=at),
        **runs,
    )


def _in_words(plugin: Any) -> str:
    return make_trigger(plugin.key, plugin.params).in_words()


def _lines(definition: Definition) -> list[StepLine]:
    return [
        StepLine(
            step=step,
            title=in_reading_language(en=step.title.en, ja=step.title.ja),
            text=in_reading_language(en=step.text.en, ja=step.text.ja),
            role=str(StepRole(step.role).label),
        )
        for step in definition.steps
    ]
