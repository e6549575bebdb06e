"""Records of playbooks that have a page of their changes."""

from django.urls import reverse

from accounts.registry import Audited, audited
from playbooks.models import Playbook, Task

audited.register("task")(Audited(Task, lambda row: reverse("playbooks:task_detail", args=[row.pk])))
audited.register("playbook")(
    Audited(
        Playbook,
        lambda row: reverse("playbooks:playbook_detail", args=[row.key]),
        account_path="",
    )
)
