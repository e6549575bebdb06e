"""Which days of health are thinned out: of old weeks one day stands for the others."""

import datetime as dt

from django.db.models import Exists, Q

from accounts.models import ScheduleSlot

#: The slot of the run that thins a day out; it stands for good.
SLOT_KEY = "health.thin"
#: A day that is kept stands for at most so many that follow it.
KEPT_WITHIN = dt.timedelta(days=6)


def slot_of(day: dt.date) -> dt.datetime:
    """Return the instant under which a day is claimed."""
    return dt.datetime.combine(day, dt.time.min, dt.UTC)


def answering_for(day: dt.date) -> Q:
    """Return the days whose rows may answer for a day: of one that was thinned out six more."""
    thinned = Exists(ScheduleSlot.objects.filter(key=SLOT_KEY, slot_at=slot_of(day)))
    return Q(day=day) | Q(thinned, day__range=(day - KEPT_WITHIN, day))
