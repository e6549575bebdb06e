"""How well a number told in advance who would leave: ranks, lift, bands, alarms, lead time.

Everything speaks of *risk*: higher is worse. Points of one account belong together, a month of it
says little beyond the month before; so intervals come from drawing whole accounts again.
"""

import datetime as dt
import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

Item = TypeVar("Item")

#: Scores are counted to the thousandth of a point, so that memory does not grow with the book.
STEPS = 1000
TOP_SHARE = 0.1
#: Below so many events a figure is chance; it is counted, but nothing is claimed.
LEAST_EVENTS = 10
MOST_DRAWS, LEAST_DRAWS, DRAWN_POINTS = 1000, 200, 20_000_000


@dataclass(frozen=True)
class Interval:
    """The middle 95 % of what a figure comes to when accounts are drawn again."""

    low: float
    high: float


def auc(events: Iterable[float], others: Iterable[float]) -> float | None:
    """Return how often an event had the higher risk than a non-event; a tie counts half.

    None where one of the two is empty. By ranks (Mann–Whitney), exact.
    """
    known, ranked = list(events), sorted(others)
    if not known or not ranked:
        return None
    wins = sum(bisect_left(ranked, risk) + bisect_right(ranked, risk) for risk in known)
    return wins / 2 / len(known) / len(ranked)


@dataclass
class Tally:
    """Points counted by risk: [events, others] of each thousandth."""

    counts: dict[int, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, risk: float, *, is_event: bool, times: float = 1) -> None:
        """Count a point."""
        self.counts[round(risk * STEPS)][0 if is_event else 1] += times

    @property
    def events(self) -> float:
        """Return how many points were events."""
        return sum(events for events, _ in self.counts.values())

    @property
    def points(self) -> float:
        """Return how many points there are."""
        return sum(events + others for events, others in self.counts.values())

    @property
    def groups(self) -> list[tuple[float, float]]:
        """Return (events, others) of each risk, lowest first."""
        return [(events, others) for _, (events, others) in sorted(self.counts.items())]

    def auc(self) -> float | None:
        """Return the same as `auc` of the points, from their counts."""
        return auc_of_groups(self.groups)

    def lift(self) -> float | None:
        """Return how many times as frequent events are among the riskiest tenth."""
        return lift_of_groups(self.groups)


def auc_of_groups(groups: Iterable[tuple[float, float]]) -> float | None:
    """Return the AUC of (events, others) by ascending risk."""
    below = won = known = 0.0
    for events, others in groups:
        won += events * (below + others / 2)
        below += others
        known += events
    return won / known / below if known and below else None


def lift_of_groups(groups: Sequence[tuple[float, float]], share: float = TOP_SHARE) -> float | None:
    """Return the event rate of the riskiest `share` over the rate of all.

    Of points with one risk at the border as large a part is taken as there is room for.
    """
    total = sum(events + others for events, others in groups)
    known = sum(events for events, _ in groups)
    if not known:
        return None
    room, caught = total * share, 0.0
    for events, others in reversed(groups):
        taken = min(1.0, room / (events + others)) if events + others else 0.0
        caught += events * taken
        room -= (events + others) * taken
        if room <= 0:
            break
    return caught / known / share


@dataclass(frozen=True)
class Point:
    """An account on a past day: its risk by each yardstick, its band, and what became of it."""

    risks: tuple[float, ...]
    band: int
    is_event: bool


