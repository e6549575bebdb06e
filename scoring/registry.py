"""What a metric is: a declarative spec, built in or custom alike, that the compiler turns into SQL.

Members live in `scoring/metrics/`, one file each. A metric names aggregates over the rows of
sources (`scoring.selectors.sources`) and an expression over them; the compiler reads each source
once for all metrics together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from config.lib.registry import Registry
from scoring.domain.freshness import Reckoning

#: `first` and `last` are the least and the greatest; `newest` is what the latest row says; `slope`
#: is the change a day of a straight line through the rows.
Aggregation = Literal[
    "count", "sum", "distinct", "days", "first", "last", "newest", "mean", "median", "set", "slope"
]
#: How a value is shown: 0.31 as 31 %, days, 2.1 ×, ln change as +3 %, plain numbers.
Unit = Literal["share", "days", "count", "ratio", "change", "nps", "rating"]


@dataclass(frozen=True)
class Aggregate:
    """One number (or date) of the rows of a source.

    :param of: column the aggregation reads; none for `count` and `days`.
    :param where: SQL condition over the columns of the source.
    :param window: only rows of so many days up to today; None takes all there are.
    :param before: the window ends so many days before today.
    :param half_life: a row counts half for every so many days between it and the newest row.
    """

    source: str
    fn: Aggregation
    of: str = ""
    where: str = ""
    window: int | None = None
    before: int = 0
    half_life: float | None = None


@dataclass(frozen=True)
class Metric:
    """A number every account may have; NULL means it could not be observed.

    :param value: SQL over `{part}` and `{column}` of the book (see `scoring.selectors.sources`).
    :param seen: SQL of the date the value is from; with a clock, the date it counts from.
    :param reckoning: `window`; `clock` where the reading is days since `seen` ÷ `value`, a clock
        without a date being stopped at `value`; or a `Decay`.
    :param higher_is_better: which way health lies, so that curves can be checked; None: no way.
    :param lowest: the range a reading stays in, tested for every member.
    :param expects_usage: missing unless the account is tracked and its source is alive.
    :param exposure_days: missing for customers younger than this.
    :param rate_window: the value counts over so many days and is scaled up for younger customers.
    """

    key: str
    label: Any
    unit: Unit
    value: str
    parts: Mapping[str, Aggregate] = field(default_factory=dict)
    seen: str = ""
    reckoning: Reckoning = "window"
    lowest: float = 0.0
    highest: float = float("inf")
    expects_usage: bool = False
    exposure_days: int = 0
    rate_window: int | None = None
    higher_is_better: bool | None = None


metrics: Registry[Metric] = Registry("metric")


def register_metric(metric: Metric) -> Metric:
    """Add a metric under its own key."""
    return metrics.register(metric.key)(metric)


def metric_choices() -> list[tuple[str, Any]]:
    """Return (key, label) of every metric by label; a function, so that none needs a migration."""
    every = [(key, metric.label) for key, metric in metrics.items()]
    return sorted(every, key=lambda pair: str(pair[1]).casefold())
