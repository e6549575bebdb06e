"""A proposed bound: it fits whom it is for, moves no farther than it must, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.bands import Bands
from scoring.domain.thresholds import FARTHEST, Below, Room, bounds_to_try, propose

scores = st.lists(st.floats(0, 100), max_size=40)
bands = (
    st.tuples(*(st.integers(1, 98).map(float) for _ in range(3)))
    .map(sorted)
    .filter(lambda x: x[0] < x[1] < x[2])
    .map(lambda x: Bands(*x))
)


def steps_of(bounds, scores):
    return [Below(bound, sum(score < bound for score in scores), 0.0) for bound in bounds]


@given(bands, st.sampled_from(["at_risk", "critical"]))
def test_bounds_stay_near_and_between_their_neighbours(bands, bound):
    now = getattr(bands, bound)
    tried = bounds_to_try(bands, bound)

    low, high = (0, bands.at_risk) if bound == "critical" else (bands.critical, bands.expansion)
    assert now in tried
    assert tried == sorted(set(tried))
    assert all(low < one < high and abs(one - now) <= FARTHEST for one in tried)


@given(scores, bands, st.integers(0, 45))
def test_as_many_as_fit_lie_below_and_no_bound_would_catch_more(scores, bands, room):
    steps = steps_of(bounds_to_try(bands, "at_risk"), scores)

    made = propose(steps, now=bands.at_risk, room=room)

    fitting = [step for step in steps if step.accounts <= room]
    assert made.now.bound == bands.at_risk
    assert made.fits == bool(fitting)
    if not fitting:
        assert made.then == steps[0]
        return
    assert made.then.accounts == max(step.accounts for step in fitting)
    same = [step for step in fitting if step.accounts == made.then.accounts]
    assert abs(made.then.bound - bands.at_risk) == min(
        abs(step.bound - bands.at_risk) for step in same
    )


def test_the_worked_proposal():
    counts = {56.0: 110, 57.0: 128, 58.0: 143, 59.0: 151, 60.0: 162}
    steps = [Below(bound, n, 0.0) for bound, n in counts.items()]
    room = Room(members=12, per_week=3, weeks=4)

    made = propose(steps, now=60.0, room=room.accounts)

    assert (room.accounts, made.then.bound, made.then.accounts) == (144, 58.0, 143)
    assert propose(steps, now=60.0, room=500).is_change is False


@pytest.mark.parametrize(
    ("cost", "budget", "accounts"),
    [(None, None, 144), (10.0, None, 144), (10.0, 300.0, 120), (10.0, 900.0, 144), (10.0, 0.0, 0)],
)
def test_members_or_money_are_what_limits(cost, budget, accounts):
    room = Room(members=12, per_week=3, weeks=4, cost=cost, budget=budget)

    assert room.accounts == accounts
    assert room.spent(100) == (None if cost is None else 250.0)
