import pytest

from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    age_of,
    make_tracked_account,
    noon,
    read,
)
from tests.surveys.factories import make_invitation, make_wave

pytestmark = pytest.mark.django_db

KEY = "survey_participation"


def ask(account, closed_on, answers):
    wave = make_wave(
        state="closed",
        opens_on=closed_on - 14 * ONE_DAY,
        closes_on=closed_on,
        closes_at=noon(closed_on),
    )
    for answered in answers:
        make_invitation(wave=wave, contact=make_contact(account=account), answered=answered)


def test_the_last_two_waves_count_once_they_are_over():
    account = make_tracked_account()
    ask(account, DAY - 400 * ONE_DAY, [True] * 5)
    ask(account, DAY - 200 * ONE_DAY, [True, False])
    ask(account, DAY - 30 * ONE_DAY, [True, False])
    ask(account, DAY + 5 * ONE_DAY, [True] * 9)

    assert (read(account, KEY), age_of(account, KEY)) == (0.5, 30)


def test_under_three_people_it_is_missing():
    account = make_tracked_account()
    ask(account, DAY - 30 * ONE_DAY, [True, True])

    assert read(account, KEY) is None
