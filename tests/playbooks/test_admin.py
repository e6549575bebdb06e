import pytest
from django.urls import reverse

from playbooks.models import Playbook, PlaybookRun
from tests.factories import make_account, make_user
from tests.playbooks.factories import make_playbook, make_run, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client):
    client.force_login(make_user(is_staff=True, is_superuser=True, role="administrator"))
    return client


def run_action(client, model, action, row):
    url = reverse(f"admin:playbooks_{model}_changelist")
    return client.post(url, {"action": action, "_selected_action": [row.pk]})


@pytest.mark.parametrize("model", ["playbook", "playbookrun", "task"])
def test_lists_and_rows_open(admin_client, model):
    account = make_account()
    rows = {
        "playbook": make_playbook(),
        "playbookrun": make_run(account=account),
        "task": make_task(account=account),
    }

    for page, args in (("changelist", []), ("change", [rows[model].pk])):
        url = reverse(f"admin:playbooks_{model}_{page}", args=args)
        assert admin_client.get(url).status_code == 200


def test_playbooks_are_switched_and_runs_stopped(admin_client):
    playbook = make_playbook(is_active=False)
    run_action(admin_client, "playbook", "switch_on", playbook)
    assert Playbook.objects.get(pk=playbook.pk).is_active

    run_action(admin_client, "playbook", "switch_off", playbook)
    assert not Playbook.objects.get(pk=playbook.pk).is_active

    run = make_run(account=make_account(), playbook=playbook)
    run_action(admin_client, "playbookrun", "stop", run)
    assert PlaybookRun.objects.get().state == "ended"
