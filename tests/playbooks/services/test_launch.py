import pytest

from playbooks.models import PlaybookRun, Task
from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.launch import AlreadyRunning, PlaybookIsOff, launch_playbook
from tests.factories import make_account
from tests.playbooks.factories import NOON, ONE_DAY, make_playbook, make_transition

pytestmark = pytest.mark.django_db


def test_a_launched_playbook_gives_its_first_task():
    account = make_account()

    launch_playbook(playbook=make_playbook(), account=account, at=NOON)

    assert Task.objects.get().account == account


def test_a_playbook_runs_once_at_a_time():
    account, playbook = make_account(), make_playbook()
    launch_playbook(playbook=playbook, account=account, at=NOON)

    with pytest.raises(AlreadyRunning):
        launch_playbook(playbook=playbook, account=account, at=NOON + ONE_DAY)

    make_transition(account=account, at=NOON + ONE_DAY)
    act_on_transitions(at=NOON + ONE_DAY)
    assert PlaybookRun.objects.started().count() == 1


def test_a_playbook_that_is_off_can_not_be_launched():
    with pytest.raises(PlaybookIsOff):
        launch_playbook(playbook=make_playbook(is_active=False), account=make_account(), at=NOON)


def test_the_exit_condition_ends_a_launched_run_too():
    account = make_account()
    launch_playbook(playbook=make_playbook(), account=account, at=NOON)

    make_transition(account=account, to="steady", from_band="at_risk", at=NOON + ONE_DAY)
    act_on_transitions(at=NOON + ONE_DAY)

    assert PlaybookRun.objects.get().outcome == "recovered"
