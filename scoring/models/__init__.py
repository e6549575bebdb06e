"""The tables of the scoring app, one module a family."""

from scoring.models.ingest import (
    ClosedDay,
    Event,
    EventName,
    EventQuarantine,
    EventSeen,
    IngestBatch,
    Source,
    SourceDay,
    UsageUser,
    UserAlias,
    WriteKey,
)
from scoring.models.usage import Measurement, UsageDay, UserMonth

__all__ = [
    "ClosedDay",
    "Event",
    "EventName",
    "EventQuarantine",
    "EventSeen",
    "IngestBatch",
    "Measurement",
    "Source",
    "SourceDay",
    "UsageDay",
    "UsageUser",
    "UserAlias",
    "UserMonth",
    "WriteKey",
]
