import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.trend import trend

series = st.lists(st.none() | st.floats(0, 100), max_size=30)


def test_a_steady_fall_is_declining():
    found = trend([80 - 0.5 * day for day in range(30)])

    assert found.change_30d == pytest.approx(-15)
    assert (found.direction, found.p < 0.001) == ("declining", True)


def test_one_bad_day_makes_no_trend():
    assert trend([70.0] * 29 + [20.0]).direction == "level"


def test_noise_is_no_trend():
    noise = random.Random(3)

    assert trend([60 + noise.gauss(0, 3) for _ in range(30)]).direction == "level"


def test_few_days_say_nothing():
    assert trend([70.0] * 9 + [None] * 21) is None


@given(series)
def test_the_other_way_round_is_the_other_way(scores):
    found, back = trend(scores), trend([None if s is None else 100 - s for s in scores])

    if found is not None:
        assert back.change_30d == pytest.approx(-found.change_30d, abs=1e-6)
        assert 0 <= found.p <= 1
