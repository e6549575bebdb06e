"""The playbooks app in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

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
    )
)
register_entry(
    Entry("playbooks", _("Playbooks"), "playbooks:playbook_list", icon="checklist", order=40)
)
