import datetime as dt

import pytest

from accounts.models import DirtyAccount
from scoring.models import HealthCurrent, HealthOverride
from scoring.selectors.overrides import override_accuracy
from scoring.services.overrides import (
    BadOverride,
    OverrideIsOver,
    OverrideStillActs,
    end_override,
    let_go_of_expired,
    review_override,
    set_override,
)
from scoring.services.runs import recompute_dirty
from tests.factories import make_touchpoint, make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    daily,
    install_scorecards,
    last_days,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_usage,
    noon,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def account():
    install_scorecards()
    account = make_scored_account()
    make_live_source(account=account, days=60)
    make_paid_invoice(account)
    make_usage(account=account, days=last_days(60), users=8)
    make_touchpoint(account=account, occurred_at=noon(DAY), recorded_at=noon(DAY - ONE_DAY))
    close_day(DAY - 2 * ONE_DAY, account)
    return account


@pytest.fixture
def author(account):
    return make_user(team=account.team)


def pointers(problem):
    return {error.pointer for error in problem.value.errors}


def current(account):
    return HealthCurrent.objects.get(account=account)


def test_it_acts_within_seconds_and_both_numbers_are_kept(account, author):
    computed = current(account).computed

    set_override(account=account, kind="value", value=41.5, reason="M&A", by=author, at=NOON)
    recompute_dirty(at=NOON + dt.timedelta(seconds=3))

    health = current(account)
    assert (health.score, health.band) == (41.5, "at_risk")
    assert health.computed not in (None, 41.5)
    assert HealthOverride.objects.get().computed == computed
    assert HealthOverride.objects.get().expires_at == NOON + 30 * ONE_DAY


def test_a_forced_band_leaves_the_score_alone(account, author):
    set_override(account=account, kind="band", band="critical", reason="M&A", by=author, at=NOON)
    recompute_dirty(at=NOON + dt.timedelta(seconds=3))

    health = current(account)
    assert (health.band, health.score) == ("critical", health.computed)


def test_without_a_reason_no_score_changes_and_the_fault_names_the_field(account, author):
    before = HealthCurrent.objects.values().get()
    DirtyAccount.objects.all().delete()

    with pytest.raises(BadOverride) as problem:
        set_override(account=account, kind="value", value=10, reason="  ", by=author, at=NOON)

    assert pointers(problem) == {"/reason"}
    assert not HealthOverride.objects.exists()
    assert not DirtyAccount.objects.exists()
    assert HealthCurrent.objects.values().get() == before


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"kind": "guess"}, {"/kind"}),
        ({"kind": "value"}, {"/value"}),
        ({"kind": "value", "value": float("nan")}, {"/value"}),
        ({"kind": "floor", "value": 101}, {"/value"}),
        ({"kind": "ceiling", "value": 50, "band": "steady"}, {"/band"}),
        ({"kind": "band"}, {"/band"}),
        ({"kind": "band", "band": "not_enough_data"}, {"/band"}),
        ({"kind": "band", "band": "steady", "value": 70}, {"/value"}),
        ({"kind": "value", "value": 5, "expires_at": NOON}, {"/expires_at"}),
        ({"kind": "value", "value": 5, "expires_at": NOON + 91 * ONE_DAY}, {"/expires_at"}),
        ({"kind": "value", "reason": "x" * 2001}, {"/value", "/reason"}),
    ],
)
def test_every_fault_is_named(account, author, values, fields):
    with pytest.raises(BadOverride) as problem:
        set_override(account=account, by=author, at=NOON, **{"reason": "M&A", **values})

    assert pointers(problem) == fields


def test_another_one_replaces_it_and_a_replay_sees_what_stood_then(account, author):
    values = {"account": account, "kind": "value", "reason": "M&A", "by": author}
    set_override(value=30, at=NOON - 3 * ONE_DAY, **values)
    set_override(value=50, at=NOON, **values)

    close_day(DAY - 2 * ONE_DAY, account)
    close_day(DAY, account)

    assert daily(account, DAY - 2 * ONE_DAY).score == 30
    assert daily(account, DAY).score == 50
    assert HealthOverride.objects.filter(retracted_at=None).get().value == 50


