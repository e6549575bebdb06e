"""Compile a scorecard into the SQL that scores any number of accounts in one statement.

The arithmetic is that of `scoring.domain.evaluator`, layer on layer, each fenced by OFFSET 0:
without the fences PostgreSQL would copy every expression into every place that uses it, and a
million accounts would take minutes instead of seconds.
"""

# ruff: noqa: S608 -- SQL is composed of our own text and numbers; values are parameters.

from collections.abc import Mapping, Sequence
from functools import cached_property

from scoring.domain.curves import Curve, Percentile, RobustZ
from scoring.domain.definition import Definition, Dimension, Measure
from scoring.domain.evaluator import MINIMUM_COVERAGE
from scoring.domain.freshness import MOST_HALVINGS, Decay, Reckoning
from scoring.selectors.score_terms import (
    BAND_SLUGS,
    curve_sql,
    freshness_sql,
    held_sql,
    number,
    plain_sql,
    plus,
    rise_sql,
    test_sql,
)


class ScoreCompiler:
    """Compiles one definition.

    :param slots: array position of each metric; one without a position is missing everywhere.
    :param reckonings: how each metric's stored pair is read.
    """

    def __init__(
        self,
        definition: Definition,
        *,
        slots: Mapping[str, int],
        reckonings: Mapping[str, Reckoning],
        official: bool,
    ) -> None:
        self.definition = definition
        self.slots = slots
        self.reckonings = reckonings
        self.official = official
        self.names = {key: f"m{n}" for n, key in enumerate(sorted(definition.metrics()))}

    @cached_property
    def shares(self) -> list[str]:
        return [f"w{n}" for n in range(len(self.definition.measures))]

    def compile(self, values: str, where: str) -> str:
        """Return the SELECT of everything a daily row holds.

        :param values: table or fenced sub-select with (account_id, v, seen).
        :param where: which of its accounts this scorecard is for, over `a` (the account).
        """
        layers = [
            self._readings(values, where),
            self._utilities,
            self._coverage,
            self._parts,
            self._bounded,
            self._gated,
            self._overridden,
            self._judged,
            self._banded,
        ]
        sql = layers[0]
        for layer in layers[1:]:
            sql = f"SELECT {layer} FROM (\n{sql}\nOFFSET 0) s"
        return sql

    def _readings(self, values: str, where: str) -> str:
        columns = []
        for key, name in self.names.items():
            slot = self.slots.get(key)
            value, seen = f"m.v[{slot}]", f"m.seen[{slot}]"
            if slot is None:
                columns.append(f"NULL::float8 AS x_{name}, 0::float8 AS age_{name}")
            elif (reckoning := self.reckonings[key]) == "window" or isinstance(reckoning, Decay):
                age = f"coalesce(greatest(0, %(day)s::date - {seen}), 0)::float8"
                if isinstance(reckoning, Decay):
                    halvings = f"least({age} / {number(reckoning.half_life)}, {MOST_HALVINGS})"
                    value += f" * power(2::float8, -{halvings})"
                    age = age if reckoning.ages else "0"
                columns.append(f"{value} AS x_{name}, {age} AS age_{name}")
            else:
                days = f"(%(day)s::date - {seen})"
                if reckoning == "work_clock":
                    workdays = "%(workdays)s::date[]"
                    days = (
                        f"(width_bucket(%(day)s::date, {workdays})"
                        f" - width_bucket({seen}, {workdays}))"
                    )
                x = (
                    f"CASE WHEN {seen} IS NULL THEN {value}"
                    f" ELSE {days}::float8 / nullif({value}, 0) END"
                )
                columns.append(f"{x} AS x_{name}, 0 AS age_{name}")
        past = (
            "y.state AS was, y.rise AS was_rise"
            if self.official
            else "c.state AS was, NULL AS was_rise"
        )
        return (
            f"SELECT m.account_id, {', '.join(columns)}, {past}, d.low, o.kind AS o_kind,"
            " o.value AS o_value, o.band AS o_band, a.customer_since_on"
            f" FROM {values} m JOIN accounts_account a ON a.id = m.account_id"
            " LEFT JOIN scoring_healthdaily y"
            " ON y.account_id = m.account_id AND y.day = %(was_day)s::date"
            " LEFT JOIN scoring_healthdaily d"
            " ON d.account_id = m.account_id AND d.day = %(day)s::date"
            " LEFT JOIN scoring_healthcurrent c ON c.account_id = m.account_id"
            " LEFT JOIN LATERAL (SELECT * FROM scoring_healthoverride h"
            " WHERE h.account_id = m.account_id AND h.starts_at <= %(t)s AND h.expires_at > %(t)s"
            " AND h.recorded_at <= %(k)s AND (h.retracted_at IS NULL OR h.retracted_at > %(k)s)"
            " ORDER BY h.recorded_at DESC LIMIT 1) o ON true"
            f" WHERE m.account_id = ANY(%(ids)s) AND {where}"
        )

    @property
    def _utilities(self) -> str:
        columns = ["*"]
        for n, (dimension, measure, weight) in enumerate(self.definition.measures):
            name = self.names[measure.metric]
            utility = self._missing(measure)
            columns.append(
                f"CASE WHEN x_{name} IS NULL THEN {utility} ELSE"
                f" {self._curve(measure.curve, f'x_{name}')} END AS u{n}"
            )
            absent = "0" if measure.missing == "exclude" else number(weight)
            columns.append(
                f"CASE WHEN x_{name} IS NULL THEN {absent} ELSE"
                f" {number(weight)} * {freshness_sql(dimension, f'age_{name}')} END AS w{n}"
            )
        for n, rule in enumerate(self.definition.point_rules):
            name = self.names[rule.metric]
            halvings = f"least(1000, age_{name} / {number(rule.half_life_days)})"
            columns.append(
                f"coalesce({number(rule.points)} * x_{name} * power(2::float8, -{halvings}), 0)"
                f" AS p{n}"
            )
        return ", ".join(columns)

    def _missing(self, measure: Measure) -> str:
        if measure.missing == "neutral":
            return number(self.definition.reference)
        return number(measure.penalty) if measure.missing == "penalty" else "NULL"

    @property
    def _coverage(self) -> str:
        observed = [
            f"CASE WHEN x_{self.names[measure.metric]} IS NULL THEN 0 ELSE w{n} END"
            for n, (_, measure, _) in enumerate(self.definition.measures)
        ]
        mandatory = [
            f"{plus(observed[n] for n in self._indexes(dimension))} > 0"
            for dimension in self.definition.dimensions
            if dimension.mandatory
        ]
        return (
            f"*, {plus(self.shares)} AS c,"
            f" {plus(observed)} AS observed,"
            f" {' AND '.join(mandatory) or 'true'} AS has_mandatory,"
            f" {plus(f'p{n}' for n in range(len(self.definition.point_rules)))} AS raw_points,"
            f" {self._clipped_points} AS points"
        )

    @property
    def _clipped_points(self) -> str:
        groups, start = [], 0
        for group in self.definition.point_groups:
            own = plus(f"p{n}" for n in range(start, start + len(group.rules)))
            groups.append(f"least({number(group.high)}, greatest({number(group.low)}, {own}))")
            start += len(group.rules)
        return plus(groups)

    def _indexes(self, dimension: Dimension) -> list[int]:
        measures = self.definition.measures
        return [n for n, (owner, _, _) in enumerate(measures) if owner.key == dimension.key]

    @property
    def _parts(self) -> str:
        reference = number(self.definition.reference)
        contributions = ", ".join(
            f"coalesce(w{n} / nullif(c, 0) * (u{n} - {reference}), 0)"
            for n in range(len(self.shares))
        )
        dimensions = ", ".join(
            f"({plus(f'coalesce(w{n} * u{n}, 0)' for n in self._indexes(dimension))})"
            f" / nullif({plus(f'w{n}' for n in self._indexes(dimension))}, 0)"
            for dimension in self.definition.dimensions
        )
        least = number(MINIMUM_COVERAGE)
        return (
            f"*, ARRAY[{contributions}]::float8[] AS contributions,"
            f" ARRAY[{dimensions}]::float8[] AS dimensions,"
            f" c >= {least} AND observed >= {least} AND has_mandatory AS ok"
        )

    @property
    def _bounded(self) -> str:
        base = plus(
            [
                number(self.definition.reference),
                *(f"contributions[{n + 1}]" for n in range(len(self.shares))),
            ]
        )
        bounded = f"least(100::float8, greatest(0::float8, {base} + points))"
        return f"*, {base} AS base, {bounded} AS bounded"

    @property
    def _gated(self) -> str:
        lifted = ["bounded"]
        caps = []
        for gate in self.definition.gates:
            holds = " OR ".join(test_sql(condition, self._column) for condition in gate.conditions)
            if gate.floor is not None:
                lifted.append(f"CASE WHEN {holds} THEN {number(gate.floor)} END")
            if gate.cap is not None:
                caps.append(f"CASE WHEN {holds} THEN {number(gate.cap)} END")
        return f"*, least(greatest({', '.join(lifted)}), {', '.join([*caps, '1000'])}) AS computed"

    def _curve(self, curve: Curve, x: str) -> str:
        return "NULL" if isinstance(curve, Percentile | RobustZ) else curve_sql(curve, x)

    def _column(self, metric: str) -> str:
        return f"x_{self.names[metric]}"

    @property
    def _overridden(self) -> str:
        return (
            "*, computed < bounded AS gated, CASE o_kind WHEN 'value' THEN o_value"
            " WHEN 'floor' THEN greatest(computed, o_value)"
            " WHEN 'ceiling' THEN least(computed, o_value) ELSE computed END AS score"
        )

    @property
    def _judged(self) -> str:
        bands = self.definition.bands
        return (
            f"*, {plain_sql(bands, 'computed')} AS plain, {plain_sql(bands, 'score')} AS shown,"
            f" {held_sql(bands, 'computed')} AS held,"
            f" {rise_sql(bands, 'computed')} AS rise"
        )

    @property
    def _banded(self) -> str:
        kept = "was"
        rise = "NULL::smallint"
        if self.official:
            kept = "greatest(least(was, low), least(rise, coalesce(was_rise, 0)))"
            rise = "CASE WHEN ok THEN rise END"
        state = f"CASE WHEN was IS NULL THEN plain ELSE least(held, {kept}) END"
        state = f"CASE WHEN gated THEN least(plain, {state}) ELSE {state} END"
        forced = f"array_position({BAND_SLUGS}, o_band) - 1"
        return (
            "account_id, CASE WHEN ok THEN score END AS score,"
            " CASE WHEN ok THEN computed END AS computed, c AS base_weight, c AS coverage,"
            " points, ARRAY[points - raw_points + (bounded - base - points),"
            " computed - bounded, 0, score - computed]::float8[] AS corrections,"
            " dimensions, contributions,"
            f" CASE WHEN NOT ok THEN NULL WHEN o_kind = 'band' THEN {forced}"
            f" WHEN score <> computed THEN shown ELSE {state} END AS band,"
            f" CASE WHEN ok THEN {state} ELSE was END AS state, {rise} AS rise,"
            " 100 * c * least(1, greatest(0, coalesce(%(day)s::date - customer_since_on, 0))"
            " / 90::float8) AS confidence"
        )


def first_match(conditions: Sequence[str], index: int) -> str:
    """Write that condition `index` holds and none before it."""
    return " AND ".join(
        [*(f"NOT ({earlier})" for earlier in conditions[:index]), conditions[index]]
    )
