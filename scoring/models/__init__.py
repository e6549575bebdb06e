"""The tables of the scoring app, one module a family."""

from scoring.models.alerts import AlertRule, HealthAlert
from scoring.models.cohort import CohortQuantiles, CohortTable
from scoring.models.feedback import ScoreFeedback
from scoring.models.health import (
    HealthCurrent,
    HealthDaily,
    HealthOverride,
    HealthRun,
    HealthShard,
    HealthTransition,
)
from scoring.models.ingest import (
    ClosedDay,
    Event,
    EventName,
    EventQuarantine,
    EventSeen,
    IngestBatch,
    Source,
    SourceDay,
    SourceFault,
    UsageUser,
    UserAlias,
    WaitingKey,
    WriteKey,
)
from scoring.models.kpi import KpiTarget
from scoring.models.metric import CustomMetric, EventSeries, MetricDefinition, MetricValue
from scoring.models.scorecard import Scorecard, ScorecardVersion
from scoring.models.usage import Measurement, NewestDay, UsageDay, UserMonth, ValueMonth
from scoring.models.validation import Validation

__all__ = [
    "AlertRule",
    "ClosedDay",
    "CohortQuantiles",
    "CohortTable",
    "CustomMetric",
    "Event",
    "EventName",
    "EventQuarantine",
    "EventSeen",
    "EventSeries",
    "HealthAlert",
    "HealthCurrent",
    "HealthDaily",
    "HealthOverride",
    "HealthRun",
    "HealthShard",
    "HealthTransition",
    "IngestBatch",
    "KpiTarget",
    "Measurement",
    "MetricDefinition",
    "MetricValue",
    "NewestDay",
    "ScoreFeedback",
    "Scorecard",
    "ScorecardVersion",
    "Source",
    "SourceDay",
    "SourceFault",
    "UsageDay",
    "UsageUser",
    "UserAlias",
    "UserMonth",
    "Validation",
    "ValueMonth",
    "WaitingKey",
    "WriteKey",
]
