"""Usage added up over windows before it meets its event's name says what each day says."""

import datetime as dt
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.models import EventName
from scoring.selectors.explanations import compute_values
from scoring.selectors.frames import official_frame
from scoring.selectors.sources import SOURCES
from tests.scoring.factories import DAY, make_tracked_account, make_usage

pytestmark = pytest.mark.django_db
NAMES = ("opened", "signed in", "exported")


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    used=st.lists(
        st.tuples(st.sampled_from(NAMES), st.sets(st.integers(0, 120)), st.integers(1, 40)),
        unique_by=lambda one: one[0],
    )
)
def test_added_up_over_windows_as_day_by_day(used):
    with transaction.atomic():
        account = make_tracked_account()
        EventName.objects.create(name="opened", is_key_feature=True, meaning="record")
        EventName.objects.create(name="signed in", meaning="login")
        for name, ago, events in used:
            days = [DAY - dt.timedelta(days=n) for n in ago]
            make_usage(account=account, days=days, events=events, name=name)
        added = compute_values(account_id=account.pk, frame=official_frame(DAY))
        daily = {"usage": replace(SOURCES["usage"], by_window=None)}
        with patch.dict("scoring.selectors.metric_sql.SOURCES", daily):
            single = compute_values(account_id=account.pk, frame=official_frame(DAY))
        transaction.set_rollback(True)

    assert added == single
