"""Runs: provisional ones over what changed or over all, the official one that closes a day.

The official run of day D starts ten minutes after its slot, the midnight after D, and only when
no transaction is open that began before it: its facts would be stamped before the slot, missed by
the run and seen by every replay. Shards are rows; whoever locks one computes it.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, Sum

from accounts.models import Account, DirtyAccount, ScheduleSlot
from config.lib.bells import ring
from config.lib.slots import daily_slot
from scoring.choices import RunKind
from scoring.models import HealthRun, HealthShard, IngestBatch
from scoring.selectors.frames import ONE_DAY, Frame, frame_at, official_frame, provisional_frame
from scoring.selectors.scorecards import acting_scorecards
from scoring.services.alert_runs import close_alerts_of_the_gone
from scoring.services.ingest.known_days import close_known_day
from scoring.services.recompute import ENGINE, Outcome, open_book, recompute_sparing

logger = logging.getLogger(__name__)

SHARD = 5_000
DIRTY_LIMIT = 1_000
DEBOUNCE = dt.timedelta(seconds=2)
#: The official run waits so long after its slot, until transactions of the old day have ended.
GRACE = dt.timedelta(minutes=10)
#: An account that can't be computed is tried again after this time, or when its facts change.
PUT_OFF = dt.timedelta(minutes=30)
#: Months of daily rows are laid so far ahead.
AHEAD = dt.timedelta(days=92)
SLOT_KEY = "health.daily"

_OPEN_TRANSACTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
  AND pid <> pg_backend_pid() AND xact_start + (app_now() - now()) <= %s
"""

