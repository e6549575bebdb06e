"""Find what the names of a custom metric mean: events, properties, attributes, segments."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection

from accounts.choices import AttributeType
from accounts.models import AttributeDefinition, Segment, SegmentMembership
from scoring.domain.metric_spec import MetricSpec, SpecFault
from scoring.models import EventName, EventSeries, Measurement

#: Properties are looked for among so many of the newest events of a name.
LOOKED_AT = 5000
RECENT = dt.timedelta(days=90)
#: Memberships may decide about metrics only of segments that do without health.
STAGES_BELOW = ("accounts", "surveys")

_PROPERTIES = """
SELECT p.key, count(*), count(*) FILTER (WHERE jsonb_typeof(p.value) = 'number'
  AND abs((p.value #>> '{}')::numeric) < 1e15)
FROM (
  SELECT properties FROM scoring_event
  WHERE (%(event)s::integer IS NULL OR name_id = %(event)s)
    AND received_at > %(since)s AND received_at <= %(at)s
  ORDER BY received_at DESC LIMIT %(most)s
) e CROSS JOIN LATERAL jsonb_each(e.properties) p
WHERE jsonb_typeof(e.properties) = 'object' GROUP BY p.key ORDER BY p.key
"""


@dataclass(frozen=True)
class Property:
    """A property events carry: in how many of the newest, and in how many as a number."""

    name: str
    n: int
    numbers: int

    @property
    def others(self) -> int:
        """Return how many values were no numbers."""
        return self.n - self.numbers


@dataclass(frozen=True)
class Meaning:
    """What the names of a spec mean, and every fault; `summed` is the one that is added up."""

    event: EventName | None = None
    over_event: EventName | None = None
    segment: Segment | None = None
    summed: Property | None = None
    faults: list[SpecFault] = field(default_factory=list)


def properties_of(event: EventName | None, *, at: dt.datetime) -> dict[str, Property]:
    """Return the properties of the newest events of a name, or of all; one query."""
    values = {
        "event": event.pk if event else None,
        "since": at - RECENT,
        "at": at,
        "most": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PROPERTIES, values)
        return {row[0]: Property(*row) for row in cursor.fetchall()}


def needs_series(spec: MetricSpec, event: EventName | None) -> bool:
    """Say whether the roll-ups there are don't count what the spec asks for."""
    if spec.source != "events":
        return False
    if spec.filter:
        return True
    if spec.counts_people:
        return event is not None and not event.counts_users
    return bool(spec.sum_of) and (event is None or event.summed_property != spec.sum_of)


def find_series(spec: MetricSpec, event: EventName | None) -> EventSeries | None:
    """Return the series that counts what the spec asks for, if there is one."""
    return EventSeries.objects.filter(
        event=event,
        filter=dict(spec.filter),
        summed_property=spec.sum_of,
        counts_users=spec.counts_people,
    ).first()


def find_meaning(spec: MetricSpec, *, at: dt.datetime) -> Meaning:
    """Look every name of a spec up; what is not there is a fault that names its member."""
    faults: list[SpecFault] = []
    event = _event("event", spec.event, faults)
    over = spec.over_name if spec.over == "event" else ""
    over_event = _event("over_name", over, faults)
    found = None
    if spec.source == "events" and (spec.filter or spec.sum_of) and not faults:
        found = _property(spec, properties_of(event, at=at), faults)
    if spec.attribute:
        _attribute("attribute", spec.attribute, faults, is_date=spec.aggregate == "days_since")
    if spec.over == "attribute":
        _attribute("over_name", spec.over_name, faults)
    if spec.measurement:
        _measurement("measurement", spec.measurement, faults)
    if spec.over == "measurement":
        _measurement("over_name", spec.over_name, faults)
    return Meaning(event, over_event, _segment(spec.segment, faults), found, faults)


def _event(member: str, name: str, faults: list[SpecFault]) -> EventName | None:
    if not name:
        return None
    row = EventName.objects.filter(name=name).first()
    if row is None:
        faults.append(SpecFault(member, "unknown_event"))
    return row


def _property(
    spec: MetricSpec, known: dict[str, Property], faults: list[SpecFault]
) -> Property | None:
    faults += [
        SpecFault(f"filter/{name}", "unknown_property") for name in spec.filter if name not in known
    ]
    if not spec.sum_of:
        return None
    found = known.get(spec.sum_of)
    if found is None:
        faults.append(SpecFault("sum_of", "unknown_property"))
    elif not found.numbers:
        faults.append(SpecFault("sum_of", "no_numbers"))
    return found


def _attribute(member: str, key: str, faults: list[SpecFault], *, is_date: bool = False) -> None:
    row = AttributeDefinition.objects.filter(key=key, is_archived=False).first()
    wanted = {AttributeType.DATE} if is_date else {AttributeType.NUMBER, AttributeType.BOOLEAN}
    if row is None:
        faults.append(SpecFault(member, "unknown_attribute"))
    elif row.is_computed:
        faults.append(SpecFault(member, "computed_attribute"))
    elif row.type not in wanted:
        faults.append(SpecFault(member, "no_date" if is_date else "no_number"))


def _measurement(member: str, key: str, faults: list[SpecFault]) -> None:
    if not Measurement.objects.standing().filter(key=key).exists():
        faults.append(SpecFault(member, "unknown_measurement"))


def _segment(key: str, faults: list[SpecFault]) -> Segment | None:
    if not key:
        return None
    row = Segment.objects.filter(key=key).first()
    if row is None or row.stage not in STAGES_BELOW:
        faults.append(SpecFault("segment", "unknown_segment"))
    elif not SegmentMembership.objects.filter(segment=row, left_at=None).exists():
        faults.append(SpecFault("segment", "empty_segment"))
    return row
