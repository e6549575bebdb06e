import datetime as dt

import pytest

from accounts.models import TouchExpectation
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    make_talk,
    make_tracked_account,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "touch_recency"


def test_it_counts_from_the_last_two_way_touch_in_cadences():
    account = make_tracked_account(touch_model="high")
    make_talk(account, DAY - 45 * ONE_DAY)
    make_talk(account, DAY - 5 * ONE_DAY, direction="outbound")
    make_talk(account, DAY - 5 * ONE_DAY, is_draft=True)

    assert read(account, KEY) == pytest.approx(1.5)


def test_the_low_touch_model_talks_every_90_days():
    account = make_tracked_account(touch_model="low")
    make_talk(account, DAY - 45 * ONE_DAY)

    assert read(account, KEY) == pytest.approx(0.5)


def test_never_touched_counts_from_the_start_and_tech_touch_demands_nothing():
    since = DAY - 60 * ONE_DAY

    assert read(make_tracked_account(customer_since_on=since), KEY) == pytest.approx(2)
    assert read(make_tracked_account(touch_model="tech"), KEY) is None


def test_onboarding_has_a_shorter_cadence():
    account = make_tracked_account(phase="onboarding")
    make_talk(account, DAY - 7 * ONE_DAY)

    assert read(account, KEY) == pytest.approx(1)


def test_the_cadence_is_what_the_organisation_asked_for_on_that_day_as_known_then():
    account = make_tracked_account(touch_model="high")
    make_talk(account, DAY - 45 * ONE_DAY)
    asked = TouchExpectation.objects.create(
        touch_model="high",
        cadence_days=90,
        required_roles=[],
        starts_on=DAY,
        recorded_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    )

    assert read(account, KEY) == pytest.approx(0.5)
    asked.starts_on = DAY + ONE_DAY
    asked.save()
    assert read(account, KEY) == pytest.approx(1.5)
