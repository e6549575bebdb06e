import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.statistics import nps, nps_of_counts, proportion

scores = st.lists(st.integers(0, 10), max_size=200)


def test_nps_of_nothing_is_none_and_never_zero():
    result = nps([])

    assert (result.n, result.score, result.low, result.high) == (0, None, None, None)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "score", "low", "high"),
    [
        # worked numbers of docs/algorithms/nps.md
        (3, 1, 1, 40.0, -29.78, 79.78),
        (9, 6, 5, 20.0, -15.40, 50.18),
        (0, 0, 5, -100.0, -100.0, -17.49),
        (50, 30, 20, 30.0, 14.05, 44.20),
    ],
)
def test_the_worked_numbers_of_the_manual(promoters, passives, detractors, score, low, high):
    result = nps_of_counts(
        n=promoters + passives + detractors, promoters=promoters, detractors=detractors
    )

    assert result.score == pytest.approx(score)
    assert result.low == pytest.approx(low, abs=0.01)
    assert result.high == pytest.approx(high, abs=0.01)


def test_fewer_than_twenty_answers_are_only_indicative():
    assert nps([9] * 19).is_indicative
    assert not nps([9] * 20).is_indicative


@given(scores)
def test_the_score_is_what_counting_by_hand_gives(given_scores):
    result = nps(given_scores)
    high = sum(1 for score in given_scores if score in (9, 10))
    low = sum(1 for score in given_scores if score in (0, 1, 2, 3, 4, 5, 6))

    assert (result.promoters, result.detractors) == (high, low)
    assert result.passives + high + low == result.n
    assert result.score is None or result.score == pytest.approx(100 * (high - low) / result.n)


@given(scores.filter(bool))
def test_the_interval_stays_on_the_scale_and_is_never_empty(given_scores):
    result = nps(given_scores)

    assert -100 <= result.low < result.high <= 100


@given(scores.filter(bool))
def test_mirrored_answers_give_the_mirrored_score_and_interval(given_scores):
    plus = nps(given_scores)
    minus = nps_of_counts(n=plus.n, promoters=plus.detractors, detractors=plus.promoters)

    assert minus.score == pytest.approx(-plus.score)
    assert (minus.low, minus.high) == (pytest.approx(-plus.high), pytest.approx(-plus.low))


@given(scores.filter(bool))
def test_ten_times_the_same_answers_narrow_the_interval(given_scores):
    few, many = nps(given_scores), nps(given_scores * 10)

    assert many.high - many.low < few.high - few.low
    assert many.score == pytest.approx(few.score)


@pytest.mark.parametrize("score", [-1, 11])
def test_a_score_off_the_scale_is_refused(score):
    with pytest.raises(ValueError, match="outside 0 to 10"):
        nps([score])


def test_counts_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="exceed"):
        nps_of_counts(n=3, promoters=2, detractors=2)
    with pytest.raises(ValueError, match="more hits"):
        proportion(n=2, hits=3)


def test_wilson_matches_the_worked_number():
    result = proportion(n=50, hits=40)

    assert result.share == 0.8
    assert result.low == pytest.approx(0.6696, abs=1e-4)
    assert result.high == pytest.approx(0.8876, abs=1e-4)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_wilson_holds_the_share_and_touches_the_ends_only_at_none_or_all(pair):
    n, hits = pair
    result = proportion(n=n, hits=hits)

    assert 0 <= result.low <= result.share <= result.high <= 1
    assert math.isclose(result.low, 0) == (hits == 0)
    assert math.isclose(result.high, 1) == (hits == n)


def test_a_share_of_nothing_is_none():
    assert proportion(n=0, hits=0).share is None


@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=40),
    st.sampled_from([1.0, 1.644854, 1.959964, 2.575829]),
)
def test_the_interval_holds_the_score(given_scores, z):
    result = nps(given_scores)
    wider = nps_of_counts(n=result.n, promoters=result.promoters, detractors=result.detractors, z=z)

    assert wider.low <= wider.score <= wider.high


def test_one_answer_reaches_its_own_score():
    assert (nps([9]).low, nps([9]).high) == (pytest.approx(-48.5, abs=0.05), 100)
    assert (nps([0]).low, nps([0]).high) == (-100, pytest.approx(48.5, abs=0.05))
