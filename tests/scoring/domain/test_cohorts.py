"""Percentile, robust z and the small cohort say what the formula says, by counting."""

import math
from statistics import NormalDist, median

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.domain.cohorts import Norms, Quantiles, quantiles_of
from scoring.domain.curves import Percentile, Piecewise, RobustZ, neutral_utility
from tests.scoring.domain.strategies import numbers

samples = st.lists(numbers, min_size=1, max_size=60)
utilities = st.floats(0, 100)


@given(samples, numbers)
def test_a_percentile_is_counted_for_every_value_of_the_cohort(sample, other):
    table = quantiles_of(sample)

    for x in sample:
        below, same = sum(y < x for y in sample), sample.count(x)
        assert table.percent(x) == pytest.approx(100 * (below + same / 2) / len(sample))
    low, high = sorted((other, sample[0]))
    assert table.percent(low) <= table.percent(high) + 1e-9


@given(samples)
def test_beyond_the_cohort_a_percentile_is_0_or_100(sample):
    table = quantiles_of(sample)

    assert table.percent(min(sample) - 1) == 0
    assert table.percent(max(sample) + 1) == 100


@given(samples, numbers)
def test_a_robust_z_ends_at_three(sample, x):
    table = quantiles_of(sample)
    middle = median(sample)
    mad = median(abs(y - middle) for y in sample)
    assume(mad > 0)
    z = min(3.0, max(-3.0, (x - middle) / (1.4826 * mad)))

    assert table.normal(x) == pytest.approx(100 * NormalDist().cdf(z))
    assert RobustZ(falling=True).utility(x, Norms(book=table)) == pytest.approx(
        100 - table.normal(x)
    )


def test_where_nobody_differs_a_robust_z_knows_only_the_side():
    table = quantiles_of([5.0] * 4)
    end = 100 * NormalDist().cdf(3)

    assert [table.normal(x) for x in (4, 5, 6)] == pytest.approx([100 - end, 50, end])


def table_of(n):
    return Quantiles(n=n, values=(0.0,), below=(0.0,), upto=(1.0,), median=0, mad=0)


@given(st.integers(1, 5000), utilities, utilities)
def test_a_small_cohort_is_drawn_towards_the_book(n, own, book):
    found = Norms(cohort=table_of(n), book=table_of(9000)).shrunk(own, book)

    assert found == pytest.approx((n * own + 50 * book) / (n + 50))


def test_ten_accounts_at_80_and_a_book_at_50_make_55():
    assert Norms(cohort=table_of(10), book=table_of(900)).shrunk(80, 50) == pytest.approx(55)


def test_without_one_of_the_tables_the_other_speaks_alone():
    assert Norms(book=table_of(9)).shrunk(None, 40) == 40
    assert Norms(cohort=table_of(9)).shrunk(80, None) == 80
    assert Norms().shrunk(None, None) is None


def test_neutral_is_the_median_account_of_the_cohort():
    line = Piecewise(((0.0, 0.0), (10.0, 100.0)))
    norms = Norms(cohort=quantiles_of([2.0, 4.0, 9.0]), book=quantiles_of([8.0] * 7))

    assert neutral_utility(line, norms) == pytest.approx((3 * 40 + 50 * 80) / 53)
    assert neutral_utility(Percentile(), Norms(book=quantiles_of([1.0, 2.0, 3.0]))) == 50
    assert neutral_utility(line, Norms()) is None
    assert math.isclose(neutral_utility(RobustZ(), norms), 50)
