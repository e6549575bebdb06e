import pytest

from scoring.models import HealthDaily
from scoring.selectors.histories import Newest, course_of
from tests.scoring.factories import DAY, ONE_DAY, make_health_day, make_scored_account

pytestmark = pytest.mark.django_db


def course(account, score, *, version=1):
    newest = Newest(day=DAY, score=score, computed=score, version_id=version)
    return course_of(account_id=account.pk, newest=newest)


def make_days(account, scores, **fields):
    """Write {days ago: score}."""
    for ago, score in scores.items():
        make_health_day(
            account, DAY - ago * ONE_DAY, **{"score": score, "computed": score, **fields}
        )


def test_changes_are_told_against_7_30_and_90_days_ago():
    account = make_scored_account()
    make_days(account, {6: 1, 7: 60, 8: 2, 29: 3, 30: 50, 31: 4, 89: 5, 90: 75.5, 91: 6})

    assert course(account, 70).changes == {7: 10, 30: 20, 90: -5.5}


def test_where_days_are_kept_weekly_the_nearest_one_before_stands_in():
    account = make_scored_account()
    make_days(account, {12: 60, 36: 50})

    assert course(account, 70).changes == {7: 10, 30: None, 90: None}


def test_there_is_no_change_without_a_score_on_both_days():
    account = make_scored_account()
    make_days(account, {7: None, 30: 50})

    assert course(account, 70).changes == {7: None, 30: 20, 90: None}
    assert course(account, None).changes == {7: None, 30: None, 90: None}


def test_the_trend_is_that_of_the_computed_score_under_the_present_scorecard():
    account = make_scored_account()
    make_days(account, dict.fromkeys(range(20, 60), 90), version_id=2)
    for ago in range(1, 20):
        make_days(account, {ago: 99}, computed=70 - ago, version_id=1)

    found = course(account, 70).trend

    assert found.change_30d == pytest.approx(30)
    assert found.direction == "rising"
    HealthDaily.objects.filter(version_id=1).delete()
    assert course(account, 70).trend is None
