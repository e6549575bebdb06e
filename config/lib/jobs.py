"""Long work that a person waits for: one row with state, progress and result.

A job is claimed like any other row, so a killed worker's job is taken up again when its lease
runs out. Progress must be seen while the job's own transaction is still open: `report_progress`
then writes over a connection of its own, at most once a second, and prolongs the lease.
"""

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from config.lib.claims import Claimable, ClaimQuerySet
from config.lib.clock import AppNow
from config.lib.problems import Problem

REPORT_EVERY_SECONDS = 1.0
LEASE = dt.timedelta(minutes=5)

JobT = TypeVar("JobT", bound="JobBase")


class JobCancelled(Exception):
    """Somebody asked this job to stop; raised out of `report_progress`."""


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class JobQuerySet(ClaimQuerySet[JobT]):
    """Claims that keep the job's state in step."""

    marks: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "claimed": {"state": JobState.RUNNING},
        "finished": {"state": JobState.DONE},
        "postponed": {"state": JobState.QUEUED},
        "died": {"state": JobState.FAILED},
        "replayed": {"state": JobState.QUEUED, "error": ""},
    }

    def complete(
        self, job: JobT, *, owner: str, at: dt.datetime, result: Mapping[str, Any]
    ) -> None:
        """Mark the job done with its result, in the transaction that writes its effect.

        :raises LeaseLost: when another worker has taken the job over.
        """
        done = models.F("progress_total")
        self.finish(job, owner=owner, at=at, result=dict(result), progress_done=done)

    def fail(self, row: JobT, *, owner: str, error: Exception, at: dt.datetime) -> None:
        """Record how the job ended: stopped as asked, refused for good, or to be tried again.

        A `Problem` is a verdict about the input, which a second try can't change.

        :raises LeaseLost: when another worker has taken the job over.
        """
        if isinstance(error, JobCancelled):
            self.finish(row, owner=owner, at=at, state=JobState.CANCELLED)
        elif isinstance(error, Problem):
            with transaction.atomic():
                self.give_up(row, owner=owner, error=error, at=at)
                self.filter(pk=row.pk).update(error=str(error))
        else:
            super().fail(row, owner=owner, error=error, at=at)

    def cancel(self, *, at: dt.datetime) -> int:
        """Stop queued jobs at once and ask running ones to stop; return how many it concerns."""
        with transaction.atomic():
            queued = (
                self.unfinished()
                .filter(state=JobState.QUEUED)
                .update(state=JobState.CANCELLED, done_at=at, cancel_requested_at=at)
            )
            running = self.unfinished().filter(state=JobState.RUNNING)
            return queued + running.update(cancel_requested_at=at)


class JobBase(Claimable):
    """One piece of long work, with its state, progress, result and what went wrong."""

    kind = models.CharField(_("kind"), max_length=50)
    state = models.CharField(
        _("state"), max_length=10, choices=JobState, default=JobState.QUEUED, editable=False
    )
    progress_done = models.PositiveIntegerField(_("done so far"), default=0, editable=False)
    progress_total = models.PositiveIntegerField(_("to be done"), default=0, editable=False)
    cancel_requested_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    result = models.JSONField(_("result"), default=dict, blank=True, editable=False)
    error = models.TextField(_("error"), default="", blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)

    #: When this process last wrote progress, by its monotonic clock.
    _reported: float = float("-inf")

    class Meta(Claimable.Meta):
        abstract = True

    @property
    def progress_percent(self) -> int:
        """Whole percent done, 0 while the total is unknown."""
        if not self.progress_total:
            return 0
        return min(100, 100 * self.progress_done // self.progress_total)


def report_progress(job: JobBase, *, done: int, total: int, lease: dt.timedelta = LEASE) -> None:
    """Show how far the job is, at most once a second, and keep it ours for another `lease`.

    Inside a transaction the write goes over a connection of its own, else nobody would see it
    before the end; so the job's transaction touches the job's row only when it finishes. A lease
    that was lost meanwhile shows there too.

    :raises JobCancelled: when somebody asked the job to stop.
    """
    job.progress_done, job.progress_total = done, total
    now = time.monotonic()
    if now - job._reported < REPORT_EVERY_SECONDS:
        return
    job._reported = now
    if _write_progress(job, lease):
        raise JobCancelled(f"{job._meta.label} {job.pk}")


def _write_progress(job: JobBase, lease: dt.timedelta) -> bool:
    table = connection.ops.quote_name(job._meta.db_table)
    with _open_connection() as visible, visible.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET progress_done = %s, progress_total = %s,"  # noqa: S608
            " leased_until = greatest(leased_until, app_now() + make_interval(secs => %s))"
            " WHERE id = %s AND leased_by = %s AND attempts = %s AND done_at IS NULL"
            " RETURNING cancel_requested_at IS NOT NULL",
            [
                job.progress_done,
                job.progress_total,
                lease.total_seconds(),
                job.pk,
                job.leased_by,
                job.attempts,
            ],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


@contextmanager
def _open_connection() -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection on which a write is seen by others at once."""
    if not connection.in_atomic_block:
        yield connection
        return
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        yield own
    finally:
        own.close()
