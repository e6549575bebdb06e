import datetime as dt

import pytest

from config.lib.clock import app_now
from config.lib.due import due_work
from surveys.choices import WaveState
from surveys.tasks import close_waves
from tests.surveys.factories import make_wave

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def test_a_wave_closes_by_itself_when_its_time_is_over():
    over, running = make_wave(closes_at=app_now() - SECOND), make_wave()

    close_waves()

    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.state, running.state) == (WaveState.CLOSED, WaveState.OPEN)


def test_run_due_counts_the_waves_it_closed():
    make_wave(closes_at=app_now() - SECOND)

    assert [due_work.get("waves")(app_now()) for _ in range(2)] == [1, 0]
