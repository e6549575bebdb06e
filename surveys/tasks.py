"""What the surveys app does in the background: nothing in, one service call."""

import datetime as dt

from celery import shared_task

from config.lib.bells import answers
from config.lib.clock import app_now
from config.lib.due import due_work
from surveys.services.waves import close_due_waves


@answers("survey.wave_due")
@shared_task
def close_waves() -> None:
    """Close waves whose time is over; the sweep rings each minute."""
    close_due_waves(at=app_now())


@due_work.register("waves")
def close_waves_now(at: dt.datetime) -> int:
    """Close waves whose time is over and return how many."""
    return close_due_waves(at=at)
