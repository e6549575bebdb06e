"""Give every metric its place in the value arrays, once and for ever."""

from django.db import connection, transaction

from scoring.models import MetricDefinition
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.scorecards import metric_slots

#: Two processes may meet a new metric at the same moment; the second waits and finds it there.
_WAIT = "SELECT pg_advisory_xact_lock(hashtext('scoring_metric_slots'))"
_ADD = """
INSERT INTO scoring_metricdefinition (key, slot, created_at)
SELECT fresh.key, base.n + row_number() OVER (ORDER BY fresh.key), app_now()
FROM unnest(%s::text[]) AS fresh(key),
  (SELECT coalesce(max(slot), 0) AS n FROM scoring_metricdefinition) base
WHERE NOT EXISTS (SELECT FROM scoring_metricdefinition d WHERE d.key = fresh.key)
"""


@transaction.atomic
def ensure_metric_slots() -> dict[str, int]:
    """Return the slot of each metric, after giving new metrics theirs; usually one query."""
    slots = metric_slots()
    fresh = sorted(set(all_metrics()) - set(slots))
    if not fresh:
        return slots
    _add(fresh)
    return metric_slots()


@transaction.atomic
def give_slot(key: str) -> MetricDefinition:
    """Return the place of one metric, after giving it one where it has none."""
    _add([key])
    return MetricDefinition.objects.get(key=key)


def _add(keys: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WAIT)
        cursor.execute(_ADD, [keys])
