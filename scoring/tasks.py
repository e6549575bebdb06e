"""What the scoring app does in the background: nothing in, one service call."""

import datetime as dt

from celery import shared_task

from config.lib.bells import answers, ring
from config.lib.clock import app_now
from config.lib.due import due_work
from scoring.services.cohorts import freeze_week
from scoring.services.health_days import thin_health_days
from scoring.services.ingest.batches import process_accepted
from scoring.services.ingest.quarantine import release_quarantine
from scoring.services.ingest.retention import tend_usage
from scoring.services.overrides import let_go_of_expired
from scoring.services.runs import (
    DEBOUNCE,
    compute_shard,
    open_official_run,
    open_shards,
    recompute_dirty,
)
from scoring.services.validations import run_due_validation

NO_REST = dt.timedelta(0)

due_work.register("events")(lambda at: process_accepted(at=at))
due_work.register("released_events")(lambda at: release_quarantine(at=at))
due_work.register("usage_upkeep")(lambda at: tend_usage(at=at))
due_work.register("expired_overrides")(lambda at: let_go_of_expired(at=at))
due_work.register("dirty_accounts")(lambda at: recompute_dirty(at=at, rest=NO_REST))
due_work.register("cohorts")(lambda at: freeze_week(at=at))
due_work.register("health_day")(lambda at: int(open_official_run(at=at) is not None))
due_work.register("health_shards")(lambda at: compute_shard(at=at))
due_work.register("old_health_days")(lambda at: thin_health_days(at=at))
due_work.register("validations")(lambda at: run_due_validation(at=at))


@answers("ingest.accepted")
@shared_task
def process_events() -> None:
    """Make facts of accepted events."""
    process_accepted(at=app_now())


@answers("ingest.quarantined")
@shared_task
def release_events() -> None:
    """Count events set aside whose account is known by now; the sweep rings for it."""
    release_quarantine(at=app_now())


@answers("ingest.upkeep")
@shared_task
def tend_events() -> None:
    """Keep the calendar of partitions; the sweep rings for it, a slot a day does it."""
    tend_usage(at=app_now())


@answers("override.expired")
@shared_task
def let_go_of_overrides() -> None:
    """Have accounts computed again whose override ran out; the sweep rings for it."""
    let_go_of_expired(at=app_now())


@answers("account.dirty")
@shared_task
def await_quiet_accounts() -> None:
    """Compute accounts that changed once they have rested a moment."""
    recompute_dirty_accounts.apply_async(countdown=DEBOUNCE.total_seconds() + 0.1)


@shared_task
def recompute_dirty_accounts() -> None:
    """Compute the health of changed accounts, batch by batch."""
    while recompute_dirty(at=app_now()):
        pass


@answers("health.day")
@shared_task
def start_official_run() -> None:
    """Close the day that ended, when it is time; the sweep rings for it."""
    open_official_run(at=app_now())


@answers("health.cohorts")
@shared_task
def freeze_cohort_tables() -> None:
    """Freeze the distributions of the week that began; the sweep rings, a slot a week does it."""
    freeze_week(at=app_now())


@answers("health.shard")
@shared_task
def share_out_shards() -> None:
    """Have every free worker take shards of the official run."""
    for _ in range(open_shards()):
        compute_health_shard.delay()


@shared_task
def compute_health_shard() -> None:
    """Compute one shard nobody else holds."""
    compute_shard(at=app_now())


@answers("health.thin")
@shared_task
def thin_health_history() -> None:
    """Keep one day a week of what is old; the sweep rings for it, a slot a day does it."""
    thin_health_days(at=app_now())


@answers("validation.queued")
@shared_task
def run_validations() -> None:
    """Carry out one what-if, back-test or linkage, and ring again: there may be more."""
    if run_due_validation(at=app_now()):
        ring("validation.queued")
