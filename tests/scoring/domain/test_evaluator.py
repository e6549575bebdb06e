import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.cohorts import Norms, quantiles_of
from scoring.domain.conditions import Condition
from scoring.domain.curves import Piecewise
from scoring.domain.definition import (
    Definition,
    Dimension,
    Gate,
    Measure,
    PointGroup,
    PointRule,
)
from scoring.domain.evaluator import Override, evaluate
from scoring.domain.freshness import Reading
from scoring.domain.rollup import Child, Group
from tests.scoring.domain.strategies import (
    METRICS,
    definitions,
    norms_of_all,
    numbers,
    patient,
    utilities,
)

LINE = Piecewise(((0.0, 0.0), (100.0, 100.0)))


def dimension(key, *metrics, weight=1.0, **fields):
    measures = tuple(Measure(metric, 1.0, LINE) for metric in metrics)
    return Dimension(key, weight, measures, key, key, **fields)


def readings(**values):
    return {key: Reading(value) for key, value in values.items()}


readings_of_all = st.fixed_dictionaries(
    {
        metric: st.builds(Reading, st.none() | numbers, st.integers(0, 200).map(float))
        for metric in METRICS
    }
)
overrides = st.none() | st.builds(Override, st.none() | numbers, st.none() | numbers)
kept_of_all = st.dictionaries(
    st.sampled_from(METRICS), st.builds(Reading, numbers, st.integers(0, 90).map(float))
)
children = st.builds(
    Child,
    st.integers(1, 9),
    st.none() | utilities,
    st.sampled_from([0.0, 10.0, 90.0]),
    st.booleans(),
)
groups = st.none() | st.builds(
    Group, st.sampled_from([0.0, 50.0]), st.lists(children, min_size=1, max_size=3).map(tuple)
)


@patient
@given(definitions(), readings_of_all, overrides, norms_of_all, kept_of_all, groups)
def test_the_parts_sum_to_the_score(definition, values, override, norms, kept, group):
    evaluation = evaluate(
        definition, values, override=override, norms=norms, kept=kept, group=group
    )

    if evaluation.score is not None:
        assert evaluation.explained == pytest.approx(evaluation.score, abs=1e-9)
    if evaluation.parts and evaluation.coverage:
        assert sum(part.weight for part in evaluation.parts) == pytest.approx(1)
        assert sum(d.weight for d in evaluation.dimensions) == pytest.approx(1)


@patient
@given(definitions(), readings_of_all, st.randoms())
def test_the_order_of_facts_changes_nothing(definition, values, random):
    shuffled = list(values.items())
    random.shuffle(shuffled)

    assert evaluate(definition, dict(shuffled)) == evaluate(definition, values)


@patient
@given(definitions(), readings_of_all, st.sampled_from(METRICS))
def test_silence_never_raises_coverage(definition, values, silent):
    before = evaluate(definition, values)
    after = evaluate(definition, {**values, silent: Reading(None)})

    assert after.observed <= before.observed + 1e-12


def test_no_data_at_all_is_no_score():
    evaluation = evaluate(Definition((dimension("usage", "a"),)), {})

    assert evaluation.score is None
    assert evaluation.coverage == 0


def test_without_the_mandatory_dimension_there_is_no_score():
    card = Definition((dimension("usage", "a", weight=0.3, mandatory=True), dimension("care", "b")))

    assert evaluate(card, readings(b=90.0)).score is None
    assert evaluate(card, readings(a=90.0, b=90.0)).score == pytest.approx(90)


def test_half_of_the_weights_is_enough_and_less_is_not():
    card = Definition((dimension("usage", "a"), dimension("care", "b")))
    thin = Definition((dimension("usage", "a", weight=0.98), dimension("care", "b")))

    assert evaluate(card, readings(a=70.0)).score == pytest.approx(70)
    assert evaluate(thin, readings(a=70.0)).score is None


def test_what_stands_in_for_a_missing_value_enters_the_score_but_is_not_observed():
    penalised = Measure("b", 1.0, LINE, "penalty", 20.0)
    care = dataclasses.replace(dimension("care", "b"), measures=(penalised,))
    card = Definition((dimension("usage", "a"), care))

    evaluation = evaluate(card, readings(a=80.0))

    assert evaluation.score == pytest.approx(50)
    assert (evaluation.coverage, evaluation.observed) == (1.0, 0.5)


def test_a_stale_dimension_shrinks_smoothly():
    care = dimension("care", "b", fresh_days=90.0, gone_days=180.0)
    card = Definition((dimension("usage", "a"), care))

    scores = [
        evaluate(card, {"a": Reading(80.0), "b": Reading(20.0, age)}).score
        for age in (90.0, 135.0, 180.0)
    ]

    assert scores == pytest.approx([50, (80 + 10) / 1.5, 80])


