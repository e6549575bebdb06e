"""Compile a scorecard into the SQL that scores any number of accounts in one statement.

The arithmetic is that of `scoring.domain.evaluator`, layer on layer, each fenced by OFFSET 0:
without the fences PostgreSQL would copy every expression into every place that uses it, and a
million accounts would take minutes instead of seconds. The base of a method stands in
`scoring.selectors.base_sql`; a layer a scorecard does not need is left out.
"""

# ruff: noqa: S608 -- SQL is composed of our own text and numbers; values are parameters.

from collections.abc import Mapping

from accounts.selectors.dated import known
from scoring.domain.definition import Definition, Gate, Rollup
from scoring.domain.evaluator import MINIMUM_COVERAGE
from scoring.domain.freshness import Reckoning
from scoring.selectors.assignments import audience_sql, first_of
from scoring.selectors.base_sql import Columns, base_of
from scoring.selectors.cohorts import NO_ROWS, CohortRows
from scoring.selectors.group_sql import groups_sql
from scoring.selectors.score_terms import (
    BAND_SLUGS,
    held_sql,
    let_go_sql,
    number,
    plain_sql,
    plus,
    reading_sql,
    rise_sql,
    test_sql,
)


class ScoreCompiler:
    """Compiles one definition.

    :param slots: array position of each metric; one without a position is missing everywhere.
    :param reckonings: how each metric's stored pair is read.
    :param cohorts: the frozen rows percentiles and neutral values are read from.
    """

    def __init__(
        self,
        definition: Definition,
        *,
        slots: Mapping[str, int],
        reckonings: Mapping[str, Reckoning],
        official: bool,
        cohorts: CohortRows = NO_ROWS,
    ) -> None:
        self.definition = definition
        self.slots = slots
        self.reckonings = reckonings
        self.official = official
        names = {key: f"m{n}" for n, key in enumerate(sorted(definition.metrics()))}
        self.columns = Columns(names)
        self.base = base_of(definition, self.columns, cohorts)

    @property
    def rollup(self) -> Rollup | None:
        return self.definition.rollup

    def compile(self, values: str, where: str = "true") -> str:
        """Return the SELECT of everything a daily row holds, for `%(ids)s`.

        :param values: table or fenced sub-select with (account_id, v, seen).
        :param where: which of the accounts, over `a`.
        """
        layers = [
            self.base.found,
            f"{self.base.weighed}{self._points}",
            self._coverage,
            self.base.contributions,
            self._bounded,
            self._gated,
            self._bound,
            self._rolled,
            self._capped,
            self._overridden,
            self._judged,
            self._banded,
        ]
        sql = self._readings(values, where)
        for layer in filter(None, layers):
            sql = f"SELECT {layer} FROM (\n{sql}\nOFFSET 0) s"
        return sql

    def _readings(self, values: str, where: str) -> str:
        columns = [self._reading(key, name) for key, name in self.columns.names.items()]
        columns += self.base.joined_columns
        past = (
            "y.state AS was, y.rise AS was_rise"
            if self.official
            else "c.state AS was, NULL AS was_rise"
        )
        if self.definition.carried:
            columns += ["y.kept AS was_kept"]
        if self.rollup is not None:
            columns += ["g.kids", "g.least", "g.total", "g.kid_arr", "g.kid_worth"]
            columns += ["g.critical_arr", "g.has_critical", "g.own_arr"]
        listed = "".join(f"{column}, " for column in columns)
        return (
            f"SELECT m.account_id, {listed}{past}, d.low, o.kind AS o_kind,"
            " o.value AS o_value, o.band AS o_band, a.customer_since_on"
            f" FROM {values} m JOIN accounts_account a ON a.id = m.account_id{self._cohort}"
            " LEFT JOIN scoring_healthdaily y"
            " ON y.account_id = m.account_id AND y.day = %(was_day)s::date"
            " LEFT JOIN scoring_healthdaily d"
            " ON d.account_id = m.account_id AND d.day = %(day)s::date"
            " LEFT JOIN scoring_healthcurrent c ON c.account_id = m.account_id"
            " LEFT JOIN LATERAL (SELECT * FROM scoring_healthoverride h"
            " WHERE h.account_id = m.account_id AND h.starts_at <= %(t)s AND h.expires_at > %(t)s"
            f" AND {known('h')}"
            " ORDER BY h.recorded_at DESC LIMIT 1) o ON true"
            f"{self.base.joins}{self._group_join} WHERE m.account_id = ANY(%(ids)s) AND ({where})"
        )

    @property
    def _cohort(self) -> str:
        if not self.base.needs_cohort:
            return ""
        cohort = first_of([audience_sql(audience) for audience in self.definition.cohorts])
        return f" CROSS JOIN LATERAL (SELECT {cohort} AS cohort OFFSET 0) q"

    @property
    def _group_join(self) -> str:
        if self.rollup is None:
            return ""
        groups = groups_sql("%(ids)s", official=self.official)
        return f" LEFT JOIN ({groups}\nOFFSET 0) g ON g.parent_id = m.account_id"

    def _reading(self, key: str, name: str) -> str:
        slot = self.slots.get(key)
        value, age = "NULL::float8", "0::float8"
        if slot is not None:
            value, age = reading_sql(slot, self.reckonings[key])
        return f"{value} AS x_{name}, {age} AS age_{name}"

    @property
    def _points(self) -> str:
        columns = []
        for n, rule in enumerate(self.definition.point_rules):
            x, age = self.columns.x(rule.metric), self.columns.age(rule.metric)
            halvings = f"least(1000, {age} / {number(rule.half_life_days)})"
            columns.append(
                f", coalesce({number(rule.points)} * {x} * power(2::float8, -{halvings}), 0)"
                f" AS p{n}"
            )
        return "".join(columns)

    @property
    def _coverage(self) -> str:
        return (
            f"*, {self.base.coverage},"
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

    @property
    def _bounded(self) -> str:
        least = number(MINIMUM_COVERAGE)
        base = plus(
            [
                number(self.definition.reference),
                *(f"contributions[{n + 1}]" for n in range(self.base.length)),
            ]
        )
        bounded = f"least(100::float8, greatest(0::float8, {base} + points))"
        enough = f"c >= {least} AND observed >= {least} AND has_required"
        return f"*, {base} AS base, {bounded} AS bounded, {enough} AS ok"

    @property
    def _gated(self) -> str:
        caps = [
            self._while(gate, gate.cap) for gate in self.definition.gates if gate.cap is not None
        ]
        lifted = f"greatest({', '.join(['bounded', *self._floors])})"
        return f"*, least({lifted}, {', '.join([*caps, '1000'])}) AS {self._behind}"

    @property
    def _floors(self) -> list[str]:
        gates = self.definition.gates
        return [self._while(gate, gate.floor) for gate in gates if gate.floor is not None]

    def _holds(self, gate: Gate) -> str:
        return " OR ".join(test_sql(each, self.columns.x) for each in gate.conditions)

    def _while(self, gate: Gate, bound: float) -> str:
        return f"CASE WHEN {self._holds(gate)} THEN {number(bound)} END"

    @property
    def _behind(self) -> str:
        return "computed" if self.rollup is None else "behind_gates"

    @property
    def _bound(self) -> str:
        """Name the first gate that binds by its place."""
        if not self.definition.gates:
            return "*, NULL::smallint AS bound"
        lifted = f"greatest({', '.join(['bounded', *self._floors])})"
        whens = []
        for place, gate in enumerate(self.definition.gates):
            low = gate.cap is not None
            bound, side = (gate.cap, f"< {lifted}") if low else (gate.floor, "> bounded")
            binds = f"{self._behind} = {number(bound or 0)} AND {self._behind} {side}"
            whens.append(f"WHEN {binds} AND ({self._holds(gate)}) THEN {place}")
        return f"*, CASE {' '.join(whens)} END AS bound"

    @property
    def _rolled(self) -> str:
        """Let the children act on what is left behind the gates."""
        if self.rollup is None:
            return ""
        own = number(self.rollup.own_share)
        weighted = "coalesce(kid_worth / nullif(kid_arr, 0), total / kids)"
        combined = {
            "own": "behind_gates",
            "worst": "CASE WHEN ok THEN least(behind_gates, least) ELSE least END",
            "mean": "CASE WHEN ok THEN (behind_gates + total) / (kids + 1) ELSE total / kids END",
            "arr": f"CASE WHEN ok THEN {own} * behind_gates + (1 - {own}) * {weighted}"
            f" ELSE {weighted} END",
        }[self.rollup.method]
        return f"*, CASE WHEN kids > 0 THEN {combined} ELSE behind_gates END AS rolled"

    @property
    def _capped(self) -> str:
        """Let critical children cap their parent, and all of them give it data enough."""
        if self.rollup is None:
            return ""
        share = "coalesce(critical_arr / nullif(own_arr + kid_arr, 0), 0)"
        caps = f"has_critical AND {share} >= {number(self.rollup.critical_share)}"
        cap = f"CASE WHEN {caps} THEN {number(self.rollup.critical_cap)} END"
        ok = "ok" if self.rollup.method == "own" else "(ok OR coalesce(kids, 0) > 0)"
        return f"*, {ok} AS enough, least(rolled, {cap}) AS computed"

    @property
    def _overridden(self) -> str:
        gated = "computed < bounded"
        if self.rollup is not None:
            gated = "behind_gates < bounded OR computed < rolled"
        return (
            f"*, {gated} AS gated, CASE o_kind WHEN 'value' THEN o_value"
            " WHEN 'floor' THEN greatest(computed, o_value)"
            " WHEN 'ceiling' THEN least(computed, o_value) ELSE computed END AS score"
        )

    @property
    def _judged(self) -> str:
        bands = self.definition.bands
        return (
            f"*, {plain_sql(bands, 'computed')} AS plain, {plain_sql(bands, 'score')} AS shown,"
            f" {held_sql(bands, 'computed')} AS held, {rise_sql(bands, 'computed')} AS rise"
        )

    @property
    def _banded(self) -> str:
        ok, gates, rollup, gate = "ok", "computed - bounded", "0", "bound"
        if self.rollup is not None:
            children = len(self.definition.gates)
            gate = f"CASE WHEN computed < rolled THEN {children} ELSE bound END"
            ok, rollup = "enough", "rolled - behind_gates"
            gates = "behind_gates - bounded + (computed - rolled)"
        kept = "was"
        rise = "NULL::smallint"
        if self.official:
            kept = "greatest(least(was, low), least(rise, coalesce(was_rise, 0)))"
            rise = f"CASE WHEN {ok} THEN rise END"
        state = f"CASE WHEN was IS NULL THEN plain ELSE least(held, {kept}) END"
        state = f"CASE WHEN gated THEN least(plain, {state}) ELSE {state} END"
        let_go = let_go_sql(self.definition.bands, "plain", f"({state})")
        forced = f"array_position({BAND_SLUGS}, o_band) - 1"
        return (
            f"account_id, CASE WHEN {ok} THEN score END AS score,"
            f" CASE WHEN {ok} THEN computed END AS computed, c AS base_weight, c AS coverage,"
            " points, ARRAY[points - raw_points + (bounded - base - points),"
            f" {gates}, {rollup}, score - computed]::float8[] AS corrections,"
            " dimensions, contributions,"
            f" CASE WHEN NOT {ok} THEN NULL WHEN o_kind = 'band' THEN {forced}"
            f" WHEN score <> computed THEN shown ELSE {state} END AS band,"
            f" CASE WHEN {ok} THEN {state} ELSE was END AS state, {rise} AS rise,"
            f" CASE WHEN {ok} THEN {gate} END AS gate,"
            f" CASE WHEN {ok} AND o_kind IS NULL THEN {let_go} END AS let_go,"
            f" {self.base.kept} AS kept,"
            " 100 * c * least(1, greatest(0, coalesce(%(day)s::date - customer_since_on, 0))"
            " / 90::float8) AS confidence"
        )
