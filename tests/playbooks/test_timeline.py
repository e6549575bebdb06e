import pytest

from accounts.selectors import timeline_of
from playbooks.models import PlaybookRun, Task
from playbooks.services.act_on_transitions import act_on_transitions
from playbooks.services.tasks import complete_task
from tests.factories import make_account, make_team, make_user
from tests.playbooks.factories import NOON, ONE_DAY, make_playbook, make_transition

pytestmark = pytest.mark.django_db


def test_a_run_and_its_task_are_told_newest_first():
    user = make_user(team=make_team())
    account = make_account(team=user.teams.get())
    playbook = make_playbook()
    make_transition(account=account)
    act_on_transitions(at=NOON)
    complete_task(
        task=Task.objects.get(), by=user, at=NOON + ONE_DAY, notes="Nagoya", outcome="achieved"
    )
    PlaybookRun.objects.update(ended_at=NOON + 2 * ONE_DAY)

    items = timeline_of(account=account, user=user).items
    told = [(item.title, item.text, item.chips) for item in items if item.source != "health"]

    assert told == [
        (f"Playbook “{playbook}” ended: All steps done", "", []),
        ("Task done: Step read", "Nagoya", ["Achieved"]),
        (f"Playbook “{playbook}” began", "", []),
    ]
    assert not timeline_of(account=account, user=make_user(team=make_team())).items
