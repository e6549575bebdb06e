"""What the scoring app does in the background: nothing in, one service call."""

from celery import shared_task

from config.lib.bells import answers
from config.lib.clock import app_now
from config.lib.due import due_work
from scoring.services.ingest.batches import process_accepted
from scoring.services.ingest.quarantine import release_quarantine
from scoring.services.ingest.retention import tend_usage

due_work.register("events")(lambda at: process_accepted(at=at))
due_work.register("released_events")(lambda at: release_quarantine(at=at))
due_work.register("usage_upkeep")(lambda at: tend_usage(at=at))


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
