"""An account beside accounts alike: its readings against the frozen medians of its cohort."""

from dataclasses import dataclass

from scoring.domain.definition import Audience, Definition
from scoring.models import CohortTable
from scoring.selectors.assignments import audience_key
from scoring.selectors.cohorts import BOOK, HEALTH_SCORE, cohort_rows, valid_table
from scoring.selectors.explanations import current_pairs, read_all
from scoring.selectors.scorecards import read_definition
from scoring.selectors.surroundings import cohort_of

#: Fewer accounts than this are no company to be compared with.
FEWEST = 10


@dataclass(frozen=True)
class Comparison:
    """One reading, the median of the cohort, and the percentage of the cohort it is ahead of.

    `metric` is `health.score` for the score itself; `ahead` is None where better can't be said.
    """

    metric: str
    x: float | None
    median: float
    n: int
    ahead: float | None


@dataclass(frozen=True)
class Benchmark:
    """An account beside its cohort; `audience` None is the whole book."""

    table: CohortTable
    audience: Audience | None
    lines: tuple[Comparison, ...]


def benchmark(*, account_id: int) -> Benchmark | None:
    """Compare the newest readings of an account with its cohort, in a constant number of queries.

    None before the first score and the first table, and where there are too few accounts alike.
    """
    found = current_pairs(account_id=account_id)
    if found is None:
        return None
    row, version, frame, pairs = found
    table = valid_table(frame)
    if table is None:
        return None
    definition = read_definition(version)
    better = _directions(definition)
    rows = cohort_rows(table.pk, metrics=[*better])
    cohort = cohort_of(account_id=account_id, definition=definition, frame=frame)
    audience = None if cohort is None else definition.cohorts[cohort]
    key = BOOK if audience is None else audience_key(audience)
    readings = {metric: reading.x for metric, reading in read_all(pairs, frame).items()}
    readings[HEALTH_SCORE] = row.computed
    lines = []
    for metric, direction in better.items():
        frozen = rows.of(key, metric)
        if frozen is None or frozen.quantiles.n < FEWEST:
            continue
        x, table_of = readings.get(metric), frozen.quantiles
        ahead = None
        if x is not None and direction:
            ahead = table_of.percent(x) if direction > 0 else 100 - table_of.percent(x)
        lines.append(Comparison(metric, x, table_of.median, table_of.n, ahead))
    return Benchmark(table, audience, tuple(lines)) if lines else None


def _directions(definition: Definition) -> dict[str, int]:
    """Return of each metric 1 where more is better, −1 where less is, 0 where neither."""
    directions = {HEALTH_SCORE: 1}
    for _, measure, _ in definition.measures:
        ways = measure.curve.directions
        directions[measure.metric] = next(iter(ways)) if len(ways) == 1 else 0
    return directions
