"""Turn metrics that are data into the specs the compiler reads, beside those that are files.

Names that people chose never reach SQL: events and segments come as ids, keys of attributes and
measurements are slugs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from config.lib.formats import is_japanese
from config.lib.once import once
from scoring.domain.freshness import Decay
from scoring.domain.metric_spec import MetricSpec, parse_spec
from scoring.models import CustomMetric
from scoring.models.usage import ANY_EVENT
from scoring.registry import Aggregate, Metric, Unit, metrics

_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
#: Of events further back nothing is kept that could be counted at every computation.
FAR_BACK = 180
_SEGMENT = (
    "EXISTS (SELECT FROM accounts_segmentmembership sm WHERE sm.account_id = {{account_id}}"
    " AND sm.segment_id = {segment} AND sm.entered_at <= %(t)s"
    " AND (sm.left_at IS NULL OR sm.left_at > %(t)s))"
)


@dataclass(frozen=True)
class BilingualLabel:
    """A label an organisation wrote in two languages; shown in the reader's."""

    en: str
    ja: str

    def __str__(self) -> str:
        return self.ja if is_japanese() else self.en


@dataclass(frozen=True)
class Series:
    """Where the events of a spec are counted.

    :param source: `usage` for plain counts, `sums`, `series` for what was set apart, `events` raw.
        What a property said of such a series stands in `newest` and `values`.
    :param where: SQL over that source; `users` is the same over who was active.
    """

    source: str
    where: str
    users: str


def all_metrics() -> Mapping[str, Metric]:
    """Return every metric by key: the built-in ones and those of the organisation; one query."""
    return once("scoring.metrics", _read)


def _read() -> dict[str, Metric]:
    rows = CustomMetric.objects.filter(archived_at=None).order_by("key")
    return {**dict(metrics.items()), **{row.key: metric_of(row) for row in rows}}


def metric_of(row: CustomMetric) -> Metric:
    """Return the metric a stored row says."""
    spec = parse_spec(row.spec)
    return build_metric(
        spec,
        key=row.key,
        label=BilingualLabel(row.label_en, row.label_ja),
        unit=cast(Unit, row.unit),
        higher_is_better=row.higher_is_better,
        series=series_of(spec, event_id=row.event_id, series_id=row.series_id),
        over_event_id=row.over_event_id,
        segment_id=row.segment_id,
    )


def series_of(spec: MetricSpec, *, event_id: int | None, series_id: int | None) -> Series:
    """Return where the events of a spec are counted once it is stored."""
    if series_id is not None:
        where = f"series_id = {-series_id}"
        return Series("series", where, where)
    where = "" if event_id is None else f"series_id = {event_id}"
    users = f"series_id = {ANY_EVENT if event_id is None else event_id}"
    return Series("sums" if spec.sum_of else "usage", where, users)


def build_metric(
    spec: MetricSpec,
    *,
    series: Series,
    key: str = "preview",
    label: Any = "",
    unit: Unit = "count",
    higher_is_better: bool | None = None,
    over_event_id: int | None = None,
    segment_id: int | None = None,
) -> Metric:
    """Compile a spec whose names are known."""
    write = {"events": _of_events, "attribute": _of_attribute, "measurement": _of_measurement}
    metric = write[spec.source](spec, series)
    if spec.aggregate == "ratio":
        metric = _divided(metric, spec, over_event_id)
    if segment_id is not None:
        member = _SEGMENT.format(segment=int(segment_id))
        metric = replace(metric, value=f"CASE WHEN {member} THEN {metric.value} END")
    return replace(
        metric,
        key=key,
        label=label,
        unit=unit,
        higher_is_better=higher_is_better,
        lowest=float("-inf"),
        expects_usage=spec.expects_usage,
        exposure_days=spec.exposure,
        rate_window=spec.window if spec.is_scaled else None,
    )


def _metric(value: str, parts: Mapping[str, Aggregate], **how: Any) -> Metric:
    return Metric(key="", label="", unit="count", value=value, parts=parts, **how)


