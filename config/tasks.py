"""The only periodic task: once a minute ring every bell, so that what was missed is found."""

from typing import Any

from celery import shared_task
from celery.signals import beat_init

from config.heartbeat import record_heartbeat
from config.lib.bells import ring_everything


@shared_task
def sweep() -> None:
    record_heartbeat()
    ring_everything()


@beat_init.connect
def sweep_at_once(**_: Any) -> None:
    sweep.delay()
