import datetime as dt
import random
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from playbooks.models import PlaybookRun, RunStep, Task
from playbooks.services import batches
from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.tasks import complete_task
from scoring.models import HealthTransition
from tests.factories import make_account, make_account_role, make_organisation, make_team, make_user
from tests.playbooks.factories import (
    LONG_AGO,
    NOON,
    ONE_DAY,
    make_definition,
    make_playbook,
    make_step,
    make_transition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user()


@pytest.fixture
def account(manager):
    account = make_account()
    make_account_role(account=account, user=manager)
    return account


def fall(account, at=NOON, **fields):
    """Tell that the account fell at risk, and act on it at once."""
    make_transition(account=account, at=at, **fields)
    act_on_transitions(at=at)


def rise(account, at):
    make_transition(account=account, to="steady", from_band="at_risk", at=at)
    act_on_transitions(at=at)


def started(account):
    return PlaybookRun.objects.started().filter(account=account)


def test_entering_at_risk_gives_the_manager_one_task_due_on_a_business_day(account, manager):
    make_playbook()

    fall(account)

    task = Task.objects.get()
    assert (task.account, task.assignee, task.due_on) == (account, manager, NOON.date())
    assert (task.title_en, task.title_ja, task.step_key) == ("Step read", "手順 read", "read")
    assert not HealthTransition.objects.filter(acted_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("fell_at", "due_on"),
    [
        ("2026-06-19T23:30", "2026-06-19"),  # Friday night
        ("2026-06-20T10:00", "2026-06-22"),  # Saturday
        ("2026-05-02T10:00", "2026-05-07"),  # Saturday before the holidays of May
        ("2026-12-29T10:00", "2027-01-04"),  # year-end closure
    ],
)
def test_the_first_task_is_due_on_the_next_business_day_in_tokyo(account, fell_at, due_on):
    make_organisation(time_zone="Asia/Tokyo")
    make_playbook()

    fall(account, dt.datetime.fromisoformat(fell_at).replace(tzinfo=ZoneInfo("Asia/Tokyo")))

    assert Task.objects.get().due_on == dt.date.fromisoformat(due_on)


def test_the_calendar_is_that_of_the_assignees_team():
    singapore = make_team(country="SG")
    account = make_account()
    make_account_role(account=account, user=make_user(team=singapore))
    make_playbook()

    fall(account, dt.datetime(2026, 12, 29, 3, 0, tzinfo=dt.UTC))

    assert Task.objects.get().due_on == dt.date(2026, 12, 29)


def test_the_same_news_five_times_in_any_order_make_one_run_and_one_task(account):
    make_playbook()
    news = [make_transition(account=account, at=NOON + n * ONE_DAY / 24) for n in range(5)]
    random.Random(7).shuffle(news)

    for row in news:
        HealthTransition.objects.filter(pk=row.pk).update(acted_at=None)
        act_on_transitions(at=NOON + ONE_DAY)
    HealthTransition.objects.update(acted_at=None)
    act_on_transitions(at=NOON + ONE_DAY)

    assert started(account).count() == 1
    assert Task.objects.count() == 1


def test_a_fall_from_at_risk_to_critical_is_the_same_episode(account):
    make_playbook()

    fall(account)
    fall(account, NOON + ONE_DAY, to="critical", from_band="at_risk")

    assert started(account).count() == 1


def test_news_are_not_acted_on_before_their_time(account):
    make_playbook()
    make_transition(account=account, at=NOON + ONE_DAY)

    act_on_transitions(at=NOON)
    assert not Task.objects.exists()

    act_on_transitions(at=NOON + ONE_DAY)
    assert Task.objects.count() == 1


def test_recovery_ends_the_run_and_cancels_its_open_task(account):
    make_playbook()
    fall(account)

    rise(account, NOON + 3 * ONE_DAY)

    run = PlaybookRun.objects.get()
    assert (run.state, run.outcome, run.reason) == ("ended", "recovered", "exit_condition")
    assert Task.objects.get().status == "cancelled"
    assert RunStep.objects.get().state == "cancelled"


def test_recovery_leaves_what_was_done(account, manager):
    make_playbook(definition=make_definition(steps=[make_step(), make_step("b", offset=1)]))
    fall(account)
    complete_task(task=Task.objects.get(), by=manager, at=NOON)

    rise(account, NOON + 3 * ONE_DAY)

    assert [task.status for task in Task.objects.all()] == ["done"]


def test_falling_again_within_the_cool_down_is_recorded_and_starts_nothing(account):
    make_playbook()
    fall(account)
    rise(account, NOON + 5 * ONE_DAY)

    fall(account, NOON + 29 * ONE_DAY)

    assert started(account).count() == 1
    assert PlaybookRun.objects.get(state="skipped").reason == "cool_down"


def test_falling_again_after_the_cool_down_is_a_new_episode(account):
    make_playbook()
    fall(account)
    rise(account, NOON + 5 * ONE_DAY)

    fall(account, NOON + 30 * ONE_DAY)

    assert started(account).count() == 2
    assert Task.objects.unfinished().count() == 1


def test_an_open_run_holds_back_a_second_one(account):
    make_playbook(definition=make_definition(exit=None, cool_down_days=0))
    fall(account)
    rise(account, NOON + ONE_DAY)

    fall(account, NOON + 2 * ONE_DAY)

    assert started(account).count() == 1
    assert PlaybookRun.objects.get(state="skipped").reason == "already_running"


def test_an_episode_that_was_over_before_anybody_looked_gives_no_work(account):
    make_playbook()
    make_transition(account=account, at=NOON)
    make_transition(account=account, to="steady", from_band="at_risk", at=NOON + ONE_DAY)

    act_on_transitions(at=NOON + 2 * ONE_DAY)

    assert PlaybookRun.objects.get().reason == "already_over"
    assert not Task.objects.exists()


def test_after_an_outage_only_the_episode_that_still_lasts_gives_work(account):
    make_playbook()
    make_transition(account=account, at=NOON)
    make_transition(account=account, to="steady", from_band="at_risk", at=NOON + ONE_DAY)
    make_transition(account=account, at=NOON + 2 * ONE_DAY)

    act_on_transitions(at=NOON + 3 * ONE_DAY)

    assert started(account).get().entered_at == NOON + 2 * ONE_DAY
    assert PlaybookRun.objects.get(state="skipped").reason == "superseded"


def test_accounts_at_risk_before_the_playbook_was_switched_on_stay_out(account):
    make_playbook(active_since=NOON)

    fall(account)

    assert not PlaybookRun.objects.exists()


def test_a_playbook_that_is_off_starts_nothing_but_ends_what_runs(account):
    playbook = make_playbook()
    fall(account)
    playbook.is_active = False
    playbook.save()

    rise(account, NOON + ONE_DAY)
    fall(account, NOON + 60 * ONE_DAY)

    assert [run.outcome for run in PlaybookRun.objects.all()] == ["recovered"]


def test_churned_and_archived_accounts_get_no_tasks():
    make_playbook()
    make_transition(account=make_account(status="churned"))
    make_transition(account=make_account(archived_at=LONG_AGO))

    act_on_transitions(at=NOON)

    assert not PlaybookRun.objects.exists()


def test_a_run_keeps_the_version_it_began_with(account):
    playbook = make_playbook(definition=make_definition(exit=None))
    fall(account)
    playbook.versions.create(
        number=2, state="published", published_at=NOON, definition=make_definition()
    )

    rise(account, NOON + ONE_DAY)

    assert PlaybookRun.objects.get().state == "running"


def test_a_hundred_transitions_take_as_many_statements_as_one(account, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 1000)
    make_playbook(definition=make_definition(steps=[make_step(), make_step("b", offset=1)]))
    team, manager = make_team(), make_user()

    make_transition(account=account)
    with CaptureQueriesContext(connection) as one:
        act_on_transitions(at=NOON)
    accounts = [make_account(team=team) for _ in range(100)]
    for other in accounts:
        make_account_role(account=other, user=manager)
        make_transition(account=other)
    with CaptureQueriesContext(connection) as hundred:
        act_on_transitions(at=NOON)

    assert Task.objects.count() == 101
    assert RunStep.objects.count() == 202
    assert len(hundred) == len(one)


def test_one_poisoned_account_does_not_keep_the_others_waiting(account, caplog):
    make_playbook()
    poisoned = make_account(name="poisoned")
    _forbid_runs_of(poisoned)
    news = [make_transition(account=other) for other in (poisoned, account)]

    assert act_on_transitions(at=NOON) == 1

    assert started(account).count() == 1
    assert HealthTransition.objects.get(acted_at__isnull=True) == news[0]


def _forbid_runs_of(account):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            "ALTER TABLE playbooks_playbookrun ADD CONSTRAINT poison"
            f" CHECK (account_id <> {account.pk}) NOT VALID"
        )
        cursor.execute("SET ROLE web")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_run_and_one_task(account):
    make_playbook()
    for hours in range(20):
        make_transition(account=account, at=NOON + hours * ONE_DAY / 24)
    others = [make_account() for _ in range(20)]
    for other in others:
        make_transition(account=other)
    start = threading.Barrier(4)

    def work():
        start.wait()
        act_on_transitions(at=NOON + 2 * ONE_DAY)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    act_on_transitions(at=NOON + 2 * ONE_DAY)  # the sweep: what was locked was skipped

    assert started(account).count() == 1
    assert Task.objects.count() == PlaybookRun.objects.count() == 21
    assert not HealthTransition.objects.filter(acted_at__isnull=True).exists()


class Crash(Exception):
    pass


def act_and_crash():
    with transaction.atomic():
        act_on_transitions(at=NOON)
        raise Crash


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_its_commit_leaves_everything_to_the_next(account):
    make_playbook()
    make_transition(account=account)

    with pytest.raises(Crash):
        act_and_crash()
    assert not PlaybookRun.objects.exists()
    act_on_transitions(at=NOON)

    assert Task.objects.count() == started(account).count() == 1