def _of_events(spec: MetricSpec, series: Series) -> Metric:
    window = spec.window or FAR_BACK
    amount = "total" if spec.sum_of else "n"

    def of(fn: Any, column: str, **more: Any) -> Aggregate:
        return Aggregate(series.source, fn, column, series.where, window, **more)

    people = Aggregate("users", "distinct", "user_id", series.users, window)
    if series.source == "events":
        people = of("distinct", "user_id")
    if spec.value_of and spec.aggregate == "distinct":
        people = of("distinct", "key")
        people = people if series.source == "events" else replace(people, source="values")
    last = of("last", '"on"')
    match spec.aggregate:
        case "last":
            return _newest(last)
        case "distinct":
            return _observed(spec, "{people}", {"people": people}, last)
        case "share":
            active = Aggregate("users", "distinct", "user_id", f"series_id = {ANY_EVENT}", window)
            parts = {"people": people, "active": active}
            return _observed(spec, "{people}::float8 / nullif({active}, 0)", parts, last)
        case "days_since":
            return _since(last, never="{since_on}" if spec.expects_usage else None)
        case "slope":
            middle = f'("on" - %(day)s::date + {(window - 1) / 2!r})'
            parts = {"moment": of("sum", f"{amount} * {middle}")}
            spread = window * (window * window - 1)
            return _observed(spec, f"{{moment}}::float8 * 12 / {spread}", parts, last)
    total = of("sum", amount, half_life=spec.half_life)
    if spec.half_life is not None:
        return _decaying(spec, total, last)
    return _observed(spec, "{total}::float8", {"total": total}, last)


def _newest(last: Aggregate) -> Metric:
    """Read the newest value of a property; it is as old as its event."""
    where = " AND ".join(filter(None, (last.where, "value IS NOT NULL")))
    source = "newest" if last.source == "series" else last.source
    last = replace(last, source=source, where=where)
    value = replace(last, fn="newest", of="value")
    return _metric("{it}", {"it": value, "last": last}, seen="{last}")


def _observed(
    spec: MetricSpec, value: str, parts: Mapping[str, Aggregate], last: Aggregate
) -> Metric:
    """Nothing is 0 where usage is expected; elsewhere what never happened is missing."""
    if spec.expects_usage:
        return _metric(value, parts, seen="{fed_on}")
    value = f"CASE WHEN {{last}} IS NOT NULL THEN {value} END"
    return _metric(value, {**parts, "last": last}, seen="{last}")


def _decaying(spec: MetricSpec, total: Aggregate, last: Aggregate) -> Metric:
    """Store the sum as of its newest row: it does not move while nothing happens."""
    value = "{total}" if spec.expects_usage else "CASE WHEN {last} IS NOT NULL THEN {total} END"
    reckoning = Decay(float(spec.half_life or 1), ages=not spec.expects_usage)
    return _metric(value, {"total": total, "last": last}, seen="{last}", reckoning=reckoning)


def _since(last: Aggregate, *, never: str | None = None) -> Metric:
    seen = f"coalesce({{last}}, {never})" if never else "{last}"
    value = f"CASE WHEN {seen} IS NOT NULL THEN 1 END"
    return _metric(value, {"last": last}, seen=seen, reckoning="clock")


def _of_attribute(spec: MetricSpec, series: Series) -> Metric:
    where = f"key = '{_slug(spec.attribute)}'"
    if spec.aggregate == "days_since":
        return _since(Aggregate("attributes", "last", "date", where))
    return _metric("{it}", {"it": Aggregate("attributes", "newest", "number", where)})


def _of_measurement(spec: MetricSpec, series: Series) -> Metric:
    where = f"key = '{_slug(spec.measurement)}'"

    def of(fn: Any, column: str, **more: Any) -> Aggregate:
        return Aggregate("measurements", fn, column, where, spec.window, **more)

    last = of("last", '"on"')
    match spec.aggregate:
        case "days_since":
            return _since(last)
        case "slope":
            return _metric("{it}", {"it": of("slope", "value"), "last": last}, seen="{last}")
        case "last" | "ratio":
            return _metric("{it}", {"it": of("newest", "value"), "last": last}, seen="{last}")
    total = of("sum", "1" if spec.aggregate == "count" else "value", half_life=spec.half_life)
    if spec.half_life is not None:
        return _decaying(spec, total, last)
    return _observed(spec, "{total}::float8", {"total": total}, last)


def _divided(metric: Metric, spec: MetricSpec, over_event_id: int | None) -> Metric:
    parts = dict(metric.parts)
    match spec.over:
        case "event":
            where = f"series_id = {int(over_event_id or 0)}"
            parts["divisor"] = Aggregate("usage", "sum", "n", where, spec.window or FAR_BACK)
        case "active_users":
            where = f"series_id = {ANY_EVENT}"
            parts["divisor"] = Aggregate("users", "distinct", "user_id", where, spec.window)
        case "attribute":
            where = f"key = '{_slug(spec.over_name)}'"
            parts["divisor"] = Aggregate("attributes", "newest", "number", where)
        case "measurement":
            where = f"key = '{_slug(spec.over_name)}'"
            parts["divisor"] = Aggregate("measurements", "newest", "value", where, spec.window)
    divisor = "{divisor}" if "divisor" in parts else "{licensed}"
    value = f"({metric.value})::float8 / nullif({divisor}::float8, 0)"
    return replace(metric, value=value, parts=parts)


def _slug(key: str) -> str:
    if not _SLUG.fullmatch(key):
        raise ValueError(f"{key!r} is no slug")
    return key
