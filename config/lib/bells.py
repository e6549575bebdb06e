"""Say that something is due, without knowing who cares and without depending on the broker.

Whoever commits news calls `ring("health.transition")`; a task of an upper app subscribes with
`@answers("health.transition")`. Rows in PostgreSQL are the truth, the bell only makes it quick:
a lost stroke is made up by the sweep (`ring_everything`), a doubled one finds nothing to do.
So a stroke never fails and never keeps a request waiting.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from celery import Task
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

TaskT = TypeVar("TaskT", bound="Task[..., Any]")

#: After a failed publish this process leaves the broker alone for so many seconds.
REST_SECONDS = 5.0
#: A failure quicker than this was a stale connection, and one more try is cheap.
QUICK_SECONDS = 0.5
BROKER_ERRORS = (OperationalError, RedisError, OSError)

_answering: dict[str, list["Task[..., Any]"]] = defaultdict(list)


@dataclass(eq=False)
class _Peal:
    """All strokes of one bell in one transaction: the first to run sounds, the rest are still."""

    sounded: bool = False


@dataclass(frozen=True)
class _Stroke:
    """One call of `ring`, waiting for the commit."""

    name: str
    peal: _Peal

    def __call__(self) -> None:
        if not self.peal.sounded:
            self.peal.sounded = True
            for task in _answering.get(self.name, ()):
                _broker.publish(task)


@dataclass
class _Broker:
    """Publishes within two seconds or gives up, and rests a while after giving up."""

    resting_until: float = field(default=0.0)

    def publish(self, task: "Task[..., Any]") -> None:
        started = time.monotonic()
        if started < self.resting_until:
            return
        try:
            self._publish_once_more_if_quick(task, started)
        except BROKER_ERRORS as error:
            self.resting_until = time.monotonic() + REST_SECONDS
            logger.warning("bell lost, the sweep makes up for it: %s", type(error).__name__)

    def _publish_once_more_if_quick(self, task: "Task[..., Any]", started: float) -> None:
        try:
            task.apply_async(retry=False)
        except BROKER_ERRORS:
            if time.monotonic() - started > QUICK_SECONDS:
                raise
            task.apply_async(retry=False)


_broker = _Broker()


def answers(name: str) -> Callable[[TaskT], TaskT]:
    """Return a decorator that has a Celery task without arguments answer the bell `name`."""

    def subscribe(task: TaskT) -> TaskT:
        _answering[name].append(task)
        return task

    return subscribe


def ring(name: str) -> None:
    """Have every task that answers `name` run soon after this transaction commits, once each."""
    transaction.on_commit(_Stroke(name, _open_peal(name)))


def ring_everything() -> None:
    """Ring each bell that anybody answers: the sweep that finds what lost strokes left behind."""
    for name in sorted(_answering):
        ring(name)


def _open_peal(name: str) -> _Peal:
    """Join the peal of this transaction, or begin one.

    Strokes are not dropped when they are struck but when they run: a stroke inside a savepoint
    may still be rolled back, and must not silence one that stays.
    """
    for entry in reversed(connection.run_on_commit):
        waiting = entry[1]
        if isinstance(waiting, _Stroke) and waiting.name == name and not waiting.peal.sounded:
            return waiting.peal
    return _Peal()
