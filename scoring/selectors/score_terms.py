"""Terms of the scoring statement: numbers, curves, conditions and bands written as SQL.

Each has its Python twin in `scoring.domain`; the two give the same number to 1e-9.
"""

# ruff: noqa: S608 -- SQL is composed of our own text and numbers; values are parameters.

import math
from collections.abc import Callable, Iterable

from scoring.domain.bands import Bands
from scoring.domain.cohorts import FARTHEST, MAD_TO_SIGMA, Quantiles
from scoring.domain.conditions import AllOf, AnyOf, Condition, Not, Test
from scoring.domain.curves import Piecewise, Table, Target
from scoring.domain.definition import Dimension
from scoring.domain.freshness import MOST_HALVINGS, Decay, Reckoning

BAND_SLUGS = "ARRAY['critical', 'at_risk', 'steady', 'expansion']"


def number(value: float) -> str:
    """Write a double; a bare 0.3 would be numeric, slow, and round unlike Python."""
    return f"({float(value)!r})::float8"


def plus(terms: Iterable[str]) -> str:
    """Add terms from left to right; nothing is 0."""
    return " + ".join(terms) or "0::float8"


def reading_sql(slot: int, reckoning: Reckoning) -> tuple[str, str]:
    """Write value and age of a stored pair on `%(day)s`, over `m`, a row of values."""
    value, seen = f"m.v[{slot}]", f"m.seen[{slot}]"
    age = f"coalesce(greatest(0, %(day)s::date - {seen}), 0)::float8"
    if isinstance(reckoning, Decay):
        halvings = f"least({age} / {number(reckoning.half_life)}, {MOST_HALVINGS})"
        left = f"{value} * power(2::float8, -{halvings})"
        return left, age if reckoning.ages else "0::float8"
    if reckoning == "window":
        return value, age
    days = f"(%(day)s::date - {seen})"
    if reckoning == "work_clock":
        workdays = "%(workdays)s::date[]"
        days = f"(width_bucket(%(day)s::date, {workdays}) - width_bucket({seen}, {workdays}))"
    running = f"{days}::float8 / nullif({value}, 0)"
    return f"CASE WHEN {seen} IS NULL THEN {value} ELSE {running} END", "0::float8"


def curve_sql(curve: Piecewise | Target | Table, x: str) -> str:
    """Write a curve over the column `x`, which is not NULL."""
    match curve:
        case Target():
            ratio = f"{x} / {number(curve.target)}"
            return f"100 * least(1::float8, greatest(0::float8, {ratio}))"
        case Table():
            whens = (f"WHEN {x} = {number(at)} THEN {number(u)}" for at, u in curve.entries)
            other = "NULL" if curve.otherwise is None else number(curve.otherwise)
            return f"CASE {' '.join(whens)} ELSE {other} END"
        case Piecewise():
            return _lines(curve, x)


def _lines(curve: Piecewise, x: str) -> str:
    at = x
    if curve.log_scale is not None:
        at = f"ln(1 + greatest({x}, 0) / {number(curve.log_scale)})"
    first, last = curve.knots[0], curve.knots[-1]
    whens = [f"WHEN {at} <= {number(first[0])} THEN {number(first[1])}"]
    whens += [
        f"WHEN {at} < {number(end)}"
        f" THEN {number(base)} + ({at} - {number(start)}) * {number(slope)}"
        for start, end, base, slope in curve.segments()
    ]
    return f"CASE {' '.join(whens)} ELSE {number(last[1])} END"


def percent_sql(x: str, table: str) -> str:
    """Write the percentile of `x` by a table's row, NULL where there is no such row."""
    values, below, upto = (f"{table}_{column}" for column in ("knots", "below", "upto"))
    line = (
        f"{upto}[i] + ({x} - {values}[i]) / ({values}[i + 1] - {values}[i])"
        f" * ({below}[i + 1] - {upto}[i])"
    )
    return (
        f"(SELECT CASE WHEN {values} IS NULL THEN NULL WHEN i = 0 THEN 0::float8"
        f" WHEN {x} = {values}[i] THEN 50 * ({below}[i] + {upto}[i])"
        f" WHEN i = cardinality({values}) THEN 100::float8 ELSE 100 * ({line}) END"
        f" FROM (SELECT width_bucket({x}, {values}) AS i OFFSET 0) place)"
    )


