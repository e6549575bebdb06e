import pytest

from playbooks.models import Task
from playbooks.registry import actions
from tests.factories import make_account, make_account_role, make_user
from tests.playbooks.factories import NOON, make_definition, make_playbook, make_run, make_step

pytestmark = pytest.mark.django_db


def test_a_step_becomes_a_task_in_both_languages_for_the_holder_of_its_role():
    owner = make_user()
    account = make_account()
    make_account_role(account=account, user=owner, role="account_owner")
    step = make_step(role="account_owner", priority="high", text={"en": "Ask", "ja": "聞く"})
    run = make_run(
        account=account, playbook=make_playbook(definition=make_definition(steps=[step]))
    )
    planned = run.steps.create(
        key="read", position=0, offset=0, role="account_owner", action="create_task",
        due_on=NOON.date(), opens_on=NOON.date(),
    )  # fmt: skip

    actions.get("create_task").apply([planned], at=NOON)

    task = Task.objects.get()
    assert (task.title_en, task.title_ja) == ("Step read", "手順 read")
    assert (task.text_en, task.text_ja) == ("Ask", "聞く")
    assert (task.assignee, task.assigned_role, task.priority) == (owner, "account_owner", "high")
    assert task.due_on == NOON.date()
