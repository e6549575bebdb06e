"""Compile metrics into one SELECT: each source is read once, whatever the number of metrics.

The result has a row an account with two arrays, one element a slot (see `MetricValue`).
"""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

import datetime as dt
from collections.abc import Iterable, Mapping

from scoring.domain.freshness import MOST_HALVINGS
from scoring.registry import Aggregate, Metric
from scoring.selectors.frames import Frame
from scoring.selectors.sources import SOURCES, book

_PLAIN = {
    "count": "count(*)",
    "sum": "sum({of})",
    "distinct": "count(DISTINCT {of})",
    "first": "min({of})",
    "last": "max({of})",
    "set": "array_agg(DISTINCT {of})",
    "mean": "avg({of})",
    "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY ({of})::float8)",
    "newest": "array_agg({of} ORDER BY {newest_by} DESC)",
    "slope": "regr_slope(({of})::float8, (\"on\" - date '2000-01-01')::float8)",
}
#: Rows in a fixed order, so that the sum is the same to the last bit however they are stored.
_DECAYED = """(SELECT sum(x.v * power(2::float8, -least((x.newest - x.d) / {half_life}, {most})))
  FROM (SELECT v, d, max(d) OVER () AS newest FROM unnest(
    array_agg(({of})::float8 ORDER BY "on", {of}){filter},
    array_agg("on" ORDER BY "on", {of}){filter}) AS u(v, d)) x)"""
#: No row is older.
LONG_AGO = dt.date(1900, 1, 1)
_ZERO_WITHOUT_ROWS = {"count", "sum", "distinct", "days"}

Window = tuple[dt.date, dt.date]


def compile_metrics(slots: Mapping[int, Metric], frame: Frame) -> str:
    """Return the SELECT of (account_id, v, seen) for `%(ids)s` in a frame.

    :param slots: the metric of each array position, from 1; a missing position is NULL.
    """
    asked = dict.fromkeys(part for metric in slots.values() for part in metric.parts.values())
    columns = {aggregate: f"p{n}" for n, aggregate in enumerate(asked)}
    joins = [
        _scan(source, {part: columns[part] for part in asked if part.source == source}, frame)
        for source in sorted({part.source for part in asked})
    ]
    length = max(slots, default=0)
    values = [_value(slots.get(n), columns, frame) for n in range(1, length + 1)]
    dates = [_seen(slots.get(n), columns) for n in range(1, length + 1)]
    return (
        f"SELECT b.account_id, ARRAY[{', '.join(values)}]::float8[] AS v,"
        f" ARRAY[{', '.join(dates)}]::date[] AS seen"
        f" FROM ({book(frame)}\nOFFSET 0) b{''.join(joins)}"
    )


def _scan(source: str, columns: Mapping[Aggregate, str], frame: Frame) -> str:
    by_window = SOURCES[source].by_window
    if by_window and all(_is_addable(one) for one in columns):
        names = _names_of_windows(columns, frame)
        rows = by_window(frame, {name: window for window, name in names.items()})
        sqls = [_added(one, names[_window(one, frame)]) for one in columns]
    else:
        rows = SOURCES[source].rows(frame, min(_window(one, frame)[0] for one in columns))
        sqls = [_aggregate(one, frame) for one in columns]
    listed = ", ".join(f"{sql} AS {name}" for sql, name in zip(sqls, columns.values(), strict=True))
    return (
        f"\nLEFT JOIN (SELECT account_id, {listed} FROM ({rows}) r GROUP BY account_id OFFSET 0)"
        f" {source} ON {source}.account_id = b.account_id"
    )


def _window(aggregate: Aggregate, frame: Frame) -> Window:
    first, last = frame.window(aggregate.window, aggregate.before)
    return max(first, LONG_AGO), last


def _names_of_windows(asked: Iterable[Aggregate], frame: Frame) -> dict[Window, str]:
    windows = dict.fromkeys(_window(one, frame) for one in asked)
    return {window: f"n{number}" for number, window in enumerate(windows)}


def _is_addable(aggregate: Aggregate) -> bool:
    """Say whether rows of several days can be added up before; decay and slopes need each day."""
    return aggregate.half_life is None and (aggregate.fn, aggregate.of) in {
        ("sum", "n"),
        ("distinct", "series_id"),
    }


