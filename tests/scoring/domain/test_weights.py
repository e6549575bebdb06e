import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.domain.weights import RIDGE, Fit, Sample, fit_risk, shares, shrink, slopes

HEALTH = st.floats(-1, 1, allow_nan=False)
WIDTH = 4


@st.composite
def sample_sets(draw):
    rows = draw(
        st.lists(
            st.tuples(st.tuples(*[HEALTH] * WIDTH), st.booleans(), st.floats(0.2, 5)),
            min_size=6,
            max_size=40,
        )
    )
    samples = [Sample(health, event, weight) for health, event, weight in rows]
    return [*samples, Sample((0.0,) * WIDTH, True), Sample((0.0,) * WIDTH, False)]


@settings(deadline=None, max_examples=60)
@given(sample_sets())
def test_what_is_found_is_the_optimum(samples):
    fit = fit_risk(samples)

    base, *others = slopes(samples, fit)
    assert base == pytest.approx(0, abs=1e-5)
    for strength, slope in zip(fit.strengths, others, strict=True):
        assert strength >= 0
        assert slope >= -1e-5
        assert strength == 0 or slope == pytest.approx(0, abs=1e-5)


def test_a_known_optimum_in_closed_form_is_found():
    # Two values of one measure: without a ridge the odds of each are those counted.
    samples = [
        Sample((1.0,), True, 1.0),
        Sample((1.0,), False, 9.0),
        Sample((-1.0,), True, 4.0),
        Sample((-1.0,), False, 6.0),
    ]

    fit = fit_risk(samples, ridge=0.0)

    well, ill = math.log(1 / 9), math.log(4 / 6)
    assert fit.base == pytest.approx((well + ill) / 2)
    assert fit.strengths[0] == pytest.approx((ill - well) / 2)
    assert fit.odds((1.0,)) == pytest.approx(well)


def test_a_measure_that_would_count_against_health_gets_nothing():
    samples = [Sample((n / 10, -n / 10), n < 3) for n in range(-10, 11)]

    fit = fit_risk(samples)

    assert fit.strengths[0] > 0
    assert fit.strengths[1] == 0
    assert shares(fit) == [1.0, 0.0]


def test_measures_that_say_nothing_suggest_nothing():
    assert shares(Fit(0.0, (0.0, 0.0))) is None
    assert RIDGE > 0


WEIGHTS = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(
    lambda ws: [w / sum(ws) for w in ws]
)


@given(WEIGHTS, WEIGHTS, st.integers(0, 5000))
def test_few_losses_leave_the_weights_as_they_are(found, given_weights, events):
    mixed = shrink(found, given_weights, events=events)

    assert sum(mixed) == pytest.approx(1)
    for one, before, after in zip(mixed, given_weights, found, strict=True):
        assert min(before, after) - 1e-12 <= one <= max(before, after) + 1e-12
    assert shrink(found, given_weights, events=0) == pytest.approx(given_weights)


def test_two_hundred_losses_weigh_as_much_as_the_manager():
    assert shrink([1.0, 0.0], [0.0, 1.0], events=200) == [0.5, 0.5]
