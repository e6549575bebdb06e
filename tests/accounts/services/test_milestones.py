import datetime as dt

import pytest

from accounts.models import DirtyAccount, OnboardingMilestone
from accounts.services.facts import InTheFuture
from accounts.services.milestones import (
    MilestoneExists,
    MilestoneRetracted,
    NoStartDay,
    complete_milestone,
    plan_onboarding,
    reopen_milestone,
    restore_milestone,
    retract_milestone,
    set_milestone,
    shipped_milestones,
    update_milestone,
)
from tests.factories import make_account, make_contract

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 19, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 19)
DAY = dt.timedelta(days=1)


def test_a_milestone_is_planned_reached_and_reopened():
    account = make_account()
    row = set_milestone(account=account, label_en="Kick-off", due_on=TODAY, at=AT)
    assert (row.key, row.label_ja) == ("kick_off", "Kick-off")

    assert complete_milestone(milestone=row, at=AT).done_on == TODAY
    assert reopen_milestone(milestone=row, at=AT).done_on is None
    assert DirtyAccount.objects.filter(account=account, reason="milestone").exists()


def test_what_was_planned_before_stays_known():
    row = set_milestone(account=make_account(), label_en="Kick-off", due_on=TODAY, at=AT)

    update_milestone(milestone=row, changes={"due_on": TODAY + 9 * DAY}, at=AT + DAY)

    kept = OnboardingMilestone.objects.get(retracted_at=AT + DAY)
    assert (kept.due_on, kept.recorded_at) == (TODAY, AT)
    now = OnboardingMilestone.objects.get(pk=row.pk)
    assert (now.due_on, now.recorded_at) == (TODAY + 9 * DAY, AT + DAY)


def test_a_label_in_either_language_is_enough_and_keys_stay_apart():
    account = make_account()

    rows = [set_milestone(account=account, label_ja="集合研修", at=AT) for _ in range(2)]

    assert [(row.key, row.label_en) for row in rows] == [
        ("milestone", "集合研修"),
        ("milestone_2", "集合研修"),
    ]
    with pytest.raises(MilestoneExists):
        set_milestone(account=account, key="milestone", label_en="Again", at=AT)


def test_the_shipped_set_counts_business_days_from_the_contract():
    account = make_account()
    make_contract(account=account, starts_on=dt.date(2026, 4, 1))
    set_milestone(account=account, key="kick_off", label_en="Ours", at=AT)

    made = plan_onboarding(account=account, at=AT)

    days = {row.key: row.due_on for row in made}
    assert "kick_off" not in days
    assert days["handover"] == dt.date(2026, 3, 25)
    assert days["first_value"] == dt.date(2026, 4, 30)
    assert [row.key for row in made if row.is_first_value] == ["first_value"]
    assert plan_onboarding(account=account, at=AT) == []


def test_there_is_a_shipped_set_in_both_languages():
    shipped = shipped_milestones()

    assert len(shipped) == 8
    assert all(row["label_en"] and row["label_ja"] for row in shipped)
    assert [row["workdays"] for row in shipped] == sorted(row["workdays"] for row in shipped)


def test_without_a_contract_nothing_says_when_to_begin():
    with pytest.raises(NoStartDay):
        plan_onboarding(account=make_account(), at=AT)


def test_what_was_taken_out_comes_back():
    row = set_milestone(account=make_account(), label_en="Kick-off", at=AT)
    retract_milestone(milestone=row, at=AT + DAY)
    with pytest.raises(MilestoneRetracted):
        complete_milestone(milestone=row, at=AT + DAY)

    restore_milestone(milestone=row, at=AT + 2 * DAY)

    assert complete_milestone(milestone=row, at=AT + 2 * DAY).done_on == TODAY + 2 * DAY


def test_nothing_is_reached_in_the_future():
    row = set_milestone(account=make_account(), label_en="Kick-off", at=AT)

    with pytest.raises(InTheFuture):
        complete_milestone(milestone=row, on=TODAY + DAY, at=AT)
