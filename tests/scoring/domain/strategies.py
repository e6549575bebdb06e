"""Random scorecards and readings for properties of the evaluator and of the compiled SQL."""

import datetime as dt

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from scoring.domain.bands import Bands
from scoring.domain.cohorts import Norms, quantiles_of
from scoring.domain.conditions import AllOf, AnyOf, Condition, Not
from scoring.domain.curves import Percentile, Piecewise, RobustZ, Table, Target
from scoring.domain.definition import (
    Definition,
    Dimension,
    Gate,
    Measure,
    PointGroup,
    PointRule,
    Rollup,
    Rule,
    RuleSet,
)

#: Whole scorecards take a while to draw, above all on a busy machine.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

UPPER = ["below", "at_most"]
METRICS = [f"metric_{n}" for n in range(8)]
DAY = dt.date(2026, 6, 19)

numbers = st.floats(-50, 150, allow_nan=False).map(lambda x: round(x, 3))
weights = st.floats(0.05, 1).map(lambda x: round(x, 3))
utilities = st.floats(0, 100).map(lambda x: round(x, 2))


COHORTS = ({"touch_model": "high"}, {"touch_model": "low"})


@st.composite
def curves(draw):
    match draw(st.integers(0, 6)):
        case 0:
            return Target(draw(st.floats(0.5, 100)))
        case 1:
            xs = draw(st.lists(numbers, min_size=1, max_size=4, unique=True))
            return Table(tuple((x, draw(utilities)) for x in xs), draw(st.none() | utilities))
        case 2:
            return Percentile(draw(st.booleans()), draw(st.none() | utilities))
        case 3:
            return RobustZ(draw(st.booleans()))
    xs = draw(st.lists(numbers, min_size=2, max_size=5, unique=True).map(sorted))
    scale = draw(st.none() | st.floats(1, 50))
    return Piecewise(tuple((x, draw(utilities)) for x in xs), scale)


@st.composite
def measures(draw, metric, can_carry):
    policies = ["exclude", "exclude", "neutral", "penalty", *(["carry"] if can_carry else [])]
    policy = draw(st.sampled_from(policies))
    return Measure(metric, draw(weights), draw(curves()), policy, draw(utilities))


@st.composite
def dimensions(draw, key, metrics):
    fresh = draw(st.none() | st.integers(0, 60))
    return Dimension(
        key=key,
        weight=draw(weights),
        measures=tuple(draw(measures(metric, fresh is not None)) for metric in metrics),
        label_en=key,
        label_ja=key,
        fresh_days=fresh,
        gone_days=None if fresh is None else fresh + draw(st.integers(1, 60)),
        mandatory=draw(st.booleans()) and draw(st.booleans()),
    )


@st.composite
def ranges(draw):
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    lower, upper = draw(st.sampled_from(["above", "at_least"])), draw(st.sampled_from(UPPER))
    return Condition(draw(st.sampled_from(METRICS)), **{lower: low, upper: high})


comparisons = (
    st.builds(Condition, st.sampled_from(METRICS), above=numbers)
    | st.builds(Condition, st.sampled_from(METRICS), below=numbers)
    | ranges()
    | st.builds(Condition, st.sampled_from(METRICS), missing=st.just(True))
)
tests = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=5,
)


@st.composite
def gates(draw, key):
    bound = draw(st.sampled_from(["cap", "floor"]))
    conditions = draw(st.lists(tests, min_size=1, max_size=2))
    return Gate(key, tuple(conditions), key, key, **{bound: draw(utilities)})


@st.composite
def rule_sets(draw):
    rules = tuple(
        Rule(
            key=f"rule{n}",
            when=draw(tests),
            text_en="",
            text_ja="",
            points=draw(st.integers(-40, 40)),
            severity=draw(st.integers(0, 3)),
            score=draw(utilities),
        )
        for n in range(draw(st.integers(1, 4)))
    )
    requires = draw(st.just(()) | st.sampled_from(METRICS).map(lambda metric: (metric,)))
    combine = draw(st.sampled_from(["all_points", "most_severe"]))
    return RuleSet(combine, draw(utilities), rules, requires)


bands = st.builds(
    Bands,
    recovery=st.sampled_from([5.0, 3.0]),
    critical_includes=st.booleans(),
    at_risk_includes=st.booleans(),
    expansion_includes=st.booleans(),
)
rollups = st.none() | st.builds(
    Rollup,
    st.sampled_from(["own", "worst", "mean", "arr"]),
    st.floats(0, 1).map(lambda x: round(x, 2)),
    utilities,
    st.sampled_from([0.1, 0.35, 0.9]),
)


@st.composite
def definitions(draw, methods=("weighted", "weighted", "rules")):
    split = draw(st.integers(1, 5))
    rules = st.builds(
        PointRule,
        st.sampled_from(METRICS),
        st.floats(-10, 5).map(lambda x: round(x, 1)),
        st.integers(5, 90),
    )
    groups = draw(
        st.lists(
            st.builds(
                PointGroup,
                st.just("voice"),
                st.floats(-20, 0).map(lambda x: round(x, 1)),
                st.floats(0, 10).map(lambda x: round(x, 1)),
                st.lists(rules, min_size=1, max_size=3).map(tuple),
            ),
            max_size=2,
        )
    )
    shared = {
        "point_groups": tuple(groups),
        "gates": tuple(draw(gates(f"gate{n}")) for n in range(draw(st.integers(0, 3)))),
        "bands": draw(bands),
        "rollup": draw(rollups),
    }
    if draw(st.sampled_from(methods)) == "rules":
        rule_set = draw(rule_sets())
        return Definition(method="rules", rule_set=rule_set, reference=rule_set.start, **shared)
    return Definition(
        dimensions=(
            draw(dimensions("usage", METRICS[:split])),
            draw(dimensions("relationship", METRICS[split:6])),
        ),
        reference=draw(st.sampled_from([50.0, 42.5])),
        cohorts=draw(st.sampled_from([COHORTS, COHORTS[:1], ()])),
        **shared,
    )


samples = st.lists(numbers, min_size=1, max_size=12)
tables = samples.map(quantiles_of)
norms_of_all = st.dictionaries(
    st.sampled_from(METRICS), st.builds(Norms, st.none() | tables, tables), max_size=len(METRICS)
)


#: What is stored of one metric: value and date, each perhaps missing.
pairs = st.tuples(
    st.none() | numbers,
    st.none() | st.integers(0, 400).map(lambda n: DAY - dt.timedelta(days=n)),
)
