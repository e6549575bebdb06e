import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scoring.domain.trend import trend
from scoring.models import (
    HealthCurrent,
    HealthDaily,
    ScorecardVersion,
)
from scoring.selectors.alert_sql import DECLINING
from scoring.selectors.alerts import alert_rows, movers
from scoring.selectors.frames import official_frame
from scoring.services.recompute import open_book
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
)
from tests.scoring.services.watching import AT_RISK, STEADY, alerts, make_watched, stand, tend

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make_watched()


def draw_line(account, scores, *, last=DAY, version):
    """Write daily rows that end on `last`; None leaves a day out."""
    run = open_book(frame=official_frame(last)).run
    HealthDaily.objects.bulk_create(
        HealthDaily(
            account=account, day=last - ago * ONE_DAY, score=score, computed=score,
            base_weight=1, coverage=1, points=0, corrections=[0, 0, 0, 0], dimensions=[],
            contributions=[score - 50], kind="official", version=version, run=run,
        )
        for ago, score in enumerate(reversed(scores))
        if score is not None
    )  # fmt: skip


@pytest.fixture
def version(account):
    return ScorecardVersion.objects.order_by("pk").first()


def test_a_significant_fall_is_a_decline_with_its_size_and_cause(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(30)], version=version)
    stand(account, STEADY, 68.4)
    HealthCurrent.objects.update(version=version)

    assert tend(account, official=False) == 0
    assert tend(account) == 1

    (alert,) = alerts(account, "decline")
    assert alert.change == pytest.approx(-12)
    assert (alert.cause, alert.cause_place) == ("measure", 1)
    assert alert.cause_points == pytest.approx(-8.4)


def test_a_score_that_was_lost_is_no_decline(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(29)], last=DAY - ONE_DAY, version=version)
    stand(account, "not_enough_data", None)
    HealthCurrent.objects.update(version=version)

    tend(account)

    assert alerts(account, "decline") == []


def test_a_band_set_by_an_override_is_named_and_not_a_score_that_stayed(account, version):
    draw_line(account, [82.3, *[82.1] * 8], version=version)
    HealthDaily.objects.filter(day=DAY).update(band=1, state=2)
    stand(account, STEADY, 82.1, day=DAY - ONE_DAY)
    stand(account, AT_RISK, 82.1)
    HealthCurrent.objects.update(version=version)

    tend(account)

    (row,) = alert_rows(alerts(account), at=NOON)
    assert row.alert.cause == "override"
    assert row.reason == "An override sets the band to At risk; the score is 82."


def test_who_moved_within_a_week_is_told_with_what_moved_it(account, version):
    draw_line(account, [90 - n for n in range(30)], version=version)
    stand(account, STEADY, 61)
    HealthCurrent.objects.update(version=version)

    (moved,) = movers([account.pk], today=DAY, limit=3)

    assert (moved.account_id, moved.change) == (account.pk, -7)
    assert moved.reason.startswith("Most of it: ")
    assert moved.reason.endswith("(−7.0)")


def test_a_decline_closes_by_an_official_run_alone(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(30)], version=version)
    stand(account, STEADY, 68.4)
    HealthCurrent.objects.update(version=version)
    tend(account)
    HealthDaily.objects.all().delete()

    tend(account, official=False)
    assert alerts(account, "decline")[0].closed_at is None
    tend(account)
    assert alerts(account, "decline")[0].closed_as == "cleared"


def test_a_fall_with_the_scorecard_is_none(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(30)], version=version)
    stand(account, STEADY, 68.4)

    assert tend(account) == 0


@given(
    st.lists(st.none() | st.floats(0, 100).map(lambda x: round(x, 2)), min_size=1, max_size=30),
    st.floats(-1.5, 1.5),
)
@example([50.0] * 30, -1.0)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_statement_and_the_pure_rule_agree(account, version, noise, slope):
    HealthDaily.objects.all().delete()
    line = [
        None if x is None else min(100.0, max(0.0, 50 + slope * n + (x - 50) / 4))
        for n, x in enumerate(noise)
    ]
    draw_line(account, line, version=version)
    HealthCurrent.objects.update_or_create(
        account=account,
        defaults={"day": DAY, "band": STEADY, "version": version, "score": 50, "computed": 50},
    )

    with connection.cursor() as cursor:
        cursor.execute(
            DECLINING,
            {
                "ids": [account.pk],
                "day": DAY,
                "least_change": 5,
                "trend_days": [DAY - n * ONE_DAY for n in range(30)],
            },
        )
        found = cursor.fetchall()

    pure = trend(line)
    is_declining = pure is not None and pure.direction == "declining"
    assert bool(found) == is_declining
    if found:
        assert found[0][1] == pytest.approx(pure.change_30d, abs=1e-9)