def test_each_missing_value_is_treated_as_its_measure_asks():
    table = quantiles_of([60.0, 70.0, 90.0])
    kept = {"b": Reading(30.0, 135.0)}

    def judged(policy, **more):
        measure = Measure("b", 1.0, LINE, policy, 20.0)
        care = dimension("care", "b", fresh_days=90.0, gone_days=180.0)
        care = dataclasses.replace(care, measures=(measure,))
        card = Definition((dimension("usage", "a"), care))
        found = evaluate(card, readings(a=80.0), **more)
        return found.score, found.coverage, found.observed

    assert judged("exclude") == pytest.approx((80, 0.5, 0.5))
    assert judged("penalty") == pytest.approx(((80 + 20) / 2, 1, 0.5))
    assert judged("neutral") == pytest.approx(((80 + 50) / 2, 1, 0.5))
    assert judged("neutral", norms={"b": Norms(book=table)}) == pytest.approx((75, 1, 0.5))
    assert judged("carry") == pytest.approx((80, 0.5, 0.5))
    assert judged("carry", kept=kept) == pytest.approx(((80 + 15) / 1.5, 0.75, 0.5))
    assert judged("carry", kept={"b": Reading(30.0, 180.0)}) == pytest.approx((80, 0.5, 0.5))


def test_what_only_stands_in_is_neither_data_enough_nor_a_mandatory_dimension():
    penalised = Measure("b", 1.0, LINE, "penalty", 20.0)
    care = dataclasses.replace(dimension("care", "b", weight=1.1), measures=(penalised,))
    thin = Definition((dimension("usage", "a"), care))
    asked = dataclasses.replace(care, weight=0.5, mandatory=True)

    assert evaluate(thin, readings(a=80.0)).score is None
    assert evaluate(Definition((dimension("usage", "a"), asked)), readings(a=80.0)).score is None


@patient
@given(definitions(methods=("weighted",)), readings_of_all)
def test_dimensions_and_base_are_the_weighted_means_they_are_said_to_be(definition, values):
    found = evaluate(definition, values)
    total = sum(dimension.weight for dimension in definition.dimensions)

    for dimension_, told in zip(definition.dimensions, found.dimensions, strict=True):
        own = [part for part in found.parts if part.dimension == dimension_.key]
        inside = sum(measure.weight for measure in dimension_.measures)
        shares = [
            measure.weight / inside * part.freshness
            for measure, part in zip(dimension_.measures, own, strict=True)
        ]
        assert told.coverage == pytest.approx(sum(shares))
        if sum(shares) > 1e-9:
            mean = sum(
                share * part.utility for share, part in zip(shares, own, strict=True) if share
            ) / sum(shares)
            assert told.utility == pytest.approx(mean)
    coverage = sum(
        d.weight / total * told.coverage
        for d, told in zip(definition.dimensions, found.dimensions, strict=True)
    )
    assert found.coverage == pytest.approx(coverage)
    if coverage > 1e-9:
        base = found.reference + sum(found.contributions)
        assert base == pytest.approx(
            sum(
                d.weight / total * told.coverage / coverage * (told.utility or 0.0)
                for d, told in zip(definition.dimensions, found.dimensions, strict=True)
            )
        )


def test_points_fade_and_are_clipped_together():
    group = PointGroup("voice", -6, 5, (PointRule("b", -8, 60), PointRule("c", 3, 180)))
    card = Definition((dimension("usage", "a"),), point_groups=(group,))
    base = readings(a=70.0)

    fresh = evaluate(card, base | readings(b=1.0))
    faded = evaluate(card, base | {"b": Reading(1.0, 60.0), "c": Reading(1.0, 180.0)})

    assert fresh.score == pytest.approx(64)
    assert fresh.corrections.clip == pytest.approx(2)
    assert faded.score == pytest.approx(70 - 4 + 1.5)


def test_caps_win_over_floors_and_say_whether_they_bind():
    hit = (Condition("b", above=0),)
    gates = (Gate("cap", hit, "", "", cap=59), Gate("floor", hit, "", "", floor=65))
    card = Definition((dimension("usage", "a"),), gates=gates)

    high = evaluate(card, readings(a=90.0, b=1.0))
    low = evaluate(card, readings(a=30.0, b=1.0))
    free = evaluate(card, readings(a=90.0))

    assert (high.score, high.gated) == (59, True)
    assert [part.binding for part in high.gates] == [True, False]
    assert (low.score, low.corrections.gates) == (59, pytest.approx(29))
    assert (free.score, free.gates) == (pytest.approx(90), ())


def test_an_override_stands_beside_the_computed_score():
    card = Definition((dimension("usage", "a"),))

    evaluation = evaluate(card, readings(a=76.0), override=Override(low=50.0, high=50.0))

    assert (evaluation.score, evaluation.computed) == (50, pytest.approx(76))
    assert evaluation.corrections.override == pytest.approx(-26)
