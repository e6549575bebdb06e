"""What lists of tasks, runs and playbooks can be filtered by."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from playbooks.models import Playbook, PlaybookRun, Task


class TaskFilter(filters.FilterSet):
    due_on = filters.DateFromToRangeFilter()
    completed_at = filters.IsoDateTimeFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    playbook = filters.CharFilter(field_name="run__playbook__key")
    unassigned = filters.BooleanFilter(field_name="assignee", lookup_expr="isnull")
    mine = filters.BooleanFilter(method="of_caller")

    class Meta:
        model = Task
        fields = ("account", "run", "status", "assignee", "priority", "outcome")

    def of_caller(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Keep, or leave out, what is assigned to the caller."""
        assert self.request is not None
        mine = rows.filter(assignee=self.request.user)
        return mine if value else rows.exclude(pk__in=mine.values("pk"))


class RunFilter(filters.FilterSet):
    entered_at = filters.IsoDateTimeFromToRangeFilter()
    playbook = filters.CharFilter(field_name="playbook__key")

    class Meta:
        model = PlaybookRun
        fields = ("account", "state", "outcome", "reason")


class PlaybookFilter(filters.FilterSet):
    class Meta:
        model = Playbook
        fields = ("key", "is_active")
