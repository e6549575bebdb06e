import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.cohorts import Norms, quantiles_of
from scoring.domain.curves import Piecewise, Table, Target
from scoring.domain.freshness import MISSING, freshness, read_metric
from tests.scoring.domain.strategies import DAY, curves, numbers, samples

USERS = Piecewise(((0, 0), (0.2, 40), (0.4, 60), (0.7, 85), (0.9, 100)))


@pytest.mark.parametrize(
    ("x", "utility"),
    [(-1, 0), (0, 0), (0.1, 20), (0.31, 51), (0.66, 85 - 0.04 * 25 / 0.3), (0.9, 100), (2, 100)],
)
def test_a_curve_is_straight_between_its_knots_and_flat_outside(x, utility):
    assert USERS.utility(x) == pytest.approx(utility)


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_a_rising_curve_never_falls(a, b):
    low, high = sorted((a, b))

    assert USERS.utility(low) <= USERS.utility(high) + 1e-9


@given(curves(), numbers, samples)
def test_a_utility_stays_between_0_and_100(curve, x, sample):
    utility = curve.utility(x, Norms(book=quantiles_of(sample)))

    if utility is None:
        assert isinstance(curve, Table)
        assert curve.otherwise is None
    else:
        assert -1e-9 <= utility <= 100 + 1e-9


def test_a_logarithmic_curve_sees_magnitudes():
    curve = Piecewise(((0, 0), (math.log(101), 100)), log_scale=1.0)

    assert curve.utility(100) == pytest.approx(100)
    assert curve.utility(9) == pytest.approx(100 * math.log(10) / math.log(101))


def test_a_target_is_reached_or_counts_in_proportion():
    assert [Target(20).utility(x) for x in (-5, 5, 20, 90)] == [0, 25, 100, 100]


def test_a_table_gives_what_stands_beside_a_value_and_else_what_it_was_told():
    kept, open_ = Table(((0, 30), (1, 100)), 10.0), Table(((0, 30), (1, 100)))

    assert [kept.utility(x) for x in (0, 1, 2)] == [30, 100, 10]
    assert [open_.utility(x) for x in (0, 1, 2)] == [30, 100, None]


@pytest.mark.parametrize(("age", "left"), [(0, 1), (60, 1), (120, 0.5), (180, 0), (500, 0)])
def test_an_observation_fades_between_two_ages(age, left):
    assert freshness(age, fresh_days=60, gone_days=180) == pytest.approx(left)


def test_what_never_ages_stays_fresh():
    assert freshness(10_000, fresh_days=None, gone_days=None) == 1


def test_a_clock_counts_days_in_cadences():
    def reading(value, seen, reckoning="clock"):
        return read_metric(reckoning, value, seen, day=DAY, business_days=lambda a, b: 4)

    month_ago = DAY.replace(month=5)

    assert reading(31.0, month_ago).x == pytest.approx(1)
    assert reading(1.0, month_ago, "work_clock").x == 4
    assert reading(None, month_ago) == MISSING
    assert reading(30.0, None).x == 30
    assert reading(7.0, month_ago, "window").age == 31
