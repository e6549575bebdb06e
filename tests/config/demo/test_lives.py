import datetime as dt
import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from config.demo.casting import cast_book
from config.demo.lives import (
    ask_questions,
    contract_years,
    hold_talks,
    send_bills,
    use_product,
)
from config.demo.stories import STORIES
from config.demo.temperaments import draw_temperament
from config.lib.workdays import WorkCalendar

TODAY = dt.date(2026, 11, 21)
CALENDAR = WorkCalendar("JP")
WORKDAYS = [
    day for ago in range(400, 0, -1) if CALENDAR.is_workday(day := TODAY - dt.timedelta(days=ago))
]
seeds = st.integers(0, 10_000)


@given(seeds, st.sampled_from([0, 30, 90]))
def test_nothing_happens_before_the_first_day_or_after_today(seed, cadence):
    rng = random.Random(seed)
    life = draw_temperament(rng, cadence_days=cadence)
    first = WORKDAYS[rng.randrange(len(WORKDAYS) - 40)]

    usage = use_product(life, seats=12, first=first, workdays=WORKDAYS, rng=rng)
    talks = hold_talks(
        life, contacts=3, first=first, workdays=WORKDAYS, touch_model="high", rng=rng
    )
    bills = send_bills(life, first=first, today=TODAY, monthly=True, rng=rng)
    questions = ask_questions(life, first=first, today=TODAY, rng=rng)

    days = [row[0] for row in usage.days] + [talk.on for talk in talks]
    assert all(first <= day < TODAY for day in days)
    assert all(bill.issued_on <= TODAY for bill in bills)
    assert all(bill.paid_on is None or bill.paid_on <= TODAY for bill in bills)
    assert all(question.opened_on <= TODAY for question in questions)
    assert all(question.csat is None or question.resolved_on for question in questions)


@given(seeds)
def test_daily_users_never_exceed_the_bits_of_their_month(seed):
    rng = random.Random(seed)
    life = draw_temperament(rng, cadence_days=30)

    usage = use_product(life, seats=20, first=WORKDAYS[0], workdays=WORKDAYS, rng=rng)

    for day, series, n in usage.days:
        if series == 0:
            bits = sum(
                bits >> (day.day - 1) & 1
                for (month, _), bits in usage.months.items()
                if month == day.replace(day=1)
            )
            assert n == bits


@given(st.dates(dt.date(2022, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 900))
def test_contract_years_follow_each_other_and_end_on_the_last_day(first, length):
    last = first + dt.timedelta(days=length)

    years = contract_years(first, last)

    assert years[-1][1] == last
    assert years[0][0] <= first
    assert all(a[1] + dt.timedelta(days=1) == b[0] for a, b in pairwise(years))


def test_the_same_seed_casts_the_same_book_and_stories_come_first():
    first, again, other = (cast_book(random.Random(seed), 60) for seed in (1, 1, 2))

    assert first == again != other
    assert first[: len(STORIES)] == list(STORIES)
    assert len({story.name for story in first}) == 60
    assert len({story.key for story in first}) == 60


def test_parents_and_partners_stand_before_those_that_name_them():
    seen = set()
    for story in STORIES:
        assert {story.parent, story.via} - {""} <= seen
        seen.add(story.key)
