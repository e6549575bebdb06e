"""Rows that say what is to be done, and how workers share them without a broker's promise.

A worker *claims* due rows (SKIP LOCKED, lease, `attempts + 1`, commit), works, and writes the
effect and `finish` in one transaction. The fence: `finish` must change exactly one row that is
still leased by the same owner for the same attempt, else another worker has taken over and the
late effect is rolled back. A failing row waits longer each time and is dead after five attempts.

Effects that touch only the database need no lease; this is for mail, webhooks and long jobs.
"""

import datetime as dt
import logging
import os
import socket
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.lib.clock import AppNow

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
FIRST_BACKOFF = dt.timedelta(seconds=30)
LONGEST_ERROR = 2000
LEASE_RAN_OUT = "the lease ran out: the worker was killed or hung"

ClaimableT = TypeVar("ClaimableT", bound="Claimable")


class LeaseLost(Exception):
    """The lease ran out and another worker has claimed, finished or cancelled the row."""


def new_owner() -> str:
    """Name a lease owner that no other claim ever used: host, process and a random part."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def backoff(attempts: int) -> dt.timedelta:
    """Return how long a row waits after its n-th failure: 30 s, 2 min, 8 min, 32 min."""
    return FIRST_BACKOFF * int(4 ** (attempts - 1))


class ClaimQuerySet(models.QuerySet[ClaimableT]):
    """Claim, finish, fail, replay. A subclass names in `marks` what it writes along."""

    #: Further values by event: claimed, finished, postponed, died, replayed.
    marks: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def unfinished(self) -> Self:
        """Keep rows that are neither done nor dead."""
        return self.filter(done_at__isnull=True, dead_at__isnull=True)

    def due(self, at: dt.datetime) -> Self:
        """Keep unfinished rows whose time has come and which nobody holds."""
        unheld = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        return self.unfinished().filter(unheld, due_at__lte=at)

    def dead(self) -> Self:
        """Keep rows that were given up."""
        return self.filter(dead_at__isnull=False)

    def claim(
        self, *, limit: int, lease: dt.timedelta, owner: str, at: dt.datetime
    ) -> list[ClaimableT]:
        """Lease up to `limit` due rows to `owner` and commit, oldest due first.

        Rows locked by another claim are skipped, never waited for. A row whose worker vanished
        on its last attempt dies here. Must not run inside a transaction: the lease has to be
        visible before the work begins.
        """
        with transaction.atomic(durable=True):
            self._bury_exhausted(at)
            due = self.due(at).order_by("due_at", "pk")
            rows = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
            self._write(
                rows,
                attempts=models.F("attempts") + 1,
                leased_by=owner,
                leased_until=at + lease,
                **self.marks.get("claimed", {}),
            )
        for row in rows:
            row.attempts += 1
            row.leased_by, row.leased_until = owner, at + lease
            for name, value in self.marks.get("claimed", {}).items():
                setattr(row, name, value)
        return rows

    def finish(self, row: ClaimableT, *, owner: str, at: dt.datetime, **changes: Any) -> None:
        """Mark the row done; call it in the transaction that writes the effect.

        :raises LeaseLost: when the row is no longer this owner's, which rolls the effect back.
        """
        marks = {**self.marks.get("finished", {}), **changes}
        self._settle(row, owner, done_at=at, last_error="", **marks)

    def fail(self, row: ClaimableT, *, owner: str, error: Exception, at: dt.datetime) -> None:
        """Record a failed attempt: the row is due again after its backoff, or dead.

        :raises LeaseLost: when the row is no longer this owner's.
        """
        if row.attempts >= MAX_ATTEMPTS:
            self.give_up(row, owner=owner, error=error, at=at)
            return
        self._settle(
            row,
            owner,
            due_at=at + backoff(row.attempts),
            last_error=_words(error),
            **self.marks.get("postponed", {}),
        )

    def give_up(self, row: ClaimableT, *, owner: str, error: Exception, at: dt.datetime) -> None:
        """Declare the row dead at once, for an error that no repetition can cure.

        :raises LeaseLost: when the row is no longer this owner's.
        """
        marks = self.marks.get("died", {})
        self._settle(row, owner, dead_at=at, last_error=_words(error), **marks)

    def replay(self, *, at: dt.datetime) -> int:
        """Give the dead rows of this queryset five new attempts, due at once; return how many."""
        return self.dead().update(
            dead_at=None, attempts=0, due_at=at, **self.marks.get("replayed", {})
        )

    @contextmanager
    def attempt(self, row: ClaimableT, *, owner: str, at: dt.datetime) -> Iterator[None]:
        """Run a block that works on one claimed row; what it raises becomes a failed attempt.

        The block calls `finish` in its own transaction. So one poison row never keeps the good
        ones of the same batch from being done.
        """
        try:
            yield
        except LeaseLost:
            logger.info("%s %s was taken over", self.model._meta.label, row.pk)
        except Exception as error:
            logger.warning("%s %s failed: %s", self.model._meta.label, row.pk, type(error).__name__)
            self.fail(row, owner=owner, error=error, at=at)

    def _bury_exhausted(self, at: dt.datetime) -> None:
        exhausted = self.due(at).filter(attempts__gte=MAX_ATTEMPTS)
        rows = list(exhausted.select_for_update(skip_locked=True, of=("self",)))
        marks = self.marks.get("died", {})
        self._write(
            rows, dead_at=at, leased_by="", leased_until=None, last_error=LEASE_RAN_OUT, **marks
        )

    def _write(self, rows: list[ClaimableT], **values: Any) -> None:
        if rows:
            self.model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**values)

    def _settle(self, row: ClaimableT, owner: str, **values: Any) -> None:
        """Give the lease back with the outcome; the filter is the fence."""
        held = self.model._base_manager.filter(
            pk=row.pk, leased_by=owner, attempts=row.attempts, done_at=None, dead_at=None
        )
        if held.update(leased_by="", leased_until=None, **values) != 1:
            raise LeaseLost(f"{self.model._meta.label} {row.pk} is not leased by {owner}")


class Claimable(models.Model):
    """A row that is to be worked on by one worker at a time, until it is done or dead.

    A subclass with a Meta of its own inherits `Claimable.Meta` and keeps its indexes.
    """

    due_at = models.DateTimeField(_("due"), db_default=AppNow())
    leased_until = models.DateTimeField(_("leased until"), null=True, editable=False)
    leased_by = models.CharField(_("leased by"), max_length=100, default="", editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    dead_at = models.DateTimeField(_("given up"), null=True, editable=False)
    last_error = models.TextField(_("last error"), default="", blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
                name="%(class)s_due",
            ),
        ]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
