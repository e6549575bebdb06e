import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.people_gaps import PersonSeen, RoleHeld, gaps_on, is_confirmed

TODAY = dt.date(2026, 6, 18)
ROLES = ("decision_maker", "champion", "executive_sponsor", "day_to_day")


def ago(days):
    return TODAY - dt.timedelta(days=days)


def kinds(people, **given_):
    return [gap.kind for gap in gaps_on(TODAY, people, required=(), **given_)]


def held(role, days=None):
    return RoleHeld(role, None if days is None else ago(days))


def test_the_roles_of_the_main_tour():
    people = [
        PersonSeen(1, (held("day_to_day", 63),), last_talk_on=ago(63)),
        PersonSeen(2, (held("decision_maker", 112),), last_talk_on=ago(112)),
        PersonSeen(3, (held("executive_sponsor", 396),), last_talk_on=ago(130)),
        PersonSeen(4, (held("champion", 200),), gone_on=ago(78)),
    ]

    gaps = gaps_on(TODAY, people, required=ROLES, last_talk_on=ago(63), cadence=30)

    assert [(gap.kind, gap.role or gap.person or gap.number) for gap in gaps] == [
        ("empty_role", "champion"),
        ("unconfirmed_role", "executive_sponsor"),
        ("single_thread", 1),
        ("silence", 63),
    ]


@pytest.mark.parametrize(("days", "expected"), [(365, True), (366, False), (None, False)])
def test_a_part_is_confirmed_for_a_year(days, expected):
    assert is_confirmed(held("champion", days), TODAY) is expected


@pytest.mark.parametrize(
    ("talks", "expected"), [((90, 90), False), ((90, 91), True), ((91, 91), False), ((5,), True)]
)
def test_one_person_talked_to_within_ninety_days_is_a_single_thread(talks, expected):
    people = [PersonSeen(pk, last_talk_on=ago(days)) for pk, days in enumerate(talks)]

    assert ("single_thread" in kinds(people)) is expected


def test_who_left_is_no_thread_any_more():
    people = [
        PersonSeen(1, last_talk_on=ago(3)),
        PersonSeen(2, last_talk_on=ago(3), gone_on=ago(1)),
    ]

    assert "single_thread" in kinds(people)


@pytest.mark.parametrize(
    ("days", "successor", "expected"),
    [
        (60, False, ["departed_no_successor"]),
        (60, True, ["departed"]),
        (61, False, []),
    ],
)
def test_a_departure_is_news_for_sixty_days(days, successor, expected):
    people = [PersonSeen(1, gone_on=ago(days), has_successor=successor)]

    assert kinds(people) == expected


@pytest.mark.parametrize(
    ("role", "years", "expected"),
    [
        ("champion", 4, ["long_in_post"]),
        ("decision_maker", 4, ["long_in_post"]),
        ("day_to_day", 4, []),
        ("champion", 3, []),
    ],
)
def test_a_key_person_over_three_years_in_post_is_watched(role, years, expected):
    people = [PersonSeen(1, (held(role, 1),), in_post_since_on=ago(365 * years))]

    assert kinds(people) == expected


def test_silence_counts_only_where_talks_are_asked_for():
    assert kinds([], last_talk_on=ago(200), cadence=None) == []
    assert kinds([], last_talk_on=ago(200), cadence=90) == ["silence"]
    assert kinds([], last_talk_on=ago(90), cadence=90) == []
    assert kinds([], cadence=90) == ["never_talked"]


@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from(ROLES)),
            st.none() | st.integers(0, 500),
            st.none() | st.integers(0, 500),
        ),
        max_size=6,
    )
)
def test_every_required_role_is_either_confirmed_or_a_gap(rows):
    people = [
        PersonSeen(
            pk,
            tuple(held(role, confirmed) for role in sorted(roles)),
            gone_on=None if gone is None else ago(gone),
        )
        for pk, (roles, confirmed, gone) in enumerate(rows)
    ]

    gaps = gaps_on(TODAY, people, required=ROLES)

    lacking = {gap.role for gap in gaps if gap.kind in {"empty_role", "unconfirmed_role"}}
    confirmed = {
        part.role
        for person in people
        if person.is_present
        for part in person.roles
        if is_confirmed(part, TODAY)
    }
    assert lacking | confirmed == set(ROLES)
    assert not lacking & confirmed
