"""Open a wave of a survey, and close it when its last day is over."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from config.lib.problems import FieldError, Problem
from surveys.choices import WaveState
from surveys.models import Survey, Wave

LONGEST_DAYS = 60
REPORT_AFTER = dt.timedelta(days=30)


class WaveDatesRefused(Problem):
    """The days of a wave contradict each other."""

    code = "wave_dates_refused"
    title = _("These days don't make a wave.")


@transaction.atomic
def open_wave(
    *,
    survey: Survey,
    name: str,
    closes_on: dt.date,
    at: dt.datetime,
    report_on: dt.date | None = None,
) -> Wave:
    """Open a wave today; it takes answers to the end of `closes_on` in the organisation's zone.

    :raises WaveDatesRefused: when it would close before today or run longer than 60 days.
    """
    zone = Organisation.objects.zone()
    today = at.astimezone(zone).date()
    if not today <= closes_on <= today + dt.timedelta(days=LONGEST_DAYS):
        detail = _("The last day must lie between today and 60 days from now.")
        raise WaveDatesRefused(detail, errors=[FieldError("/closes_on", detail)])
    report_on = report_on or closes_on + REPORT_AFTER
    if report_on < closes_on:
        detail = _("The results can't be promised before the last day.")
        raise WaveDatesRefused(detail, errors=[FieldError("/report_on", detail)])
    midnight = dt.datetime.combine(closes_on + dt.timedelta(days=1), dt.time(), zone)
    return Wave.objects.create(
        survey=survey,
        name=name,
        state=WaveState.OPEN,
        opens_on=today,
        closes_on=closes_on,
        closes_at=midnight,
        report_on=report_on,
    )


@transaction.atomic
def close_due_waves(*, at: dt.datetime) -> int:
    """Close every wave whose time is over and return how many there were."""
    return Wave.objects.overdue(at).update(state=WaveState.CLOSED)
