import pytest

from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    age_of,
    make_tracked_account,
    read,
)
from tests.scoring.metrics.answers import answer
from tests.surveys.factories import make_wave

pytestmark = pytest.mark.django_db

KEY = "nps"


def test_promoters_less_detractors_of_the_newest_answer_of_each_person():
    account = make_tracked_account()
    wave = make_wave()
    for score in (10, 9, 7, 3):
        answer(account, wave, score)
    twice = answer(account, wave, 0, day=DAY - 90 * ONE_DAY)
    answer(account, wave, 9, contact=twice.contact)

    assert read(account, KEY) == pytest.approx(100 * (3 - 1) / 5)
    assert age_of(account, KEY) == 1


def test_without_answers_there_is_nothing_to_measure():
    assert read(make_tracked_account(), KEY) is None


def test_an_answer_counts_from_when_it_was_known_and_for_a_year():
    account = make_tracked_account()
    answer(account, make_wave(), 10)

    assert read(account, KEY, day=DAY - 2 * ONE_DAY) is None
    assert read(account, KEY, day=DAY) == 100
    assert read(account, KEY, day=DAY + 400 * ONE_DAY) is None
