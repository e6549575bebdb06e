"""The resources `tasks`, `runs` and `playbooks`."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.api.base import RecordViewSet
from config.lib.problems import Conflict
from playbooks.api.filters import PlaybookFilter, RunFilter, TaskFilter
from playbooks.api.serializers import PlaybookSerializer, RunSerializer, TaskSerializer
from playbooks.choices import RunOutcome, RunState
from playbooks.models import Playbook, PlaybookRun, PlaybookVersion, Task
from playbooks.services.launch import launch_playbook
from playbooks.services.playbooks import switch_playbook
from playbooks.services.runs import stop_run
from playbooks.services.task_changes import change_task
from playbooks.services.tasks import cancel_task, create_task


class TaskViewSet(RecordViewSet):
    """What is to be done and what was done. `DELETE` cancels a task."""

    queryset = Task.objects.all()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    ordering_fields = ("id", "due_on", "completed_at", "updated_at")
    ordering = "due_on"

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("run__playbook")

    def make(self, data: dict[str, Any]) -> Task:
        known = ("account", "title", "text", "due_on", "assignee", "priority")
        values = {name: data[name] for name in known if name in data}
        later = {name: data[name] for name in data if name not in known}
        task = create_task(by=self.me, at=self.at, **values)
        return change_task(task=task, changes=later, by=self.me, at=self.at)

    def change(self, row: Task, data: dict[str, Any]) -> Task:
        return change_task(task=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: Task) -> None:
        cancel_task(task=row, at=self.at)


class RunViewSet(RecordViewSet):
    """Episodes that a playbook judged. `POST` launches one by hand, `PATCH` stops one."""

    queryset = PlaybookRun.objects.all()
    serializer_class = RunSerializer
    filterset_class = RunFilter
    ordering_fields = ("id", "entered_at", "ended_at")
    ordering = "-entered_at"
    http_method_names: Any = ("get", "post", "patch", "head", "options")

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("playbook", "version").prefetch_related("steps")

    def make(self, data: dict[str, Any]) -> PlaybookRun:
        return launch_playbook(playbook=data["playbook"], account=data["account"], at=self.at)

    def change(self, row: PlaybookRun, data: dict[str, Any]) -> PlaybookRun:
        if row.state != RunState.RUNNING or data.get("state") != RunState.ENDED:
            raise Conflict(_("Only a running run can be stopped, by the state “ended”."))
        stop_run(run=row, at=self.at, outcome=data.get("outcome") or RunOutcome.STOPPED)
        return row


class PlaybookViewSet(RecordViewSet):
    """What we do when something happens to an account; managers switch it on and off."""

    queryset = Playbook.objects.unarchived()
    serializer_class = PlaybookSerializer
    filterset_class = PlaybookFilter
    ordering_fields = ("id", "key")
    ordering = "key"
    http_method_names: Any = ("get", "patch", "head", "options")

    def with_parts(self, rows: Any) -> Any:
        published = PlaybookVersion.objects.current()
        return rows.prefetch_related(Prefetch("versions", published, to_attr="published"))

    def change(self, row: Playbook, data: dict[str, Any]) -> Playbook:
        is_active = data.get("is_active", row.is_active)
        return switch_playbook(playbook=row, is_active=is_active, at=self.at)
