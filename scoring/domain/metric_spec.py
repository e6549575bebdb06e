"""A metric as data: what is counted, how, over which days; read from JSON, every fault named.

Only the shape is judged here. Whether there is such an event, property, attribute, measurement or
segment, the database knows (`scoring.selectors.metric_checks`).
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

SOURCES = ("events", "attribute", "measurement")
#: What can be said of which source.
AGGREGATES: Mapping[str, tuple[str, ...]] = {
    "events": ("count", "sum", "distinct", "last", "days_since", "ratio", "slope", "share"),
    "attribute": ("last", "days_since", "ratio"),
    "measurement": ("count", "sum", "last", "days_since", "ratio", "slope"),
}
#: What a ratio divides by.
DIVISORS: Mapping[str, tuple[str, ...]] = {
    "events": ("licensed", "active_users", "event"),
    "attribute": ("licensed", "attribute"),
    "measurement": ("licensed", "measurement"),
}
NAMED_DIVISORS = ("event", "attribute", "measurement")
DECAYING = ("count", "sum")
LONGEST_WINDOW, LONGEST_HALF_LIFE, LONGEST_EXPOSURE = 180, 365, 365
MOST_CONDITIONS, MOST_CODES, LONGEST_TEXT = 10, 50, 200
#: What a roll-up can hold of a value.
LARGEST_CODE = 1e15
Scalar = str | int | float | bool


@dataclass(frozen=True)
class SpecFault:
    """What is wrong with a member of a spec."""

    member: str
    code: str


class InvalidSpec(ValueError):
    """The spec can't be read; `faults` says where and why."""

    def __init__(self, faults: Collection[SpecFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.member}: {fault.code}" for fault in faults))


@dataclass(frozen=True)
class MetricSpec:
    """A custom metric.

    :param event: name of the event, empty for any; `filter` are properties it must have.
    :param sum_of: the number property whose values are added up.
    :param value_of: the property whose newest value is read, or whose different values are counted.
    :param codes: the numbers that texts of this property stand for; other texts are no values.
    :param over: what a ratio divides by: `licensed`, `active_users`, or a kind of source, whose
        event, attribute or measurement is `over_name`.
    :param window: only what lies within so many days; None takes all there is.
    :param half_life: what is so many days older than the newest counts half.
    :param exposure: missing for customers younger than so many days.
    :param is_scaled: a younger customer's count is scaled up to the whole window.
    :param expects_usage: nothing is the observed 0 for a tracked account whose source is alive,
        and missing for any other.
    :param segment: key of the segment it is for; missing for all others.
    """

    source: str
    aggregate: str
    event: str = ""
    filter: Mapping[str, Scalar] = field(default_factory=dict)
    sum_of: str = ""
    value_of: str = ""
    codes: Mapping[str, float] = field(default_factory=dict)
    attribute: str = ""
    measurement: str = ""
    over: str = ""
    over_name: str = ""
    window: int | None = None
    half_life: float | None = None
    exposure: int = 0
    is_scaled: bool = False
    expects_usage: bool = False
    segment: str = ""

    @property
    def counts_people(self) -> bool:
        """Say whether it needs to know who did something, not only how often."""
        return self.aggregate == "share" or (self.aggregate == "distinct" and not self.value_of)

    def as_json(self) -> dict[str, Any]:
        """Return what is not the default, in a fixed order."""
        empty = MetricSpec(self.source, self.aggregate)
        always = ("source", "aggregate")
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in vars(self).items()
            if name in always or value != getattr(empty, name)
        }


OF_EVENTS = ("event", "filter", "sum_of", "value_of", "codes")
MEMBERS = frozenset(MetricSpec.__dataclass_fields__)


