"""The playbooks app in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, Scope
from accounts.querysets import reach_of
from config.lib.navigation import Entry, register_entry
from playbooks.models import Task


def _to_do(user: Any) -> int:
    return Task.objects.visible_to(user).unfinished().of(user).count()


register_entry(
    Entry(
        "my_day",
        _("My day"),
        "playbooks:my_day",
        icon="home",
        order=10,
        tab=True,
        shortcut="g d",
        count=_to_do,
        holds=lambda: ("/tasks/",),
    )
)
register_entry(
    Entry(
        "playbooks",
        _("Playbooks"),
        "playbooks:playbook_list",
        icon="checklist",
        order=40,
        holds=lambda: ("/runs/",),
    )
)
register_entry(
    Entry(
        "task",
        _("New task"),
        "playbooks:task_new",
        icon="plus",
        order=105,
        place="palette",
        shortcut="t",
        allows=lambda user: reach_of(user).scope(RecordKind.TASK, write=True) != Scope.NONE,
        with_account=True,
    )
)