def test_the_same_again_changes_nothing(account, author):
    values = {"account": account, "kind": "floor", "value": 50, "reason": "M&A", "by": author}
    first = set_override(at=NOON, **values)

    assert set_override(at=NOON + HOUR, **values) == first
    assert HealthOverride.objects.count() == 1


def test_ended_it_lets_go_of_the_score(account, author):
    override = set_override(
        account=account, kind="value", value=10, reason="M&A", by=author, at=NOON
    )
    recompute_dirty(at=NOON + HOUR)

    end_override(override=override, at=NOON + 2 * HOUR, by=author)
    recompute_dirty(at=NOON + 3 * HOUR)

    assert current(account).score == current(account).computed
    with pytest.raises(OverrideIsOver):
        end_override(override=override, at=NOON + 3 * HOUR, by=author)


def test_run_out_it_lets_go_by_itself_once(account, author):
    values = {"account": account, "kind": "value", "reason": "M&A", "by": author, "at": NOON}
    set_override(value=10, expires_at=NOON + HOUR, **values)
    recompute_dirty(at=NOON + dt.timedelta(seconds=3))

    assert let_go_of_expired(at=NOON + HOUR) == 1
    recompute_dirty(at=NOON + 2 * HOUR)

    assert current(account).score == current(account).computed
    assert let_go_of_expired(at=NOON + 2 * HOUR) == 0


def test_its_author_is_asked_only_when_it_ran_out(account, author):
    values = {"account": account, "kind": "value", "reason": "M&A", "by": author, "at": NOON}
    override = set_override(value=10, expires_at=NOON + HOUR, **values)
    asked = HealthOverride.objects.to_review

    assert not asked(author, NOON).exists()
    with pytest.raises(OverrideStillActs):
        review_override(override=override, verdict="right", by=author, at=NOON)
    assert asked(author, NOON + HOUR).get() == override
    assert not asked(make_user(), NOON + HOUR).exists()

    review_override(override=override, verdict="right", by=author, at=NOON + HOUR, note="Sold")

    assert not asked(author, NOON + HOUR).exists()
    with pytest.raises(BadOverride):
        review_override(override=override, verdict="maybe", by=author, at=NOON + HOUR)


def test_its_author_is_asked_also_when_another_took_its_place_after_the_end(account, author):
    values = {"account": account, "kind": "value", "reason": "M&A", "by": author}
    ended = set_override(value=10, expires_at=NOON + HOUR, at=NOON, **values)
    replaced = set_override(value=20, at=NOON + 2 * HOUR, **values)
    set_override(value=30, at=NOON + 3 * HOUR, **values)

    asked = HealthOverride.objects.to_review(author, replaced.expires_at)

    assert list(asked.filter(pk__in=[ended.pk, replaced.pk])) == [ended]


def test_the_accuracy_counts_how_often_it_was_nearer(account, author):
    at = NOON - 3 * ONE_DAY
    values = {"account": account, "reason": "M&A", "by": author}
    HealthCurrent.objects.update(computed=10, band="critical")
    override = set_override(kind="value", value=60, at=at, expires_at=NOON - ONE_DAY, **values)
    set_override(kind="value", value=5, at=NOON, expires_at=NOON + HOUR, **values)
    close_day(DAY - 2 * ONE_DAY, account)
    review_override(override=override, verdict="right", by=author, at=NOON)

    now, later = override_accuracy(at=NOON), override_accuracy(at=NOON + HOUR)

    assert (now.over, now.judged, now.nearer, now.right) == (1, 1, 1, 1)
    assert now.share_nearer == 1
    assert later.over == 2


def test_a_customer_who_left_was_what_happened(account, author):
    at = NOON - 5 * ONE_DAY
    HealthCurrent.objects.update(computed=80, band="steady")
    set_override(
        account=account, kind="band", band="critical", reason="M&A", by=author, at=at,
        expires_at=NOON - ONE_DAY,
    )  # fmt: skip
    account.churned_on = DAY
    account.save()

    assert override_accuracy(at=NOON).nearer == 1
