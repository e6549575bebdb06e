"""The base of a score as layers of SQL: weighted measures, or rules.

Twins of `scoring.domain.weighing` and `scoring.domain.ruling`; `scoring.selectors.score_sql` puts
the layers together with points, gates, roll-up and bands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scoring.domain.cohorts import BORROWED
from scoring.domain.curves import Percentile, RobustZ, Table, neutral_utility
from scoring.domain.definition import Definition, Dimension, Measure, RuleSet
from scoring.selectors.assignments import audience_key
from scoring.selectors.cohorts import BOOK, CohortRows, FrozenRow
from scoring.selectors.score_terms import (
    curve_sql,
    freshness_sql,
    normal_sql,
    number,
    percent_sql,
    plus,
    test_sql,
)


@dataclass(frozen=True)
class Columns:
    """The names of the columns that hold what a metric says."""

    names: Mapping[str, str]

    def x(self, metric: str) -> str:
        """Return the column of its value."""
        return f"x_{self.names[metric]}"

    def age(self, metric: str) -> str:
        """Return the column of its age in days."""
        return f"age_{self.names[metric]}"


class BaseSql:
    """What a method adds to the stack of layers; by default nothing."""

    needs_cohort = False
    joins = ""
    joined_columns: Sequence[str] = ()
    #: A layer before the weights, for what several of them use; empty leaves it out.
    found = ""
    #: What the day leaves to the next one.
    kept = "NULL::jsonb"
    #: How many measures or rules contribute.
    length = 0
    weighed = "*"
    #: The columns c, observed and has_required.
    coverage = ""
    contributions = ""


def base_of(definition: Definition, columns: Columns, cohorts: CohortRows) -> BaseSql:
    """Return the base of a definition's method."""
    if definition.rule_set is not None:
        return RulesSql(definition.rule_set, columns)
    return WeightedSql(definition, columns, cohorts)


class RulesSql(BaseSql):
    """Points of every rule that holds, or the verdict of the most severe."""

    def __init__(self, rule_set: RuleSet, columns: Columns) -> None:
        self.rule_set = rule_set
        self.columns = columns
        self.length = len(rule_set.rules)
        tests = (test_sql(rule.when, columns.x) for rule in rule_set.rules)
        self.weighed = "*, " + ", ".join(f"{sql} AS t{n}" for n, sql in enumerate(tests))

    @property
    def coverage(self) -> str:  # type: ignore[override]
        known = plus(f"(t{n} IS NOT NULL)::int" for n in range(self.length))
        share = f"({known}) / {number(self.length)}"
        required = " AND ".join(f"{self.columns.x(key)} IS NOT NULL" for key in self._required)
        decides = ""
        if self.rule_set.combine == "most_severe":
            rules = self.rule_set.rules
            order = sorted(range(self.length), key=lambda n: -rules[n].severity)
            decides = ", CASE " + " ".join(f"WHEN t{n} THEN {n}" for n in order) + " END AS decides"
        return f"{share} AS c, {share} AS observed, {required or 'true'} AS has_required{decides}"

    @property
    def contributions(self) -> str:  # type: ignore[override]
        if self.rule_set.combine == "all_points":
            parts = [
                f"CASE WHEN t{n} THEN {number(rule.points)} ELSE 0 END"
                for n, rule in enumerate(self.rule_set.rules)
            ]
        else:
            moves = [number(rule.score - self.rule_set.start) for rule in self.rule_set.rules]
            parts = [f"CASE WHEN decides = {n} THEN {m} ELSE 0 END" for n, m in enumerate(moves)]
        return (
            f"*, ARRAY[{', '.join(parts)}]::float8[] AS contributions,"
            " ARRAY[]::float8[] AS dimensions"
        )

    @property
    def _required(self) -> Sequence[str]:
        return self.rule_set.requires


