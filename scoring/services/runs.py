"""Runs: provisional ones over what changed or over all, the official one that closes a day.

The official run of day D starts ten minutes after its slot, the midnight after D, and only when
no transaction is open that began before it: its facts would be stamped before the slot, missed by
the run and seen by every replay. Shards are rows; whoever locks one computes it.
"""

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Sum

from accounts.models import DirtyAccount, ScheduleSlot
from config.lib.bells import ring
from config.lib.once import reading_once
from config.lib.slots import daily_slot
from scoring.models import HealthRun, HealthShard, IngestBatch
from scoring.selectors.frames import ONE_DAY, frame_at, official_frame, provisional_frame
from scoring.selectors.scorecards import DEPTH, parents_above, roll_up_anything
from scoring.services.alert_runs import close_alerts_of_the_gone
from scoring.services.ingest.known_days import close_known_day
from scoring.services.recompute import Book, Outcome, open_book, recompute_sparing

logger = logging.getLogger(__name__)

SHARD = 10_000
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

#: Spans of ids, those with the most accounts above them first.
_SPANS = """
WITH RECURSIVE below(id, depth) AS (
  SELECT id, 0 FROM accounts_account WHERE %(deep)s AND parent_id IS NULL
  UNION ALL SELECT a.id, b.depth + 1 FROM below b JOIN accounts_account a ON a.parent_id = b.id
)
SELECT depth, min(id), max(id) FROM (
  SELECT a.id, coalesce(b.depth, 0) AS depth,
    (row_number() OVER (PARTITION BY coalesce(b.depth, 0) ORDER BY a.id) - 1) / %(shard)s AS shard
  FROM accounts_account a LEFT JOIN below b ON b.id = a.id
  WHERE a.kind = 'customer' AND a.archived_at IS NULL
) numbered GROUP BY depth, shard ORDER BY depth DESC, shard
"""
_AT_DEPTH = """
SELECT id FROM (
  SELECT a.id, {depth} AS depth FROM accounts_account a
  WHERE a.id BETWEEN %s AND %s AND a.kind = 'customer' AND a.archived_at IS NULL
) a WHERE depth = %s ORDER BY id
"""


@dataclass(frozen=True)
class Span:
    """A span of account ids with equally many accounts above each."""

    depth: int
    low_id: int
    high_id: int


@reading_once()
def recompute_health(*, at: dt.datetime, account_ids: Sequence[int] | None = None) -> Outcome:
    """Recompute these accounts, or all, in this process.

    At a midnight of the organisation this is the official run of the day before, else a
    provisional one. Accounts are taken in shards, each in its own transaction.
    """
    book = open_book(frame=frame_at(at))
    outcome = Outcome()
    for ids in _shards(book, account_ids):
        outcome += recompute_sparing(book=book, account_ids=ids)
    _finish(book.run, outcome, at=at)
    return outcome


def _shards(book: Book, account_ids: Sequence[int] | None) -> Iterator[Sequence[int]]:
    """Yield ids shard by shard: the whole book, or these with the parents they move."""
    if account_ids is None:
        yield from _joined(_ids(span, book) for span in _spans(book))
    elif book.frame.is_official:
        yield account_ids
    else:
        yield _with_parents(book, account_ids)


def _with_parents(book: Book, account_ids: Sequence[int]) -> list[int]:
    """Add the parents whose score is made of these accounts' scores."""
    if not roll_up_anything(book.scorecards):
        return list(account_ids)
    return sorted({*account_ids, *parents_above(account_ids)})


def _joined(shards: Iterator[list[int]]) -> Iterator[list[int]]:
    """Put small shards together; children stay before their parents."""
    together: list[int] = []
    for ids in shards:
        if together and len(together) + len(ids) > SHARD:
            yield together
            together = []
        together = together + ids
    if together:
        yield together


@reading_once()
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
    book = open_book(frame=provisional_frame(at))
    outcome = recompute_sparing(book=book, account_ids=_with_parents(book, account_ids))
    dirty = DirtyAccount.objects.filter(account_id__in=account_ids)
    put_off = at + PUT_OFF
    dirty.filter(account_id__in=outcome.failed).update(first_at=put_off, since=put_off)
    dirty.exclude(account_id__in=outcome.failed).delete()
    _finish(book.run, outcome, at=at)
    return len(account_ids)


@reading_once()
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
    book = open_book(frame=frame)
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_add_health_months(%s, %s)", [frame.day, frame.day + AHEAD])
    HealthShard.objects.bulk_create(
        [HealthShard(run=book.run, **vars(span)) for span in _spans(book)],
        ignore_conflicts=True,
    )
    ring("health.shard")
    return book.run


@reading_once()
@transaction.atomic
def compute_shard(*, at: dt.datetime) -> int:
    """Compute one open shard of an official run that nobody else holds; return how many (0, 1).

    Shards of children come before those of their parents, which wait until all are done.
    """
    deeper = HealthShard.objects.filter(
        run=OuterRef("run"), depth__gt=OuterRef("depth"), done_at=None
    )
    shard = (
        HealthShard.objects.filter(~Exists(deeper), done_at=None)
        .select_related("run")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
        .first()
    )
    if shard is None:
        return 0
    book = open_book(frame=official_frame(shard.run.day), run=shard.run)
    span = Span(shard.depth, shard.low_id, shard.high_id)
    outcome = recompute_sparing(book=book, account_ids=_ids(span, book))
    shard.done_at, shard.accounts = at, outcome.accounts
    shard.transitions, shard.seconds = outcome.transitions, outcome.seconds
    shard.save()
    logger.info("health shard %s of %s: %s", shard.pk, shard.run.day, outcome)
    waiting = shard.run.shards.filter(done_at=None)
    if not waiting.exists():
        _finish_official(shard.run, at=at)
    elif not waiting.filter(depth=shard.depth).exists():
        ring("health.shard")
    return 1


def open_shards() -> int:
    """Return how many shards wait to be computed."""
    return HealthShard.objects.filter(done_at=None).count()


def _spans(book: Book) -> list[Span]:
    """Cut the book into spans of ids with as many accounts each, children first."""
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, {"deep": roll_up_anything(book.scorecards), "shard": SHARD})
        return [Span(*row) for row in cursor.fetchall()]


def _ids(span: Span, book: Book) -> list[int]:
    depth = DEPTH if roll_up_anything(book.scorecards) else "0"
    with connection.cursor() as cursor:
        cursor.execute(_AT_DEPTH.format(depth=depth), [span.low_id, span.high_id, span.depth])
        return [pk for (pk,) in cursor.fetchall()]


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
