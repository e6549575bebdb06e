"""Chainable filters of playbooks, runs, steps and tasks."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Func
from django.db.models.functions import Coalesce, Greatest

from accounts.choices import RecordKind
from accounts.querysets import ScopedQuerySet, reach_of, steers
from playbooks.choices import RunState, StepState, TaskStatus, VersionState


class PlaybookQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Keep everything for who may sign in: what we do is no secret among us."""
        return self if reach_of(user).role else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep everything for administrators and managers."""
        return self if steers(user) else self.none()

    def unarchived(self) -> Self:
        """Leave out what was archived."""
        return self.filter(archived_at__isnull=True)

    def active(self) -> Self:
        """Keep playbooks that are switched on."""
        return self.unarchived().filter(is_active=True)


class VersionQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """Keep the newest published version of each playbook."""
        published = self.filter(state=VersionState.PUBLISHED)
        return published.order_by("playbook_id", "-number").distinct("playbook_id")


class RunQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TASK

    def running(self) -> Self:
        """Keep runs that have neither ended nor been skipped."""
        return self.filter(state=RunState.RUNNING)

    def started(self) -> Self:
        """Leave out episodes that were judged and did not start."""
        return self.exclude(state=RunState.SKIPPED)


class StepQuerySet(ScopedQuerySet):
    account_path = "run__account"
    record_kind = RecordKind.TASK

    def openable(self, *, today: dt.date) -> Self:
        """Keep waiting steps of open runs whose day has come and whose dependencies are settled."""
        place = Func(
            OuterRef("after"),
            F("key"),
            function="array_position",
            output_field=models.IntegerField(null=True),
        )
        unsettled = (
            self.model._base_manager.filter(
                run=OuterRef("run"), state__in=[StepState.WAITING, StepState.OPEN]
            )
            .annotate(place=place)
            .filter(place__isnull=False)
        )
        due = self.filter(state=StepState.WAITING, opens_on__lte=today, run__state=RunState.RUNNING)
        return due.filter(~Exists(unsettled))


class TaskQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TASK

    def unfinished(self) -> Self:
        """Keep what is still to be done, also what is put off."""
        return self.filter(status__in=[TaskStatus.OPEN, TaskStatus.SNOOZED])

    def of(self, user: Any) -> Self:
        """Keep the tasks assigned to a user."""
        return self.filter(assignee=user)

    def unassigned(self) -> Self:
        """Keep tasks nobody has taken."""
        return self.filter(assignee__isnull=True)

    def overdue(self, *, today: dt.date | models.Expression) -> Self:
        """Keep unfinished tasks whose day has passed, whether put off or not."""
        return self.unfinished().filter(due_on__lt=today)

    def waking(self, *, today: dt.date) -> Self:
        """Keep tasks that were put off until today or earlier."""
        return self.filter(status=TaskStatus.SNOOZED, snoozed_until__lte=today)

    def with_shown_on(self) -> Self:
        """Annotate `shown_on`, the day under which my day lists a task: due, or put off until."""
        put_off = Q(status=TaskStatus.SNOOZED)
        shown = Greatest("due_on", Coalesce("snoozed_until", "due_on"))
        return self.annotate(
            shown_on=models.Case(models.When(put_off, then=shown), default=F("due_on"))
        )

    def with_step_offset(self) -> Self:
        """Annotate `step_offset`, the business day of the run a task belongs to; None by hand."""
        steps = self.model._meta.get_field("run").related_model._meta.get_field("steps")
        same = steps.related_model._base_manager.filter(
            run=OuterRef("run"), key=OuterRef("step_key")
        )
        return self.annotate(step_offset=models.Subquery(same.values("offset")))
