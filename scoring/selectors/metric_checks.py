"""Find what the names of a custom metric mean: events, properties, attributes, segments."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.choices import AttributeType
from accounts.models import AttributeDefinition, Segment, SegmentMembership
from scoring.domain.metric_spec import MetricSpec, SpecFault
from scoring.models import EventName, EventSeries, Measurement
from scoring.selectors.property_sql import kind_of, number_of, reading_of

#: Properties are looked for among so many of the newest events of a name.
LOOKED_AT = 5000
RECENT = dt.timedelta(days=90)
#: Memberships may decide about metrics only of segments that do without health.
STAGES_BELOW = ("accounts", "surveys")

#: What of a property counts: numbers to add up, newest values, values of a kind.
_READ = {
    "sum": number_of("p.value"),
    "last": reading_of("p.value", "%(codes)s::jsonb"),
    "distinct": kind_of("p.value", "0"),
}
_PROPERTIES = """
SELECT p.key, count(*), count({read})
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
    """A property events carry: in how many of the newest, and in how many so that it counts."""

    name: str
    n: int
    read: int

    @property
    def others(self) -> int:
        """Return how many values don't count."""
        return self.n - self.read


@dataclass(frozen=True)
class Meaning:
    """What the names of a spec mean, and every fault; `told` is the property it reads."""

    event: EventName | None = None
    over_event: EventName | None = None
    segment: Segment | None = None
    told: Property | None = None
    faults: list[SpecFault] = field(default_factory=list)


def properties_of(
    event: EventName | None, spec: MetricSpec, *, at: dt.datetime
) -> dict[str, Property]:
    """Return the properties of the newest events of a name, or of all; one query."""
    read = _READ[spec.aggregate if spec.value_of else "sum"]
    values = {
        "codes": json.dumps(dict(spec.codes)),
        "event": event.pk if event else None,
        "since": at - RECENT,
        "at": at,
        "most": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PROPERTIES.replace("{read}", read), values)
        return {row[0]: Property(*row) for row in cursor.fetchall()}


def needs_series(spec: MetricSpec, event: EventName | None) -> bool:
    """Say whether the roll-ups there are don't count what the spec asks for."""
    if spec.source != "events":
        return False
    if spec.filter or spec.value_of:
        return True
    if spec.counts_people:
        return event is not None and not event.counts_users
    return bool(spec.sum_of) and (event is None or event.summed_property != spec.sum_of)


def find_series(spec: MetricSpec, event: EventName | None) -> EventSeries | None:
    """Return the series that counts what the spec asks for, if there is one."""
    return EventSeries.objects.filter(
        event=event, filter=dict(spec.filter), **kept_by(spec)
    ).first()


def kept_by(spec: MetricSpec) -> dict[str, Any]:
    """Return what a series has to keep of its events for the spec, beside how many there were."""
    return {
        "summed_property": spec.sum_of,
        "counts_users": spec.counts_people,
        "newest_of": spec.value_of if spec.aggregate == "last" else "",
        "values_of": spec.value_of if spec.aggregate == "distinct" else "",
        "codes": dict(spec.codes),
    }


def find_meaning(spec: MetricSpec, *, at: dt.datetime) -> Meaning:
    """Look every name of a spec up; what is not there is a fault that names its member."""
    faults: list[SpecFault] = []
    event = _event("event", spec.event, faults)
    over = spec.over_name if spec.over == "event" else ""
    over_event = _event("over_name", over, faults)
    found = None
    if spec.source == "events" and (spec.filter or spec.sum_of or spec.value_of) and not faults:
        found = _property(spec, properties_of(event, spec, at=at), faults)
    if spec.attribute:
        _attribute("attribute", spec.attribute, faults, is_date=spec.aggregate == "days_since")
    if spec.over == "attribute":
        _attribute("over_name", spec.over_name, faults)
    if spec.measurement:
        _measurement("measurement", spec.measurement, faults)
    if spec.over == "measurement":
        _measurement("over_name", spec.over_name, faults)
    return Meaning(event, over_event, _segment(spec.segment, faults), found, faults)


_UNREADABLE = {"sum": "no_numbers", "last": "no_values", "distinct": "no_scalars"}


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
    member, name = ("value_of", spec.value_of) if spec.value_of else ("sum_of", spec.sum_of)
    if not name:
        return None
    found = known.get(name)
    if found is None:
        faults.append(SpecFault(member, "unknown_property"))
    elif not found.read:
        faults.append(SpecFault(member, _UNREADABLE[spec.aggregate if spec.value_of else "sum"]))
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
