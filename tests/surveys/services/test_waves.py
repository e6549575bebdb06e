import datetime as dt

import pytest

from surveys.choices import WaveState
from surveys.services.waves import WaveDatesRefused, close_due_waves, open_wave
from tests.factories import make_organisation
from tests.surveys.factories import AT, make_survey

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)


def opened(**fields):
    make_organisation()
    values = {"name": "June", "closes_on": dt.date(2026, 6, 14), "at": AT, **fields}
    return open_wave(survey=make_survey(), **values)


def test_a_wave_takes_answers_to_the_end_of_its_last_day_where_the_organisation_is():
    wave = opened()

    assert wave.opens_on == TODAY
    assert wave.closes_at == dt.datetime(2026, 6, 14, 15, 0, tzinfo=dt.UTC)
    assert wave.report_on == dt.date(2026, 7, 14)
    assert close_due_waves(at=wave.closes_at - dt.timedelta(seconds=1)) == 0
    assert close_due_waves(at=wave.closes_at) == 1
    wave.refresh_from_db()
    assert wave.state == WaveState.CLOSED


@pytest.mark.parametrize(
    "fields",
    [
        {"closes_on": TODAY - dt.timedelta(days=1)},
        {"closes_on": TODAY + dt.timedelta(days=61)},
        {"report_on": TODAY},
    ],
)
def test_days_that_contradict_each_other_are_refused(fields):
    with pytest.raises(WaveDatesRefused):
        opened(**fields)
