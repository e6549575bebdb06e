from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.lib.histograms import BARS, HEIGHT, WIDTH, histogram

values = st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=60)


@given(values)
@example([0.0, 5e-324])
@example([-5e-324])
def test_every_value_stands_in_one_bar_between_round_edges(values):
    bars = histogram(values)

    assert 1 <= len(bars) <= BARS
    assert sum(bar.n for bar in bars) == len(values)
    slack = 1e-6 * max(1.0, *map(abs, values))
    assert bars[0].low <= min(values) + slack
    assert max(values) <= bars[-1].high + slack
    assert all(a.high == pytest.approx(b.low) for a, b in pairwise(bars))


@given(values)
def test_the_bars_stay_in_the_picture(values):
    for bar in histogram(values):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.1
        assert 0 <= bar.y <= HEIGHT
        assert 0 <= bar.height <= HEIGHT


def test_nothing_has_no_bars_and_one_value_has_one():
    assert histogram([]) == []
    assert histogram([float("nan")]) == []
    assert [bar.n for bar in histogram([7, 7, 7])] == [3]
    assert [bar.n for bar in histogram([0])] == [1]


def test_edges_are_numbers_people_use():
    assert [(bar.low, bar.high) for bar in histogram([0.03, 0.97])][:2] == [(0, 0.1), (0.1, 0.2)]
