import datetime as dt

import pytest
from django.db import connection, connections, transaction

from accounts.models import DirtyAccount, ScheduleSlot
from accounts.services.dirty import mark_accounts_dirty
from config.lib import bells
from scoring.models import ClosedDay, HealthCurrent, HealthDaily, HealthRun, HealthShard
from scoring.registry import Metric, metrics
from scoring.services import runs
from scoring.services.runs import (
    compute_shard,
    open_official_run,
    open_shards,
    recompute_dirty,
    recompute_health,
)
from tests.factories import make_team
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    install_scorecards,
    make_scored_account,
    slot_after,
)

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
SLOT = slot_after(DAY)
#: Marking rings, and the bell's task, at the real time, must find nothing due yet.
AHEAD = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
DUE = SLOT + dt.timedelta(minutes=11)


def mark(*accounts, at=NOON):
    mark_accounts_dirty(account_ids=[account.pk for account in accounts], reason="test", at=at)


def test_changed_accounts_are_computed_once_they_have_rested():
    install_scorecards()
    account = make_scored_account()
    mark(account)

    assert recompute_dirty(at=NOON + SECOND) == 0
    assert recompute_dirty(at=NOON + 3 * SECOND) == 1
    assert recompute_dirty(at=NOON + 9 * SECOND) == 0
    assert HealthCurrent.objects.get().computed_at == NOON + 3 * SECOND
    assert not DirtyAccount.objects.exists()


def test_a_busy_account_does_not_starve():
    install_scorecards()
    account = make_scored_account()
    for n in range(5):
        mark(account, at=NOON + n * SECOND)

    assert recompute_dirty(at=NOON + 5 * SECOND) == 1


@pytest.mark.django_db(transaction=True)
def test_an_account_another_worker_holds_is_left_to_it():
    install_scorecards()
    team = make_team()
    held, free = make_scored_account(team=team), make_scored_account(team=team)
    mark(held, free, at=AHEAD)
    other = connections.create_connection("default")

    try:
        with transaction.atomic(), other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "SELECT 1 FROM accounts_dirtyaccount WHERE account_id = %s FOR UPDATE", [held.pk]
            )
            assert recompute_dirty(at=AHEAD + 9 * SECOND) == 1
            cursor.execute("ROLLBACK")
    finally:
        other.close()

    assert list(DirtyAccount.objects.values_list("account_id", flat=True)) == [held.pk]


def test_the_day_is_closed_ten_minutes_after_midnight_and_once():
    install_scorecards()
    make_scored_account()

    assert open_official_run(at=SLOT + 9 * 60 * SECOND) is None
    run = open_official_run(at=DUE)
    assert open_official_run(at=DUE + SECOND) is None

    assert (run.day, run.t, run.k) == (DAY, SLOT, SLOT)
    assert ScheduleSlot.objects.filter(key="health.daily", slot_at=SLOT).count() == 1
    assert ClosedDay.objects.filter(day=DAY).exists()


def test_a_missed_day_is_not_made_up_twice():
    install_scorecards()
    make_scored_account()

    late = open_official_run(at=DUE + 3 * ONE_DAY + dt.timedelta(hours=5))

    assert late.day == DAY + 3 * ONE_DAY
    assert HealthRun.objects.filter(kind="official").count() == 1


def test_shards_cover_every_account_and_finish_the_run(monkeypatch):
    install_scorecards()
    team = make_team()
    monkeypatch.setattr(runs, "SHARD", 3)
    for _ in range(7):
        make_scored_account(team=team)
    run = open_official_run(at=DUE)

    assert open_shards() == 3
    while compute_shard(at=DUE):
        pass

    run.refresh_from_db()
    assert (run.accounts, run.finished_at) == (7, DUE)
    assert sorted(HealthShard.objects.values_list("accounts", flat=True)) == [1, 3, 3]
    assert HealthDaily.objects.filter(day=DAY, kind="official").count() == 7


@pytest.mark.as_owner
@pytest.mark.django_db(transaction=True)
def test_the_official_run_waits_for_transactions_of_the_old_day():
    install_scorecards()
    make_scored_account()
    started = dt.datetime.now(dt.UTC)
    slot = runs.daily_slot(started, zone=runs.ZoneInfo("Asia/Tokyo"))
    other = connections.create_connection("default")

    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1")
            assert runs._is_blocked(started + 60 * SECOND)
            cursor.execute("ROLLBACK")
    finally:
        other.close()

    assert not runs._is_blocked(slot)


def test_a_run_keeps_what_it_was_made_with():
    install_scorecards()
    account = make_scored_account()

    recompute_health(at=SLOT, account_ids=[account.pk])

    run = HealthRun.objects.get()
    assert (run.kind, run.t, run.k, run.engine) == ("official", SLOT, SLOT, "2")
    assert set(run.versions) == {"onboarding", "records_only", "standard"}
    assert all(len(version["digest"]) == 64 for version in run.versions.values())


def test_changes_of_band_ring_for_who_acts_on_them(django_capture_on_commit_callbacks, monkeypatch):
    install_scorecards()
    account = make_scored_account(tracked=False, status="active")
    heard = []
    monkeypatch.setattr(bells._broker, "publish", lambda task: heard.append(task.name))
    account.contracts.create(
        starts_on=DAY - ONE_DAY, ends_on=DAY + 90 * ONE_DAY, notice_received_on=DAY
    )
    account.invoices.create(
        issued_on=DAY - 40 * ONE_DAY, due_on=DAY - 10 * ONE_DAY, amount=100, recorded_at=SLOT
    )

    with django_capture_on_commit_callbacks(execute=True):
        outcome = recompute_health(at=SLOT, account_ids=[account.pk])

    assert outcome.transitions == 1
    assert any("transition" in name for name in heard)


def test_the_months_of_daily_rows_are_laid_ahead():
    install_scorecards()
    make_scored_account()
    open_official_run(at=DUE)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'scoring_healthdaily'::regclass"
            " AND inhrelid::regclass::text = ANY(%s)",
            [["scoring_healthdaily_p202606", "scoring_healthdaily_p202609"]],
        )
        assert cursor.fetchone() == (2,)


def test_an_account_that_can_not_be_computed_spoils_nobody_else():
    install_scorecards()
    team = make_team()
    good = [make_scored_account(team=team) for _ in range(5)]
    bad = make_scored_account(team=team, licensed_users=13)
    mark(*good, bad)
    poison = Metric("poison", "Poison", "count", value="1 / ({licensed} - 13)")

    with metrics.register_temporarily("poison", poison):
        assert recompute_dirty(at=NOON + 3 * SECOND) == 6
        assert recompute_dirty(at=NOON + 60 * SECOND) == 0

    computed = HealthCurrent.objects.filter(computed_at__isnull=False)
    assert set(computed.values_list("account_id", flat=True)) == {a.pk for a in good}
    assert DirtyAccount.objects.get().account_id == bad.pk
    assert recompute_dirty(at=NOON + dt.timedelta(minutes=31)) == 1
    assert not DirtyAccount.objects.exists()
