import random

import pytest

from config.demo.casting import cast_book
from config.demo.stories import STORIES


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nine_customers_of_a_hundred_leave_within_a_year(seed):
    book = cast_book(random.Random(seed), 1000)[len(STORIES) :]

    lost = [story for story in book if story.status == "churned"]
    last_year = [story for story in lost if story.fields["churned"] <= 365]

    assert 0.07 < len(last_year) / len(book) < 0.11


def test_most_fall_silent_or_lose_their_champion_first_and_some_say_nothing():
    book = cast_book(random.Random(1), 1000)[len(STORIES) :]
    lost = [story for story in book if story.status == "churned"]

    silent = [story for story in lost if story.life.last_talk >= story.fields["churned"] + 90]
    champion = [story for story in lost if "champion_left" in story.fields]

    assert 0.6 < len(silent) / len(lost) < 0.95
    assert 0.2 < len(champion) / len(lost) < 0.5
    assert all(story.fields["champion_left"] > story.fields["churned"] for story in champion)


def test_some_go_quiet_and_come_back_and_some_cut_down():
    book = cast_book(random.Random(1), 1000)
    lulled = [story for story in book if story.life.lull != (0, 0)]

    assert lulled
    assert all(began > ended > 0 for began, ended in (story.life.lull for story in lulled))
    assert any(story.fields.get("growth", 0) > 1 for story in book)