@dataclass(frozen=True)
class Cluster:
    """The points of one account; `weight` is how many accounts of the book it stands for."""

    points: tuple[Point, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Spread:
    """Intervals: AUC and lift of each yardstick, AUC of the first less each, rate of each band."""

    auc: tuple[Interval | None, ...]
    lift: tuple[Interval | None, ...]
    gain: tuple[Interval | None, ...]
    bands: Mapping[int, Interval | None]


def spread(clusters: Sequence[Cluster], *, seed: int) -> Spread:
    """Draw accounts again and again and return the intervals of every figure."""
    width = len(clusters[0].points[0].risks) if clusters else 0
    orders = [_ordered(clusters, column) for column in range(width)]
    bands = _by_band(clusters)

    def figures(weights: Sequence[float]) -> list[float | None]:
        grouped = [_weighed(order, weights) for order in orders]
        aucs = [auc_of_groups(groups) for groups in grouped]
        first = aucs[0] if aucs else None
        gains = [None if first is None or one is None else first - one for one in aucs]
        rates = [_rate(*group) for group in _weighed(list(bands.values()), weights)]
        return [*aucs, *(lift_of_groups(groups) for groups in grouped), *gains, *rates]

    found = bootstrap(clusters, figures, seed=seed)
    return Spread(
        auc=tuple(found[:width]),
        lift=tuple(found[width : 2 * width]),
        gain=tuple(found[2 * width : 3 * width]),
        bands=dict(zip(bands, found[3 * width :], strict=True)),
    )


def bootstrap(
    clusters: Sequence[Cluster],
    figures: Callable[[Sequence[float]], Sequence[float | None]],
    *,
    seed: int,
) -> list[Interval | None]:
    """Return the percentile interval of each figure over accounts drawn with replacement.

    :param figures: from the weight of each cluster to the figures, None where there is none.
    """
    points = sum(len(cluster.points) for cluster in clusters)
    draws = min(MOST_DRAWS, max(LEAST_DRAWS, DRAWN_POINTS // max(1, points)))
    rng = random.Random(seed)  # noqa: S311 - the same report twice, nothing secret
    every = range(len(clusters))
    results = []
    for _ in range(draws if clusters else 0):
        weights = [0.0] * len(clusters)
        for index in rng.choices(every, k=len(clusters)):
            weights[index] += clusters[index].weight
        results.append(figures(weights))
    return [interval(column) for column in zip(*results, strict=True)]


def resample(
    items: Sequence[Item], figure: Callable[[Sequence[Item]], float | None], *, seed: int
) -> Interval | None:
    """Return the percentile interval of a figure over items drawn with replacement."""
    draws = min(MOST_DRAWS, max(LEAST_DRAWS, DRAWN_POINTS // max(1, len(items))))
    rng = random.Random(seed)  # noqa: S311 - the same report twice, nothing secret
    return interval([figure(rng.choices(items, k=len(items))) for _ in range(draws)])


def interval(values: Iterable[float | None]) -> Interval | None:
    """Return the 2.5 and 97.5 percentiles; None where a tenth of the values does not exist."""
    given = list(values)
    known = sorted(value for value in given if value is not None)
    if not known or len(known) < 0.9 * len(given):
        return None
    return Interval(_quantile(known, 0.025), _quantile(known, 0.975))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    index = int(place)
    after = ordered[min(index + 1, len(ordered) - 1)]
    return ordered[index] + (place - index) * (after - ordered[index])


_Members = tuple[list[int], list[int]]


def _ordered(clusters: Sequence[Cluster], column: int) -> list[_Members]:
    """Return the clusters of (events, others) of each risk, lowest first."""
    points = sorted(
        (point.risks[column], not point.is_event, index)
        for index, cluster in enumerate(clusters)
        for point in cluster.points
    )
    return [_split(group) for _, group in groupby(points, key=lambda point: point[0])]


def _by_band(clusters: Sequence[Cluster]) -> dict[int, _Members]:
    members: dict[int, _Members] = defaultdict(lambda: ([], []))
    for index, cluster in enumerate(clusters):
        for point in cluster.points:
            members[point.band][0 if point.is_event else 1].append(index)
    return dict(sorted(members.items()))


def _split(group: Iterable[tuple[float, bool, int]]) -> _Members:
    members: _Members = ([], [])
    for _, is_other, index in group:
        members[is_other].append(index)
    return members


def _weighed(members: Sequence[_Members], weights: Sequence[float]) -> list[tuple[float, float]]:
    return [
        (sum([weights[i] for i in events]), sum([weights[i] for i in others]))
        for events, others in members
    ]


def _rate(events: float, others: float) -> float | None:
    return events / (events + others) if events + others else None


def alarm_starts(flags: Sequence[bool | None]) -> list[int]:
    """Return where an unbroken run of flagged days begins; None (no score) breaks a run."""
    return [index for index, flag in enumerate(flags) if flag and not (index and flags[index - 1])]


def lead_time(
    days: Sequence[dt.date], flags: Sequence[bool | None], *, lost_on: dt.date
) -> int | None:
    """Return the days between the first day of the last unbroken alarm and the loss.

    None where the last day before the loss was not flagged: it came unannounced.
    """
    seen = [(day, flag) for day, flag in zip(days, flags, strict=True) if day < lost_on]
    first = None
    for day, flag in reversed(seen):
        if not flag:
            break
        first = day
    return None if first is None else (lost_on - first).days


def migration_matrix(
    cells: Mapping[tuple[str, str], float], order: Sequence[str]
) -> list[list[float]]:
    """Return counts from band (row) to band (column) in the given order of bands."""
    return [[cells.get((before, after), 0) for after in order] for before in order]
