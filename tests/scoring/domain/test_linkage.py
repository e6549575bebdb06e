import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.linkage import ratio_of_sums, tenths, wilson


@given(st.lists(st.integers(0, 20).map(float), min_size=1, max_size=80))
def test_tenths_keep_the_order_and_equal_values_together(values):
    found = tenths(values)

    assert all(0 <= tenth <= 9 for tenth in found)
    pairs = sorted(zip(values, found, strict=True))
    assert [tenth for _, tenth in pairs] == sorted(found)
    assert len({tenth for value, tenth in pairs if value == values[0]}) == 1


def test_a_hundred_different_values_fill_each_tenth_with_ten():
    found = tenths([float(n) for n in range(100)])

    assert [found.count(tenth) for tenth in range(10)] == [10] * 10


ROWS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=60)


@given(ROWS)
def test_a_share_lies_within_its_interval(rows):
    found = ratio_of_sums([(a, float(y), 1.0) for a, y in rows], is_share=True)

    assert found.value == pytest.approx(sum(y for _, y in rows) / len(rows))
    assert -1e-12 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1 + 1e-12
    assert found.accounts == len({a for a, _ in rows})


@given(ROWS)
def test_saying_every_month_twice_does_not_make_it_surer(rows):
    once = ratio_of_sums([(a, float(y), 1.0) for a, y in rows], is_share=True)
    twice = ratio_of_sums([(a, float(y), 1.0) for a, y in rows * 2], is_share=True)

    assert (twice.low, twice.high) == pytest.approx((once.low, once.high))


def test_the_interval_of_single_months_is_the_usual_one():
    rows = [(n, float(n < 20), 1.0) for n in range(100)]

    found = ratio_of_sums(rows, is_share=True)

    assert (found.low, found.high) == pytest.approx((0.2 - 0.0788, 0.2 + 0.0788), abs=1e-3)


def test_nothing_lost_is_not_certain_to_stay_nothing():
    found = ratio_of_sums([(n, 0.0, 1.0) for n in range(30)], is_share=True)

    assert (found.value, found.low) == (0, pytest.approx(0))
    assert found.high == pytest.approx(0.1135, abs=1e-3)


def test_amounts_may_exceed_what_they_are_compared_with():
    found = ratio_of_sums([(1, 120.0, 100.0), (2, 110.0, 100.0)], is_share=False)

    assert found.value == pytest.approx(1.15)
    assert found.high > 1.15


def test_of_no_amount_there_is_no_ratio():
    assert ratio_of_sums([(1, 0.0, 0.0)], is_share=False) is None


def test_wilson_is_the_published_interval():
    low, high = wilson(1, 10)

    assert (low, high) == pytest.approx((0.0179, 0.4042), abs=1e-4)
