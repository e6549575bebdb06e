import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.contact_states import StateChange, next_change, standing_changes, state_on

MARCH, APRIL, MAY, JUNE = (dt.date(2026, month, 1) for month in (3, 4, 5, 6))


def test_a_change_holds_from_its_day_and_not_from_when_it_was_written():
    changes = [StateChange(MARCH, "active"), StateChange(MARCH, "transferred", MAY)]

    assert state_on(APRIL, changes).state == "active"
    assert next_change(APRIL, changes).state == "transferred"
    assert state_on(MAY, changes).state == "transferred"
    assert next_change(MAY, changes) is None


def test_a_transfer_put_off_happens_once():
    changes = [
        StateChange(MARCH, "active"),
        StateChange(MARCH, "transferred", MAY),
        StateChange(APRIL, "transferred", JUNE),
    ]

    assert state_on(MAY, changes).state == "active"
    assert state_on(JUNE, changes).starts_on == JUNE


def test_leave_goes_on_until_the_departure_written_during_it():
    changes = [StateChange(APRIL, "on_leave", APRIL), StateChange(MAY, "left", JUNE)]

    assert state_on(MAY, changes).state == "on_leave"


def test_nothing_is_known_before_anything_was_said():
    assert state_on(APRIL, [StateChange(MAY, "left", MAY)]) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from("abc"), st.none() | st.integers(0, 40)),
        max_size=8,
    )
)
def test_what_was_written_last_for_a_day_past_is_what_held_on_it(rows):
    written = sorted(rows, key=lambda row: row[0])
    changes = [
        StateChange(MARCH + dt.timedelta(a), b, None if c is None else MARCH + dt.timedelta(c))
        for a, b, c in written
    ]
    last = [(change.state, change.starts_on) for change in changes[-1:]]
    holding = [state_on(day or MARCH, changes) for _, day in last]

    assert [(c.state, c.starts_on) for c in standing_changes(changes)[-1:]] == last
    assert [(change.state, change.starts_on) for change in holding] == last