class _Reader:
    """Takes members out of JSON; a fault is noted and a harmless value goes on."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.faults: list[SpecFault] = [
            SpecFault(str(name), "unknown_member") for name in data if name not in MEMBERS
        ]

    def fault(self, member: str, code: str) -> None:
        self.faults.append(SpecFault(member, code))

    def text(self, member: str, *, is_needed: bool = False) -> str:
        value = self.data.get(member)
        if value in (None, ""):
            if is_needed:
                self.fault(member, "required")
            return ""
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
            self.fault(member, "not_a_text")
            return ""
        return value

    def choice(self, member: str, choices: Collection[str], code: str = "unknown_choice") -> str:
        value = self.data.get(member)
        if not isinstance(value, str) or value not in choices:
            self.fault(member, "required" if value in (None, "") else code)
            return next(iter(choices))
        return value

    def number(self, member: str, *, low: float, high: float) -> float | None:
        value = self.data.get(member)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self.fault(member, "not_a_number")
            return None
        if not low <= value <= high:
            self.fault(member, "out_of_range")
            return None
        return float(value)

    def days(self, member: str, *, low: int, high: int) -> int | None:
        value = self.number(member, low=low, high=high)
        if value is not None and value != int(value):
            self.fault(member, "not_whole")
            return None
        return None if value is None else int(value)

    def flag(self, member: str) -> bool:
        value = self.data.get(member, False)
        if not isinstance(value, bool):
            self.fault(member, "not_a_flag")
            return False
        return value

    def conditions(self) -> dict[str, Scalar]:
        value = self.data.get("filter")
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault("filter", "not_an_object")
            return {}
        if len(value) > MOST_CONDITIONS:
            self.fault("filter", "too_many")
        for name, wanted in value.items():
            is_scalar = isinstance(wanted, str | int | float | bool)
            if not name or not is_scalar or (isinstance(wanted, str) and "\x00" in wanted):
                self.fault(f"filter/{name}", "not_a_value")
            elif isinstance(wanted, float) and not math.isfinite(wanted):
                self.fault(f"filter/{name}", "not_a_number")
        return dict(value)

    def codes(self) -> dict[str, float]:
        value = self.data.get("codes")
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault("codes", "not_an_object")
            return {}
        if len(value) > MOST_CODES:
            self.fault("codes", "too_many_codes")
        for text, number in value.items():
            if not text or len(text) > LONGEST_TEXT or "\x00" in text:
                self.fault(f"codes/{text}", "not_a_text")
            elif isinstance(number, bool) or not isinstance(number, int | float):
                self.fault(f"codes/{text}", "not_a_number")
            elif not abs(number) < LARGEST_CODE:
                self.fault(f"codes/{text}", "out_of_range")
        return dict(value)


def _is_finite(value: float) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def parse_spec(data: Any) -> MetricSpec:
    """Read a spec.

    :raises InvalidSpec: with every fault found.
    """
    if not isinstance(data, Mapping):
        raise InvalidSpec([SpecFault("", "not_an_object")])
    reader = _Reader(data)
    source = reader.choice("source", SOURCES)
    aggregate = reader.choice("aggregate", AGGREGATES[source], "not_for_source")
    over = reader.choice("over", DIVISORS[source]) if aggregate == "ratio" else ""
    spec = MetricSpec(
        source=source,
        aggregate=aggregate,
        event=reader.text("event"),
        filter=reader.conditions(),
        sum_of=reader.text("sum_of", is_needed=(source, aggregate) == ("events", "sum")),
        value_of=reader.text("value_of", is_needed=(source, aggregate) == ("events", "last")),
        codes=reader.codes(),
        attribute=reader.text("attribute", is_needed=source == "attribute"),
        measurement=reader.text("measurement", is_needed=source == "measurement"),
        over=over,
        over_name=reader.text("over_name", is_needed=over in NAMED_DIVISORS),
        window=reader.days("window", low=1, high=LONGEST_WINDOW),
        half_life=reader.number("half_life", low=0.5, high=LONGEST_HALF_LIFE),
        exposure=reader.days("exposure", low=0, high=LONGEST_EXPOSURE) or 0,
        is_scaled=reader.flag("is_scaled"),
        expects_usage=reader.flag("expects_usage"),
        segment=reader.text("segment"),
    )
    _check_together(spec, reader)
    if reader.faults:
        raise InvalidSpec(reader.faults)
    return spec


def _check_together(spec: MetricSpec, reader: _Reader) -> None:
    """Judge what is only wrong beside something else."""
    strangers = {
        "events": ("attribute", "measurement"),
        "attribute": (*OF_EVENTS, "measurement", "window", "is_scaled"),
        "measurement": (*OF_EVENTS, "attribute"),
    }[spec.source]
    for name in strangers:
        if getattr(spec, name):
            reader.fault(name, "not_for_source")
    known = {fault.member for fault in reader.faults}
    if spec.source == "events" and spec.window is None and "window" not in known:
        reader.fault("window", "required")
    if spec.sum_of and spec.aggregate in ("distinct", "last", "share", "days_since"):
        reader.fault("sum_of", "not_for_aggregate")
    if spec.source == "events" and spec.value_of and spec.aggregate not in ("distinct", "last"):
        reader.fault("value_of", "not_for_aggregate")
    if spec.source == "events" and spec.codes and spec.aggregate != "last":
        reader.fault("codes", "not_for_aggregate")
    if spec.half_life is not None and spec.aggregate not in DECAYING:
        reader.fault("half_life", "not_for_aggregate")
    if spec.aggregate == "slope" and (spec.window is None or spec.window < 2):
        reader.fault("window", "too_short")
    if spec.is_scaled and (spec.aggregate not in DECAYING or spec.window is None or spec.half_life):
        reader.fault("is_scaled", "not_for_aggregate")
    if spec.over_name and spec.over not in NAMED_DIVISORS:
        reader.fault("over_name", "not_for_aggregate")
