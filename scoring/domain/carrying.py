"""The last value seen of a measure, folded forward from day to day like the band.

It stands in while the measure is missing, ages, and is dropped once the dimension says it is gone.
"""

import datetime as dt
from collections.abc import Mapping

from scoring.domain.definition import Definition
from scoring.domain.freshness import MISSING, Reading

#: Of each metric the value and the day it is from.
Kept = Mapping[str, tuple[float, dt.date]]


def kept_readings(kept: Kept, *, day: dt.date) -> dict[str, Reading]:
    """Return what was kept as readings of a day."""
    return {key: Reading(x, float((day - since).days)) for key, (x, since) in kept.items()}


def keep(
    definition: Definition, readings: Mapping[str, Reading], kept: Kept, *, day: dt.date
) -> dict[str, tuple[float, dt.date]]:
    """Return what a day leaves to the next one."""
    result = {}
    for dimension, measure in definition.carried:
        reading = readings.get(measure.metric, MISSING)
        if reading.x is not None:
            result[measure.metric] = (reading.x, day - dt.timedelta(days=int(reading.age)))
        elif measure.metric in kept and dimension.gone_days is not None:
            x, since = kept[measure.metric]
            if (day - since).days < dimension.gone_days:
                result[measure.metric] = (x, since)
    return result
