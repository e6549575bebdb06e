import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.curves import Piecewise
from scoring.domain.definition import Definition, Dimension, Measure
from scoring.domain.evaluator import evaluate
from scoring.domain.explanation import difference, round_together
from scoring.domain.freshness import Reading
from tests.scoring.domain.strategies import definitions, patient
from tests.scoring.domain.test_evaluator import readings_of_all

parts = st.lists(st.floats(-60, 60), min_size=1, max_size=12)


@patient
@given(definitions(), readings_of_all, readings_of_all)
def test_the_parts_of_a_change_sum_to_the_change(definition, earlier, later):
    before, after = evaluate(definition, earlier), evaluate(definition, later)

    if before.score is not None and after.score is not None:
        change = difference(before, after)
        assert change.total == pytest.approx(after.score - before.score, abs=1e-9)


@patient
@given(definitions(), readings_of_all)
def test_nothing_changed_is_no_change(definition, values):
    evaluation = evaluate(definition, values)

    assert all(move.total == 0 for move in difference(evaluation, evaluation).moves)


@patient
@given(definitions(), definitions(), readings_of_all)
def test_parts_sum_across_scorecards_too(old, new, values):
    before, after = evaluate(old, values), evaluate(new, values)

    if before.score is not None and after.score is not None:
        change = difference(before, after)
        assert change.total == pytest.approx(after.score - before.score, abs=1e-9)


def test_a_measure_that_comes_or_goes_is_coverage_and_never_behaviour():
    line = Piecewise(((0.0, 0.0), (100.0, 100.0)))
    measures = (Measure("known", 1.0, line), Measure("other", 1.0, line))
    card = Definition((Dimension("usage", 1.0, measures, "", ""),))
    known = {"known": Reading(80.0)}
    both = known | {"other": Reading(30.0)}

    def moves(before, after):
        change = difference(evaluate(card, before), evaluate(card, after))
        return {move.metric: (move.behaviour, move.coverage) for move in change.moves}

    # ω of what was there halves at u − r = 30; what comes brings its own 30 − 50 with half of ω.
    assert moves(known, both) == {"known": (0, -15), "other": (0, -10)}
    assert moves(both, known) == {"known": (0, 15), "other": (0, 10)}
    assert moves(both, both | {"other": Reading(70.0)}) == {"known": (0, 0), "other": (20, 0)}


@patient
@given(parts)
def test_rounded_parts_sum_to_the_rounded_sum(values):
    rounded = round_together(values)

    assert math.fsum(rounded) == pytest.approx(math.floor(math.fsum(values) * 10 + 0.5) / 10)
    assert all(abs(a - b) < 0.1 + 1e-9 for a, b in zip(rounded, values, strict=True))


@patient
@given(parts, st.integers(-50, 50))
def test_rounded_parts_sum_to_a_given_total(values, off):
    total = round(math.fsum(values), 1) + off / 10

    assert math.fsum(round_together(values, total=total)) == pytest.approx(total)


def test_the_largest_remainder_goes_first():
    assert round_together([0.04, 0.04, 0.02]) == [0.1, 0.0, 0.0]
    assert round_together([-12.46, -11.02, -7.12]) == [-12.5, -11.0, -7.1]
