"""Which metrics have values, for what share of the customers: what a method would find to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from scoring.domain.definition import Definition
from scoring.selectors.scorecards import metric_slots

#: More customers than this are not all looked at; an even sample of about so many is.
LOOKED_AT = 20_000

_CUSTOMERS = """
SELECT count(*) FROM accounts_account
WHERE kind = 'customer' AND archived_at IS NULL AND merged_into_id IS NULL
  AND status NOT IN ('prospect', 'churned')
"""
_PRESENT = """
WITH looked AS MATERIALIZED (
  SELECT m.v FROM accounts_account a LEFT JOIN scoring_metricvalue m ON m.account_id = a.id
  WHERE a.kind = 'customer' AND a.archived_at IS NULL AND a.merged_into_id IS NULL
    AND a.status NOT IN ('prospect', 'churned') AND a.id %% %(step)s = 0
)
SELECT 0, (SELECT count(*) FROM looked)
UNION ALL
SELECT u.slot, count(u.x) FROM looked l CROSS JOIN LATERAL unnest(l.v) WITH ORDINALITY AS u(x, slot)
GROUP BY u.slot
"""


@dataclass(frozen=True)
class Presence:
    """How many customers were looked at of how many, and the share with a value by metric."""

    looked_at: int
    customers: int
    shares: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_sample(self) -> bool:
        """Say whether not every customer was looked at."""
        return self.looked_at < self.customers

    def of(self, definition: Definition) -> float:
        """Return the mean share of customers the weight of a definition finds a value for.

        Of the method `rules` every metric that is asked counts alike.
        """
        if definition.rule_set is None:
            return sum(
                weight * self.shares.get(measure.metric, 0.0)
                for _dimension, measure, weight in definition.measures
            )
        asked = {key for rule in definition.rule_set.rules for key in rule.when.metrics()}
        return sum(self.shares.get(key, 0.0) for key in asked) / len(asked) if asked else 0.0


def data_present() -> Presence:
    """Count, of every metric, the customers with a stored value. Three queries."""
    slots = metric_slots()
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS)
        customers = cursor.fetchone()[0]
        cursor.execute(_PRESENT, {"step": max(1, customers // LOOKED_AT)})
        counts = dict(cursor.fetchall())
    looked_at = counts.pop(0, 0)
    shares = {
        key: counts.get(slot, 0) / looked_at if looked_at else 0.0 for key, slot in slots.items()
    }
    return Presence(looked_at, customers, shares)
