"""Which scorecards act on a day, for which accounts, and how their metrics are stored."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from scoring.choices import ScorecardState
from scoring.domain.definition import Definition
from scoring.domain.parsing import parse_definition
from scoring.domain.pruning import mentioned
from scoring.models import MetricDefinition, ScorecardVersion
from scoring.registry import Metric
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.score_sql import ScoreCompiler, first_match

#: Columns of the account a scorecard's condition may ask for.
CONDITION_COLUMNS = ("tracked", "phase", "touch_model", "tier", "kind")


@dataclass(frozen=True)
class ActingScorecard:
    """A published version that acts on a day, and the SQL condition for its accounts."""

    version_id: int
    key: str
    number: int
    digest: str
    definition: Definition
    where: str

    def compiler(self, slots: Mapping[str, int], *, official: bool) -> ScoreCompiler:
        """Return what turns it into SQL."""
        known = all_metrics()
        reckonings = {
            key: known[key].reckoning for key in self.definition.metrics() if key in known
        }
        return ScoreCompiler(self.definition, slots=slots, reckonings=reckonings, official=official)


def acting_scorecards(day: dt.date) -> list[ActingScorecard]:
    """Return the newest version of each scorecard that acts on `day`, in order of matching.

    One query. The default comes last; accounts that match nothing are not scored.
    """
    versions = (
        ScorecardVersion.objects.filter(
            state=ScorecardState.PUBLISHED,
            effective_on__lte=day,
            scorecard__archived_at__isnull=True,
        )
        .select_related("scorecard")
        .order_by("scorecard_id", "-effective_on", "-number")
        .distinct("scorecard_id")
    )
    ordered = sorted(
        versions, key=lambda v: (v.scorecard.is_default, v.scorecard.position, v.scorecard_id)
    )
    conditions = [
        "true" if version.scorecard.is_default else condition_sql(version.scorecard.condition)
        for version in ordered
    ]
    return [
        ActingScorecard(
            version_id=version.pk,
            key=version.scorecard.key,
            number=version.number,
            digest=version.digest,
            definition=read_definition(version),
            where=first_match(conditions, index),
        )
        for index, version in enumerate(ordered)
    ]


def read_definition(version: ScorecardVersion) -> Definition:
    """Return the definition of a stored version; metrics that are gone since read as missing."""
    known = {*all_metrics(), *mentioned(version.definition)}
    return parse_definition(version.definition, metrics=known)


def condition_sql(condition: Mapping[str, object]) -> str:
    """Write {"tracked": false} as SQL over `a`; values are checked, never pasted."""
    if not condition:
        return "false"
    return " AND ".join(_equals(column, value) for column, value in sorted(condition.items()))


def metric_slots() -> dict[str, int]:
    """Return the array position of each metric that has one."""
    return dict(MetricDefinition.objects.values_list("key", "slot"))


def metrics_by_slot(slots: Mapping[str, int]) -> dict[int, Metric]:
    """Return the metric of each position; positions of metrics that are gone stay empty."""
    known = all_metrics()
    return {slot: known[key] for key, slot in slots.items() if key in known}


def _equals(column: str, value: object) -> str:
    if column not in CONDITION_COLUMNS:
        raise ValueError(f"no condition on {column}")
    if isinstance(value, bool):
        return f"a.{column} IS {str(value).upper()}"
    if not isinstance(value, str) or not value.replace("_", "").isalnum():
        raise ValueError(f"no condition on {column} with {value!r}")
    return f"a.{column} = '{value}'"
