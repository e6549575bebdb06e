"""Give the holder of a role a task."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from playbooks.models import RunStep
from playbooks.registry import BadParams, Text, actions
from playbooks.services.step_tasks import create_step_tasks


class CreateTask:
    """The step stays open until a person completes or cancels its task."""

    label: ClassVar[Text] = gettext_lazy("Create a task")
    settles_at_once: ClassVar[bool] = False

    def check(self, params: Mapping[str, Any]) -> None:
        """Take no parameters: title, text, role and priority stand in the step itself."""
        if params:
            raise BadParams(_("A task takes no parameters."))

    def apply(self, steps: Sequence[RunStep], *, at: dt.datetime) -> None:
        """Make one task a step."""
        create_step_tasks(steps=steps, at=at)


actions.register("create_task")(CreateTask())
