import datetime as dt

import pytest

from accounts.models import Organisation
from scoring.models import HealthDaily, HealthTransition
from scoring.selectors.explanations import NoScoreThatDay, explain_day
from scoring.selectors.overrides import override_accuracy
from scoring.services.health_days import thin_health_days
from tests.factories import make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    install_scorecards,
    make_health_day,
    make_override,
    make_scored_account,
)

pytestmark = pytest.mark.django_db
#: DAY is a Friday: the newest day that is over is the one before.
FIRST_DAILY = DAY - 91 * ONE_DAY


def days_of(account):
    return set(HealthDaily.objects.filter(account=account).values_list("day", flat=True))


def make_days(account, days, **fields):
    for day in days:
        make_health_day(account, day, score=70, computed=70, **fields)


def back(count):
    return {DAY - n * ONE_DAY for n in range(1, count)}


def test_days_are_kept_each_for_90_days_and_then_weekly():
    account = make_scored_account()
    make_days(account, back(140))

    thin_health_days(at=NOON)

    assert days_of(account) == {
        day for day in back(140) if day >= FIRST_DAILY or day.isoweekday() == 7
    }


def test_a_day_is_thinned_out_once_and_one_computed_again_stays():
    account = make_scored_account()
    old = DAY - 102 * ONE_DAY
    make_days(account, [old + n * ONE_DAY for n in range(7)])

    assert thin_health_days(at=NOON) > 0
    assert thin_health_days(at=NOON) == 0
    assert old not in days_of(account)
    make_days(account, [old])

    assert thin_health_days(at=NOON) == 0
    assert old in days_of(account)


def test_the_next_day_is_thinned_out_on_the_next_day():
    account = make_scored_account()
    make_days(account, back(140))
    thin_health_days(at=NOON)

    assert thin_health_days(at=NOON + ONE_DAY) == 1
    assert FIRST_DAILY not in days_of(account)
    assert FIRST_DAILY + ONE_DAY in days_of(account)


def test_who_left_within_a_week_keeps_the_days_of_that_week():
    account = make_scored_account()
    monday = DAY - 102 * ONE_DAY
    week = {monday + n * ONE_DAY for n in range(4)}
    make_days(account, week)

    thin_health_days(at=NOON)

    assert days_of(account) == week


def test_what_explains_a_change_of_band_stays():
    account, other = make_scored_account(), make_scored_account()
    changed = DAY - 100 * ONE_DAY
    for one in (account, other):
        make_days(one, back(140))
    HealthTransition.objects.create(
        account=account,
        from_band="steady",
        to_band="at_risk",
        day=changed,
        at=NOON,
        kind="official",
    )

    thin_health_days(at=NOON)

    assert days_of(account) - days_of(other) == {changed, changed - ONE_DAY}


def test_an_override_of_long_ago_is_judged_by_what_was_kept_of_its_week():
    account = make_scored_account()
    end = dt.datetime.combine(DAY - 100 * ONE_DAY, dt.time(12), Organisation.objects.zone())
    make_override(
        account=account,
        kind="value",
        value=60,
        band="",
        computed=20,
        starts_at=end - 10 * ONE_DAY,
        expires_at=end,
        author=make_user(),
    )
    make_days(account, back(140))
    before = override_accuracy(at=NOON)

    thin_health_days(at=NOON)

    assert override_accuracy(at=NOON) == before
    assert before.nearer == 1


def test_a_thinned_day_is_explained_by_the_last_kept_one_before_it():
    install_scorecards()
    account = make_scored_account()
    sunday = DAY + (7 - DAY.isoweekday()) * ONE_DAY
    for n in range(8):
        close_day(sunday + n * ONE_DAY, account)
    HealthTransition.objects.all().delete()
    thin_health_days(at=NOON + 120 * ONE_DAY)

    explained = [explain_day(account_id=account.pk, day=sunday + n * ONE_DAY) for n in range(8)]

    assert days_of(account) == {sunday, sunday + 7 * ONE_DAY}
    assert [one.day for one in explained] == [sunday] * 7 + [sunday + 7 * ONE_DAY]


def test_no_other_day_answers_for_one_that_was_never_computed():
    account = make_scored_account()
    make_days(account, [DAY - 10 * ONE_DAY])

    with pytest.raises(NoScoreThatDay):
        explain_day(account_id=account.pk, day=DAY - 9 * ONE_DAY)