_DIRTY = """
SELECT account_id FROM accounts_dirtyaccount
WHERE since <= %(quiet)s OR first_at <= %(starving)s
ORDER BY account_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""

_SPANS = """
SELECT min(id), max(id) FROM (
  SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS shard FROM accounts_account
  WHERE kind = 'customer' AND archived_at IS NULL
) numbered GROUP BY shard ORDER BY shard
"""


def recompute_health(*, at: dt.datetime, account_ids: Sequence[int] | None = None) -> Outcome:
    """Recompute these accounts, or all, in this process.

    At a midnight of the organisation this is the official run of the day before, else a
    provisional one. Accounts are taken in shards, each in its own transaction.
    """
    frame = frame_at(at)
    book = open_book(run=start_run(frame=frame), frame=frame)
    outcome = Outcome()
    shards = (_ids(low, high) for low, high in _spans()) if account_ids is None else [account_ids]
    for ids in shards:
        outcome += recompute_sparing(book=book, account_ids=ids)
    _finish(book.run, outcome, at=at)
    return outcome


def start_run(*, frame: Frame) -> HealthRun:
    """Return the run of a frame: a new one, or the one official run of its day."""
    cards = {c.key: {"number": c.number, "digest": c.digest} for c in acting_scorecards(frame.day)}
    values = {"t": frame.t, "k": frame.k, "versions": cards, "engine": ENGINE}
    if frame.is_official:
        return HealthRun.objects.get_or_create(
            kind=RunKind.OFFICIAL, day=frame.day, defaults=values
        )[0]
    return HealthRun.objects.create(kind=frame.kind, day=frame.day, **values)


@transaction.atomic
def recompute_dirty(*, at: dt.datetime, rest: dt.timedelta = DEBOUNCE) -> int:
    """Recompute accounts whose facts changed and then rested a moment; return how many.

    A busy account that never rests is taken after twice the time.

    Their rows stay locked through the computation: other workers skip them, and a change that
    arrives meanwhile waits and marks them anew.
    """
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "quiet": at - rest,
            "starving": at - 2 * rest,
            "limit": DIRTY_LIMIT,
        }
        cursor.execute(_DIRTY, values)
        account_ids = [pk for (pk,) in cursor.fetchall()]
    if not account_ids:
        return 0
    frame = provisional_frame(at)
    book = open_book(run=start_run(frame=frame), frame=frame)
    outcome = recompute_sparing(book=book, account_ids=account_ids)
    dirty = DirtyAccount.objects.filter(account_id__in=account_ids)
    put_off = at + PUT_OFF
    dirty.filter(account_id__in=outcome.failed).update(first_at=put_off, since=put_off)
    dirty.exclude(account_id__in=outcome.failed).delete()
    _finish(book.run, outcome, at=at)
    return len(account_ids)


@transaction.atomic
def open_official_run(*, at: dt.datetime) -> HealthRun | None:
    """Lay out the official run of the newest day that ended, as shards; None when not yet due.

    However many beats ask, the slot's row lets one of them through.
    """
    zone = ZoneInfo(provisional_frame(at).zone)
    slot = daily_slot(at, zone=zone)
    if at < slot + GRACE or ScheduleSlot.objects.filter(key=SLOT_KEY, slot_at=slot).exists():
        return None
    if _is_blocked(slot):
        logger.warning("official health run waits: facts from before %s are still coming", slot)
        return None
    _, is_first = ScheduleSlot.objects.get_or_create(
        key=SLOT_KEY, slot_at=slot, defaults={"taken_at": at}
    )
    if not is_first:
        return None
    frame = official_frame(slot.astimezone(zone).date() - ONE_DAY)
    close_known_day(day=frame.day, at=at)
    run = start_run(frame=frame)
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_add_health_months(%s, %s)", [frame.day, frame.day + AHEAD])
    HealthShard.objects.bulk_create(
        [HealthShard(run=run, low_id=low, high_id=high) for low, high in _spans()],
        ignore_conflicts=True,
    )
    ring("health.shard")
    return run


@transaction.atomic
def compute_shard(*, at: dt.datetime) -> int:
    """Compute one open shard of an official run that nobody else holds; return how many (0, 1)."""
    shard = (
        HealthShard.objects.filter(done_at=None)
        .select_related("run")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
        .first()
    )
    if shard is None:
        return 0
    book = open_book(run=shard.run, frame=official_frame(shard.run.day))
    outcome = recompute_sparing(book=book, account_ids=_ids(shard.low_id, shard.high_id))
    shard.done_at, shard.accounts = at, outcome.accounts
    shard.transitions, shard.seconds = outcome.transitions, outcome.seconds
    shard.save()
    logger.info("health shard %s of %s: %s", shard.pk, shard.run.day, outcome)
    if not shard.run.shards.filter(done_at=None).exists():
        _finish_official(shard.run, at=at)
    return 1


def open_shards() -> int:
    """Return how many shards wait to be computed."""
    return HealthShard.objects.filter(done_at=None).count()


def _spans() -> list[tuple[int, int]]:
    """Cut the book into spans of ids with as many accounts each."""
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [SHARD])
        return cursor.fetchall()  # type: ignore[no-any-return]


def _ids(low: int, high: int) -> list[int]:
    accounts = Account.objects.unarchived().filter(kind="customer", pk__range=(low, high))
    return list(accounts.order_by("pk").values_list("pk", flat=True))


def _is_blocked(slot: dt.datetime) -> bool:
    """Say whether facts of the old day are still on their way: open transactions, batches."""
    waiting = IngestBatch.objects.filter(done_at=None, dead_at=None, received_at__lte=slot)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_TRANSACTIONS, [slot])
        return bool(cursor.fetchone()[0]) or waiting.exists()


def _finish(run: HealthRun, outcome: Outcome, *, at: dt.datetime) -> None:
    HealthRun.objects.filter(pk=run.pk).update(
        finished_at=at,
        accounts=outcome.accounts,
        transitions=outcome.transitions,
        seconds=outcome.seconds,
    )


def _finish_official(run: HealthRun, *, at: dt.datetime) -> None:
    close_alerts_of_the_gone(at=run.t, day=run.day)
    total = run.shards.aggregate(
        n=Count("pk"), a=Sum("accounts"), t=Sum("transitions"), s=Sum("seconds")
    )
    _finish(run, Outcome(total["a"] or 0, total["t"] or 0, total["s"] or 0.0), at=at)