def _added(aggregate: Aggregate, name: str) -> str:
    """Aggregate rows that are added up over windows: one a series, NULL where it has none."""
    where = f"({aggregate.where})" if aggregate.where else "true"
    if aggregate.fn == "sum":
        return f"sum({name}) FILTER (WHERE {where})"
    return f"count({name}) FILTER (WHERE {where})"


def _aggregate(aggregate: Aggregate, frame: Frame) -> str:
    first, last = frame.window(aggregate.window, aggregate.before)
    if aggregate.fn == "days":
        return _days(aggregate, first, last)
    conditions = [f"({aggregate.where})"] if aggregate.where else []
    if SOURCES[aggregate.source].has_masks:
        conditions.append(f"days & {_masks(first, last)} <> 0")
    elif aggregate.window is not None or aggregate.before:
        conditions.append(f"\"on\" BETWEEN '{first}' AND '{last}'")
    kept = f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
    if aggregate.half_life is not None:
        of, half_life = aggregate.of or "1", f"{aggregate.half_life!r}::float8"
        return _DECAYED.format(of=of, filter=kept, half_life=half_life, most=MOST_HALVINGS)
    newest_by = SOURCES[aggregate.source].newest_by
    sql = _PLAIN[aggregate.fn].format(of=aggregate.of, newest_by=newest_by) + kept
    return f"({sql})[1]" if aggregate.fn == "newest" else sql


def _days(aggregate: Aggregate, first: dt.date, last: dt.date) -> str:
    """Count the days on which anybody did anything: the bits of a month, joined over its users."""
    where = f" AND ({aggregate.where})" if aggregate.where else ""
    return " + ".join(
        f"coalesce(bit_count((bit_or(days & {mask}) FILTER"
        f" (WHERE month = '{month}'{where}))::bit(32)), 0)"
        for month, mask in _month_masks(first, last)
    )


def _masks(first: dt.date, last: dt.date) -> str:
    whens = " ".join(f"WHEN '{month}' THEN {mask}" for month, mask in _month_masks(first, last))
    return f"CASE month {whens} ELSE 0 END"


def _month_masks(first: dt.date, last: dt.date) -> list[tuple[dt.date, int]]:
    """Return each month of a span with the bits of its days within, bit 0 being the first."""
    masks: dict[dt.date, int] = {}
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(days=n)
        month = day.replace(day=1)
        masks[month] = masks.get(month, 0) | 1 << (day.day - 1)
    return sorted(masks.items())


def _names(metric: Metric, columns: Mapping[Aggregate, str]) -> dict[str, str]:
    names = {column: f"b.{column}" for column in _BOOK_COLUMNS}
    for part, aggregate in metric.parts.items():
        column = f"{aggregate.source}.{columns[aggregate]}"
        names[part] = f"coalesce({column}, 0)" if aggregate.fn in _ZERO_WITHOUT_ROWS else column
    return names


_BOOK_COLUMNS = (
    "account_id",
    "tracked",
    "alive",
    "fed_on",
    "licensed",
    "touch_model",
    "phase",
    "cadence",
    "required_roles",
    "since_on",
    "live_on",
    "key_workflow_defined",
    "logins_counted",
    "key_features",
    "meanings",
)


def _value(metric: Metric | None, columns: Mapping[Aggregate, str], frame: Frame) -> str:
    if metric is None:
        return "NULL"
    sql = f"({metric.value.format(**_names(metric, columns), day='%(day)s::date')})::float8"
    if metric.rate_window:
        tenure = f"greatest(1, date '{frame.anchor}' - b.since_on)"
        sql += (
            f" * coalesce({metric.rate_window}::float8 / least({metric.rate_window}, {tenure}), 1)"
        )
    conditions = ["b.tracked AND b.alive"] if metric.expects_usage else []
    if metric.exposure_days:
        young = frame.anchor - dt.timedelta(days=metric.exposure_days)
        conditions.append(f"(b.since_on IS NULL OR b.since_on <= '{young}')")
    return f"CASE WHEN {' AND '.join(conditions)} THEN {sql} END" if conditions else sql


def _seen(metric: Metric | None, columns: Mapping[Aggregate, str]) -> str:
    if metric is None or not metric.seen:
        return "NULL"
    return f"({metric.seen.format(**_names(metric, columns), day='%(day)s::date')})::date"