class WeightedSql(BaseSql):
    """Measures with utility u{n} and weight w{n}; ω and contributions follow from both."""

    def __init__(self, definition: Definition, columns: Columns, cohorts: CohortRows) -> None:
        self.definition = definition
        self.columns = columns
        self.cohorts = cohorts
        self.length = len(definition.measures)
        self.needs_cohort = bool(definition.cohort_metrics()) and bool(definition.cohorts)

    @cached_property
    def joins(self) -> str:  # type: ignore[override]
        """Join the rows of percentiles: that of the account's cohort, and that of the book."""
        sql = ""
        for n, measure in self._percentiles:
            whens = " ".join(f"WHEN {i} THEN {row.pk}" for i, row in self._own_rows(measure))
            own = f"CASE q.cohort {whens} END" if whens else "NULL"
            book = self.cohorts.of(BOOK, measure.metric)
            for table, pk in ((f"q{n}", own), (f"b{n}", book.pk if book else "NULL")):
                sql += f" LEFT JOIN scoring_cohortquantiles {table} ON {table}.id = {pk}"
        return sql

    @cached_property
    def joined_columns(self) -> Sequence[str]:  # type: ignore[override]
        columns = ["q.cohort"] if self.needs_cohort else []
        for n, _ in self._percentiles:
            for table in (f"q{n}", f"b{n}"):
                columns += [
                    f"{table}.{name} AS {table}_{name}" for name in ("knots", "below", "upto")
                ]
        return columns

    @property
    def found(self) -> str:  # type: ignore[override]
        """Judge first what may be open though there is a value, and what carries forward."""
        columns = []
        for n, (_, measure, _) in enumerate(self.definition.measures):
            x = self.columns.x(measure.metric)
            if _may_be_open(measure):
                columns.append(
                    f"CASE WHEN {x} IS NOT NULL THEN {self._utility(n, measure, x)} END AS o{n}"
                )
            if measure.missing == "carry":
                kept = f"(was_kept -> '{measure.metric}'"
                columns.append(f"{kept} ->> 0)::float8 AS k{n}")
                columns.append(f"(%(day)s::date - {kept} ->> 1)::date)::float8 AS kage{n}")
        return f"*, {', '.join(columns)}" if columns else ""

    @property
    def weighed(self) -> str:  # type: ignore[override]
        columns = ["*"]
        for n, (dimension, measure, weight) in enumerate(self.definition.measures):
            absent, lack = self._stand_in(n, dimension, measure, weight)
            missing = self._missing(n, measure)
            x, age = self.columns.x(measure.metric), self.columns.age(measure.metric)
            utility = f"o{n}" if _may_be_open(measure) else self._utility(n, measure, x)
            fresh = freshness_sql(dimension, age)
            columns.append(f"CASE WHEN {missing} THEN {absent} ELSE {utility} END AS u{n}")
            columns.append(
                f"CASE WHEN {missing} THEN {lack} ELSE {number(weight)} * {fresh} END AS w{n}"
            )
        return ", ".join(columns)

    @property
    def coverage(self) -> str:  # type: ignore[override]
        observed = [
            f"CASE WHEN {self._missing(n, measure)} THEN 0 ELSE w{n} END"
            for n, (_, measure, _) in enumerate(self.definition.measures)
        ]
        mandatory = [
            f"{plus(observed[n] for n in self._indexes(dimension))} > 0"
            for dimension in self.definition.dimensions
            if dimension.mandatory
        ]
        return (
            f"{plus(self._shares)} AS c, {plus(observed)} AS observed,"
            f" {' AND '.join(mandatory) or 'true'} AS has_required"
        )

    @property
    def contributions(self) -> str:  # type: ignore[override]
        reference = number(self.definition.reference)
        contributions = ", ".join(
            f"coalesce(w{n} / nullif(c, 0) * (u{n} - {reference}), 0)" for n in range(self.length)
        )
        dimensions = ", ".join(
            f"({plus(f'coalesce(w{n} * u{n}, 0)' for n in self._indexes(dimension))})"
            f" / nullif({plus(f'w{n}' for n in self._indexes(dimension))}, 0)"
            for dimension in self.definition.dimensions
        )
        return (
            f"*, ARRAY[{contributions}]::float8[] AS contributions,"
            f" ARRAY[{dimensions}]::float8[] AS dimensions"
        )

    @property
    def kept(self) -> str:  # type: ignore[override]
        if not self.definition.carried:
            return "NULL::jsonb"
        pairs = []
        for n, (dimension, measure, _) in enumerate(self.definition.measures):
            if measure.missing == "carry":
                x, age = self.columns.x(measure.metric), self.columns.age(measure.metric)
                pairs.append(
                    f"'{measure.metric}', CASE WHEN {x} IS NOT NULL"
                    f" THEN jsonb_build_array({x}, %(day)s::date - {age}::int)"
                    f" WHEN kage{n} < {number(dimension.gone_days or 0)}"
                    f" THEN was_kept -> '{measure.metric}' END"
                )
        return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))"

    @property
    def _shares(self) -> list[str]:
        return [f"w{n}" for n in range(self.length)]

    @property
    def _percentiles(self) -> list[tuple[int, Measure]]:
        return [
            (n, measure)
            for n, (_, measure, _) in enumerate(self.definition.measures)
            if isinstance(measure.curve, Percentile)
        ]

    def _indexes(self, dimension: Dimension) -> list[int]:
        measures = self.definition.measures
        return [n for n, (owner, _, _) in enumerate(measures) if owner.key == dimension.key]

    def _missing(self, n: int, measure: Measure) -> str:
        column = f"o{n}" if _may_be_open(measure) else self.columns.x(measure.metric)
        return f"{column} IS NULL"

    def _stand_in(
        self, n: int, dimension: Dimension, measure: Measure, weight: float
    ) -> tuple[str, str]:
        """Write the utility and the weight of a measure that is missing."""
        match measure.missing:
            case "neutral":
                return self._neutral(measure), number(weight)
            case "penalty":
                return number(measure.penalty), number(weight)
            case "carry":
                utility = self._utility(n, measure, f"k{n}")
                fresh = f"{number(weight)} * {freshness_sql(dimension, f'kage{n}')}"
                utility = f"CASE WHEN k{n} IS NOT NULL THEN {utility} END"
                return utility, f"CASE WHEN {utility} IS NULL THEN 0 ELSE {fresh} END"
        return "NULL", "0"

    def _utility(self, n: int, measure: Measure, x: str) -> str:
        match measure.curve:
            case Percentile() as curve:
                ranked = self._shrunk(
                    measure,
                    lambda row, is_own: percent_sql(x, f"q{n}" if is_own else f"b{n}"),
                )
                ranked = f"100 - {ranked}" if curve.falling else ranked
                if curve.zero is not None:
                    return f"CASE WHEN {x} <= 0 THEN {number(curve.zero)} ELSE {ranked} END"
                return ranked
            case RobustZ() as curve:
                normal = self._shrunk(measure, lambda row, is_own: normal_sql(x, row.quantiles))
                return f"100 - {normal}" if curve.falling else normal
            case _:
                return curve_sql(measure.curve, x)

    def _neutral(self, measure: Measure) -> str:
        """Write the utility of the median account; the tables are at hand, so it is a number."""

        def norms(cohort: int | None) -> float:
            own = self.cohorts.norms(self.definition, cohort)[measure.metric]
            utility = neutral_utility(measure.curve, own)
            return self.definition.reference if utility is None else utility

        whens = " ".join(f"WHEN {i} THEN {number(norms(i))}" for i, _ in self._own_rows(measure))
        book = number(norms(None))
        return f"CASE cohort {whens} ELSE {book} END" if whens else book

    def _shrunk(self, measure: Measure, write: Callable[[FrozenRow, bool], str]) -> str:
        """Draw the utility in the cohort towards that in the book, as `Norms.shrunk` does."""
        frozen = self.cohorts.of(BOOK, measure.metric)
        book = write(frozen, False) if frozen else "NULL::float8"
        whens = ""
        for i, row in self._own_rows(measure):
            own = write(row, True)
            if frozen:
                own = f"({number(row.quantiles.n)} * {own} + {number(BORROWED)} * {book})"
                own += f" / {number(row.quantiles.n + BORROWED)}"
            whens += f" WHEN {i} THEN {own}"
        return f"(CASE cohort{whens} ELSE {book} END)" if whens else f"({book})"

    def _own_rows(self, measure: Measure) -> list[tuple[int, FrozenRow]]:
        rows = (
            (i, self.cohorts.of(audience_key(audience), measure.metric))
            for i, audience in enumerate(self.definition.cohorts)
        )
        return [(i, row) for i, row in rows if row is not None]


def _may_be_open(measure: Measure) -> bool:
    """Say whether there may be no utility though there is a value."""
    curve = measure.curve
    return isinstance(curve, Percentile | RobustZ) or (
        isinstance(curve, Table) and curve.otherwise is None
    )
