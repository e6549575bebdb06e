"""The statement a person would write by hand for one scorecard: the floor under the compiled one.

It reads the same stored values, does the arithmetic of SCORING section 5 (curves, freshness,
weights, points with decay, caps, bands) and writes as many rows into bare copies of the tables of
days and newest scores. It knows no override, roll-up, pilot, cohort, recovery or alert; a measure
told by its cohort counts as missing.
"""

import datetime as dt
import statistics
import time
from collections.abc import Mapping

from django.db import connection, transaction

from scoring.domain.curves import Piecewise
from scoring.domain.definition import Definition, Dimension, PointGroup

TABLES = """
DROP TABLE IF EXISTS bench_daily, bench_current;
CREATE TABLE bench_daily (LIKE scoring_healthdaily, PRIMARY KEY (day, account_id));
CREATE TABLE bench_current (LIKE scoring_healthcurrent INCLUDING ALL);
INSERT INTO bench_current SELECT * FROM scoring_healthcurrent;
VACUUM ANALYZE bench_current;
"""
READ = """
WITH read AS MATERIALIZED (
  SELECT account_id, v, {utilities} FROM scoring_metricvalue
), weighed AS MATERIALIZED (
  SELECT account_id, v, {weights}, {names} FROM read
), summed AS MATERIALIZED (
  SELECT *, {coverage} AS c, {points} AS p, {cap} AS cap FROM weighed
), scored AS MATERIALIZED (
  SELECT *, CASE WHEN c >= 0.5
    THEN least(cap, greatest(0, least(100, ({total}) / c + p))) END AS score FROM summed
)"""
WRITE = """, days AS (
  INSERT INTO bench_daily (day, account_id, score, computed, base_weight, coverage, points,
    corrections, dimensions, contributions, band, state, kind, version_id, run_id)
  SELECT %(day)s, account_id, score, score, c, c, p, ARRAY[0, 0, 0, 0]::float8[],
    ARRAY[{dimensions}]::float8[], ARRAY[{contributions}]::float8[], {band}, {band}, 'official',
    1, 1
  FROM scored ORDER BY account_id
)
UPDATE bench_current b SET day = %(day)s, score = s.score, computed = s.score, coverage = s.c,
  confidence = 100 * s.c, kind = 'official', computed_at = now()
FROM scored s WHERE b.account_id = s.account_id
"""
#: What a what-if needs of each side: the scores, written nowhere.
TELL = "SELECT count(*), sum(score), count(*) FILTER (WHERE score < 60) FROM scored"


def floor_seconds(
    definition: Definition, slots: Mapping[str, int], *, end: str = WRITE, rounds: int = 3
) -> float:
    """Return the median seconds of the statement for every account that has values.

    :param end: what becomes of the scores.
    """
    statement = hand_written(definition, slots, end=end)
    times = []
    for n in range(rounds + 1):
        with connection.cursor() as cursor:
            for one in TABLES.split(";\n"):
                cursor.execute(one)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
            started = time.perf_counter()
            cursor.execute(statement, {"day": dt.date(2030, 1, 1 + n)})
            times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def hand_written(definition: Definition, slots: Mapping[str, int], *, end: str) -> str:
    """Return the statement for a weighted definition."""
    parts = list(definition.measures)
    names = [f"u{n}" for n in range(len(parts))]
    utilities, weights = [], []
    for n, (dimension, measure, share) in enumerate(parts):
        slot = slots[measure.metric]
        curve = measure.curve
        told = curve_sql(f"v[{slot}]", curve) if isinstance(curve, Piecewise) else "NULL::float8"
        fresh = freshness_sql(f"seen[{slot}]", dimension)
        utilities.append(f"({told}) AS u{n}, ({fresh}) AS f{n}")
        weights.append(f"CASE WHEN u{n} IS NULL THEN 0 ELSE {share!r} * f{n} END AS w{n}")
    total = " + ".join(f"w{n} * coalesce(u{n}, 0)" for n in range(len(parts)))
    return (READ + end).format(
        utilities=", ".join(utilities),
        weights=", ".join(weights),
        names=", ".join(names),
        coverage=" + ".join(f"w{n}" for n in range(len(parts))),
        points=" + ".join(points_sql(group, slots) for group in definition.point_groups) or "0",
        cap=caps_sql(definition, slots),
        total=total,
        dimensions=", ".join(
            mean_sql([n for n, (own, _, _) in enumerate(parts) if own is dimension])
            for dimension in definition.dimensions
        ),
        contributions=", ".join(
            f"w{n} / nullif(c, 0) * (coalesce(u{n}, 50) - 50)" for n in range(len(parts))
        ),
        band="CASE WHEN score < 40 THEN 0 WHEN score < 60 THEN 1 WHEN score <= 80 THEN 2"
        " WHEN score > 80 THEN 3 END",
    )


def curve_sql(x: str, curve: Piecewise) -> str:
    """Return a piecewise linear curve, clamped at both ends."""
    knots = curve.knots
    pieces = [f"WHEN {x} <= {knots[0][0]!r} THEN {knots[0][1]!r}"]
    for start, end, base, slope in curve.segments():
        pieces.append(f"WHEN {x} < {end!r} THEN {base!r} + ({x} - {start!r}) * {slope!r}")
    return f"CASE WHEN {x} IS NULL THEN NULL {' '.join(pieces)} ELSE {knots[-1][1]!r} END"


def freshness_sql(seen: str, dimension: Dimension) -> str:
    """Return 1 up to the age of `fresh_days`, falling to 0 at `gone_days`."""
    if dimension.fresh_days is None or dimension.gone_days is None:
        return "1"
    span = dimension.gone_days - dimension.fresh_days
    left = f"({dimension.gone_days!r} - (current_date - {seen}))::float8 / {span!r}"
    return f"greatest(0, least(1, {left}))"


def points_sql(group: PointGroup, slots: Mapping[str, int]) -> str:
    """Return the sum of the rules of a group, each halved every `half_life_days`, clipped."""
    rules = [
        f"coalesce({rule.points!r} * power(2, -v[{slots[rule.metric]}]"
        f" / {rule.half_life_days!r}), 0)"
        for rule in group.rules
    ]
    return f"greatest({group.low!r}, least({group.high!r}, {' + '.join(rules)}))"


def caps_sql(definition: Definition, slots: Mapping[str, int]) -> str:
    """Return the lowest cap of the gates that hold."""
    caps = []
    for gate in definition.gates:
        tests = [
            f"v[{slots[test.metric]}] > {test.above!r}"
            if test.above is not None
            else f"v[{slots[test.metric]}] < {test.below!r}"
            for test in gate.conditions
        ]
        caps.append(f"CASE WHEN {' OR '.join(tests)} THEN {gate.cap!r} ELSE 100 END")
    return f"least({', '.join(caps)})" if caps else "100"


def mean_sql(places: list[int]) -> str:
    """Return the weighted mean of the utilities of a dimension."""
    total = " + ".join(f"w{n} * coalesce(u{n}, 0)" for n in places)
    return f"({total}) / nullif({' + '.join(f'w{n}' for n in places)}, 0)"