def normal_sql(x: str, table: Quantiles) -> str:
    """Write 100 · Φ of the robust z of `x`."""
    if table.mad > 0:
        z = f"({x} - {number(table.median)}) / {number(MAD_TO_SIGMA * table.mad)}"
    else:
        z = f"{number(FARTHEST)} * sign({x} - {number(table.median)})"
    z = f"least({number(FARTHEST)}, greatest({number(-FARTHEST)}, {z}))"
    return f"50 * (1 + erf({z} / {number(math.sqrt(2))}))"


def freshness_sql(dimension: Dimension, age: str) -> str:
    """Write how much an observation of some age still counts."""
    if dimension.fresh_days is None or dimension.gone_days is None:
        return "1::float8"
    gone, span = dimension.gone_days, dimension.gone_days - dimension.fresh_days
    share = f"({number(gone)} - {age}) / {number(span)}"
    return f"least(1::float8, greatest(0::float8, {share}))"


def test_sql(test: Test, column: Callable[[str], str]) -> str:
    """Write a tree of conditions; NULL is open, as in the Python twin."""
    match test:
        case Condition():
            return _comparison(test, column(test.metric))
        case Not():
            return f"(NOT {test_sql(test.part, column)})"
        case AllOf() | AnyOf():
            joint = " AND " if isinstance(test, AllOf) else " OR "
            return f"({joint.join(test_sql(part, column) for part in test.parts)})"


def _comparison(condition: Condition, x: str) -> str:
    if condition.missing:
        return f"({x} IS NULL)"
    bounds = (
        (">", condition.above),
        ("<", condition.below),
        (">=", condition.at_least),
        ("<=", condition.at_most),
    )
    terms = [f"{x} {sign} {number(bound)}" for sign, bound in bounds if bound is not None]
    return f"({' AND '.join(terms)})"


def plain_sql(bands: Bands, score: str) -> str:
    """Write the band of a score without a past."""
    return f"CASE {_low(bands, score)} WHEN {_expands(bands, score)} THEN 3 ELSE 2 END"


def held_sql(bands: Bands, score: str) -> str:
    """Write the best band the score lets an account keep."""
    kept = number(bands.expansion - bands.recovery)
    return f"CASE {_low(bands, score)} WHEN {score} < {kept} THEN 2 ELSE 3 END"


def rise_sql(bands: Bands, score: str) -> str:
    """Write the band the score leads to on two official days."""
    return (
        f"CASE WHEN {score} < {number(bands.critical + bands.recovery)} THEN 0"
        f" WHEN {score} < {number(bands.at_risk + bands.recovery)} THEN 1"
        f" WHEN {_expands(bands, score)} THEN 3 ELSE 2 END"
    )


def let_go_sql(bands: Bands, plain: str, state: str) -> str:
    """Write the score at which the recovery rule lets go of a state that is not the score's."""
    reach = (bands.critical + bands.recovery, bands.at_risk + bands.recovery, bands.expansion)
    return (
        f"CASE WHEN {plain} > {state} THEN (ARRAY[{', '.join(map(number, reach))}])[{state} + 1]"
        f" WHEN {plain} < {state} THEN {number(bands.expansion - bands.recovery)} END"
    )


def _low(bands: Bands, score: str) -> str:
    critical = "<=" if bands.critical_includes else "<"
    at_risk = "<=" if bands.at_risk_includes else "<"
    return (
        f"WHEN {score} {critical} {number(bands.critical)} THEN 0"
        f" WHEN {score} {at_risk} {number(bands.at_risk)} THEN 1"
    )


def _expands(bands: Bands, score: str) -> str:
    return f"{score} {'>=' if bands.expansion_includes else '>'} {number(bands.expansion)}"
