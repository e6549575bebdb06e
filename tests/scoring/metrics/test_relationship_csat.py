import pytest

from tests.scoring.factories import (
    make_tracked_account,
    read,
)
from tests.scoring.metrics.answers import answer
from tests.surveys.factories import make_wave

pytestmark = pytest.mark.django_db

KEY = "relationship_csat"


def test_it_is_the_mean_of_the_side_question():
    account = make_tracked_account()
    wave = make_wave()
    for csat in (5, 4, None):
        answer(account, wave, 8, csat=csat)

    assert read(account, KEY) == pytest.approx(4.5)
