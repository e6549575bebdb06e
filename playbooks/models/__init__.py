"""The tables of the playbooks app."""

from playbooks.models.playbook import Playbook, PlaybookVersion
from playbooks.models.run import PlaybookRun, RunStep
from playbooks.models.task import Task

__all__ = ["Playbook", "PlaybookRun", "PlaybookVersion", "RunStep", "Task"]
