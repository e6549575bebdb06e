"""Random scorecards and readings for properties of the evaluator and of the compiled SQL."""

import datetime as dt

from hypothesis import strategies as st

from scoring.domain.bands import Bands
from scoring.domain.conditions import Condition
from scoring.domain.curves import Piecewise, Target
from scoring.domain.definition import (
    Definition,
    Dimension,
    Gate,
    Measure,
    PointGroup,
    PointRule,
)

METRICS = [f"metric_{n}" for n in range(8)]
DAY = dt.date(2026, 6, 19)

numbers = st.floats(-50, 150, allow_nan=False).map(lambda x: round(x, 3))
weights = st.floats(0.05, 1).map(lambda x: round(x, 3))
utilities = st.floats(0, 100).map(lambda x: round(x, 2))


@st.composite
def curves(draw):
    if draw(st.booleans()):
        return Target(draw(st.floats(0.5, 100)))
    xs = draw(st.lists(numbers, min_size=2, max_size=5, unique=True).map(sorted))
    scale = draw(st.none() | st.floats(1, 50))
    return Piecewise(tuple((x, draw(utilities)) for x in xs), scale)


@st.composite
def measures(draw, metric):
    policy = draw(st.sampled_from(["exclude", "exclude", "neutral", "penalty"]))
    return Measure(metric, draw(weights), draw(curves()), policy, draw(utilities))


@st.composite
def dimensions(draw, key, metrics):
    fresh = draw(st.none() | st.integers(0, 60))
    return Dimension(
        key=key,
        weight=draw(weights),
        measures=tuple(draw(measures(metric)) for metric in metrics),
        label_en=key,
        label_ja=key,
        fresh_days=fresh,
        gone_days=None if fresh is None else fresh + draw(st.integers(1, 60)),
        mandatory=draw(st.booleans()) and draw(st.booleans()),
    )


@st.composite
def gates(draw, key):
    bound = draw(st.sampled_from(["cap", "floor"]))
    conditions = draw(
        st.lists(
            st.builds(Condition, st.sampled_from(METRICS), numbers)
            | st.builds(Condition, st.sampled_from(METRICS), st.none(), numbers),
            min_size=1,
            max_size=2,
        )
    )
    return Gate(key, tuple(conditions), key, key, **{bound: draw(utilities)})


@st.composite
def definitions(draw):
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
    return Definition(
        dimensions=(
            draw(dimensions("usage", METRICS[:split])),
            draw(dimensions("relationship", METRICS[split:6])),
        ),
        point_groups=tuple(groups),
        gates=tuple(draw(gates(f"gate{n}")) for n in range(draw(st.integers(0, 3)))),
        bands=Bands(),
        reference=draw(st.sampled_from([50.0, 42.5])),
    )


#: What is stored of one metric: value and date, each perhaps missing.
pairs = st.tuples(
    st.none() | numbers,
    st.none() | st.integers(0, 400).map(lambda n: DAY - dt.timedelta(days=n)),
)
