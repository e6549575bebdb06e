import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.bands import AT_RISK, CRITICAL, EXPANSION, STEADY, Bands, Past, next_state

BANDS = Bands()
scores = st.floats(0, 100)
states = st.none() | st.integers(0, 3)


def replay(days, bands=BANDS):
    """Fold official scores into states, as the daily rows do."""
    past, seen = Past(), []
    for score in days:
        state = next_state(bands, score, gated=False, official=True, past=past)
        seen.append(state)
        past = Past(state, bands.rise(score))
    return seen


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (39.99, CRITICAL),
        (40.0, AT_RISK),
        (59.96, AT_RISK),
        (60.0, STEADY),
        (80.0, STEADY),
        (80.001, EXPANSION),
    ],
)
def test_bounds_are_explicit_and_unrounded(score, band):
    assert BANDS.plain(score) == band


def test_worse_acts_at_once():
    assert replay([70, 59.96, 39]) == [STEADY, AT_RISK, CRITICAL]


def test_recovery_needs_the_threshold_and_five_for_two_official_days():
    assert replay([55, 66, 64, 66, 66]) == [AT_RISK, AT_RISK, AT_RISK, AT_RISK, STEADY]
    assert replay([55, 62, 62, 62]) == [AT_RISK] * 4
    assert replay([30, 46, 46]) == [CRITICAL, CRITICAL, AT_RISK]


def test_expansion_is_entered_after_two_days_above_80_and_left_below_75():
    assert replay([70, 81, 80, 81, 81]) == [STEADY, STEADY, STEADY, STEADY, EXPANSION]
    assert replay([90, 76, 75, 74.9]) == [EXPANSION, EXPANSION, EXPANSION, STEADY]


def test_a_provisional_run_lets_fall_and_never_rise():
    down = next_state(BANDS, 59, gated=False, official=False, past=Past(STEADY, EXPANSION))
    up = next_state(BANDS, 90, gated=False, official=False, past=Past(AT_RISK, EXPANSION))

    assert (down, up) == (AT_RISK, AT_RISK)


def test_the_night_does_not_undo_what_a_provisional_run_acted_on():
    past = Past(state=STEADY, rise=STEADY, low=AT_RISK)

    assert next_state(BANDS, 61, gated=False, official=True, past=past) == AT_RISK
    assert next_state(BANDS, 66, gated=False, official=True, past=past) == STEADY


def test_a_binding_gate_takes_expansion_away_at_once_and_never_raises():
    left = next_state(BANDS, 80, gated=True, official=True, past=Past(EXPANSION, EXPANSION))
    kept = next_state(BANDS, 80, gated=True, official=True, past=Past(AT_RISK, AT_RISK))

    assert (left, kept) == (STEADY, AT_RISK)


def test_once_a_gate_is_lifted_the_band_recovers_by_the_rule():
    past, seen = Past(EXPANSION, EXPANSION), []
    for score, gated in [
        (59, True),
        (90, False),
        (90, False),
        (39, True),
        (62, False),
        (66, False),
    ]:
        state = next_state(BANDS, score, gated=gated, official=True, past=past)
        seen.append(state)
        past = Past(state, BANDS.rise(score))

    assert seen == [AT_RISK, AT_RISK, EXPANSION, CRITICAL, CRITICAL, AT_RISK]


@given(scores, states, states, states, st.booleans())
def test_a_gate_that_binds_never_raises_a_band(score, was, rise, low, official):
    past = Past(was, rise, low)
    free = next_state(BANDS, score, gated=False, official=official, past=past)
    gated = next_state(BANDS, score, gated=True, official=official, past=past)

    assert gated <= free
    assert gated <= BANDS.plain(score)


@given(st.lists(scores, min_size=1, max_size=60))
def test_no_day_below_a_threshold_stays_unflagged(days):
    for score, state in zip(days, replay(days), strict=True):
        assert state <= AT_RISK or score >= 60
        assert state == CRITICAL or score >= 40


@given(scores, states, states, states, st.booleans(), st.booleans())
def test_a_state_never_stands_above_what_the_score_allows(score, was, rise, low, gated, official):
    state = next_state(BANDS, score, gated=gated, official=official, past=Past(was, rise, low))

    assert state <= max(BANDS.held(score), BANDS.plain(score))


def test_a_noisy_borderline_account_does_not_flap():
    noise = random.Random(7)
    days = [60 + noise.gauss(0, 2) for _ in range(365)]

    states = replay(days)
    changes = sum(a != b for a, b in pairwise(states))
    plain = [BANDS.plain(score) for score in days]
    bare = sum(a != b for a, b in pairwise(plain))

    assert changes <= 6 < 50 < bare
