"""What the measures of a definition say of an account, without its weights."""

import datetime as dt
from collections.abc import Mapping, Sequence

from scoring.domain.cohorts import NO_NORMS, Norms
from scoring.domain.definition import Definition
from scoring.domain.freshness import read_metric
from scoring.registry import Metric
from scoring.selectors.frames import Frame


def healths(
    definition: Definition,
    slots: Mapping[str, int],
    values: Sequence[float | None],
    seen: Sequence[dt.date | None],
    *,
    frame: Frame,
    known: Mapping[str, Metric],
    norms: Mapping[str, Norms],
) -> tuple[float, ...]:
    """Return (u − r) / 50 of each measure in order; 0 where it says nothing.

    A measure that is told by its cohort alone says nothing without its table.

    :param norms: what the account is held against, by metric.
    """
    found = []
    for _, measure, _ in definition.measures:
        slot = slots.get(measure.metric)
        utility = None
        if slot is not None and slot <= len(values):
            reading = read_metric(
                known[measure.metric].reckoning,
                values[slot - 1],
                seen[slot - 1],
                day=frame.day,
                business_days=frame.business_days,
            )
            if reading.x is not None:
                own = norms.get(measure.metric, NO_NORMS)
                utility = measure.curve.utility(reading.x, own)
        found.append(0.0 if utility is None else (utility - definition.reference) / 50)
    return tuple(found)
