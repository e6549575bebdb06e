"""Make facts of accepted batches: several at a time, each exactly once, a bad one by itself.

The effects touch only the database, so there is no lease: batches are locked, and their effect and
their end are one commit. A worker that is killed leaves nothing behind and the lock goes with it.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet

from accounts.models import Organisation
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.merges.moves import keep_merges_off
from config.lib.bells import ring
from config.lib.claims import LONGEST_ERROR, MAX_ATTEMPTS, backoff
from scoring.models import IngestBatch
from scoring.services.ingest import aliases, faults, resolution, rollups, stage, traits
from scoring.services.ingest.acceptance import ACCEPTED_BELL
from scoring.services.ingest.known_days import share_open_day

logger = logging.getLogger(__name__)

MOST_BATCHES = 100
MOST_ITEMS = 10_000
MOST_ROUNDS = 50
DIRTY_REASON = "usage"


def process_accepted(*, at: dt.datetime) -> int:
    """Process accepted batches, oldest first, and return how many are done.

    Stops after many rounds and rings for the rest, so that no task runs for ever.
    """
    done = 0
    for _ in range(MOST_ROUNDS):
        taken, finished = _process_round(at)
        done += finished
        if not taken:
            return done
    ring(ACCEPTED_BELL)
    return done


def replay_dead_batches(*, ids: list[int], at: dt.datetime) -> int:
    """Give batches that were given up five new attempts; return how many."""
    dead = IngestBatch.objects.filter(pk__in=ids, dead_at__isnull=False)
    replayed = dead.update(dead_at=None, attempts=0, due_at=at)
    ring(ACCEPTED_BELL)
    return replayed


def count_facts(*, zone: str, at: dt.datetime, keep: Callable[..., None]) -> list[int]:
    """Turn what is staged into events and roll-ups; return the accounts to be marked, at the end.

    :param keep: the function of `stage` that passes on what is to be counted.
    """
    store_facts(zone=zone, at=at, keep=keep)
    traits.apply_traits(at=at)
    faults.note_unsummed(zone=zone)
    return rollups.add_up()


def store_facts(*, zone: str, at: dt.datetime, keep: Callable[..., None]) -> None:
    """Find whose the staged messages are; keep as events those of known accounts, others aside."""
    rollups.prepare_months(zone=zone)
    resolution.create_accounts(at=at)
    keep(zone=zone, open_on=share_open_day())
    resolution.resolve_people()
    resolution.set_unknown_aside()
    rollups.store_events()


def _process_round(at: dt.datetime) -> tuple[int, int]:
    """Process one set of batches; return how many were taken and how many finished."""
    batches: list[IngestBatch] = []
    try:
        with transaction.atomic():
            batches = _lock(_due(at)[:MOST_BATCHES])
            _process(batches, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.warning("a set of %d batches failed, trying each by itself", len(batches))
        return len(batches), sum(_process_alone(batch.pk, at) for batch in batches)
    return len(batches), len(batches)


def _process_alone(pk: int, at: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            batches = _lock(_due(at).filter(pk=pk))
            _process(batches, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.warning("batch %d failed: %s", pk, type(error).__name__)
        _note_failure(pk, error, at)
        return False
    return bool(batches)


def _due(at: dt.datetime) -> QuerySet[IngestBatch]:
    return IngestBatch.objects.filter(done_at=None, dead_at=None, due_at__lte=at).order_by("pk")


def _lock(due: QuerySet[IngestBatch]) -> list[IngestBatch]:
    """Lock batches nobody else holds, up to so many items; the rest is free again at the commit."""
    taken: list[IngestBatch] = []
    items = 0
    for batch in due.select_for_update(skip_locked=True, of=("self",)):
        if taken and items + batch.items > MOST_ITEMS:
            break
        taken.append(batch)
        items += batch.items
    return taken


def _process(batches: list[IngestBatch], at: dt.datetime) -> None:
    if not batches:
        return
    keep_merges_off()
    zone = Organisation.objects.zone().key
    stage.open_stage()
    bodies = stage.read_bodies(batches)
    stage.copy_to_stage(bodies.rows)
    aliases.apply_aliases(bodies.aliases)
    touched = count_facts(zone=zone, at=at, keep=stage.keep_unseen)
    rollups.end_batches(staged=bodies.counts, zone=zone, at=at)
    mark_accounts_dirty(account_ids=touched, reason=DIRTY_REASON, at=at)


def _note_failure(pk: int, error: Exception, at: dt.datetime) -> None:
    with transaction.atomic():
        batch = IngestBatch.objects.select_for_update().get(pk=pk)
        batch.attempts = F("attempts") + 1
        batch.save(update_fields=["attempts"])
        batch.refresh_from_db(fields=["attempts"])
        batch.last_error = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        batch.due_at = at + backoff(batch.attempts)
        batch.dead_at = at if batch.attempts >= MAX_ATTEMPTS else None
        batch.save(update_fields=["last_error", "due_at", "dead_at"])
