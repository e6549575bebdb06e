"""Work for one of us on one account."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account
from config.lib.clock import AppNow
from playbooks.choices import StepRole, TaskOutcome, TaskPriority, TaskStatus
from playbooks.models.run import PlaybookRun
from playbooks.models.words import in_reading_language
from playbooks.querysets import TaskQuerySet


@pghistory.track(exclude=["updated_at"])
class Task(models.Model):
    """Something to do by `due_on`. From a run it has a step key; typed by hand it has no run.

    Shipped titles stand in both languages; what a person typed stands in both columns alike.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tasks")
    run = models.ForeignKey(
        PlaybookRun, models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    step_key = models.SlugField(max_length=60, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200)
    title_ja = models.CharField(_("title in Japanese"), max_length=200)
    text_en = models.TextField(_("text in English"), blank=True)
    text_ja = models.TextField(_("text in Japanese"), blank=True)
    status = models.CharField(
        pgettext_lazy("task", "status"), max_length=10, choices=TaskStatus, default=TaskStatus.OPEN
    )
    due_on = models.DateField(pgettext_lazy("task", "due"))
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("assignee"),
        related_name="tasks",
    )
    assigned_role = models.CharField(
        pgettext_lazy("task", "for"), max_length=20, choices=StepRole, blank=True
    )
    priority = models.CharField(
        _("priority"), max_length=10, choices=TaskPriority, default=TaskPriority.NORMAL
    )
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("completed by"),
        related_name="+",
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=TaskOutcome, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=AppNow(), editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(
                fields=["assignee", "due_on", "id"],
                condition=Q(status__in=["open", "snoozed"]),
                name="playbooks_task_todo",
            ),
            models.Index(fields=["account", "-id"], name="playbooks_task_account"),
            models.Index(fields=["due_on", "id"], name="playbooks_task_due"),
            models.Index(
                fields=["completed_at", "id"],
                condition=Q(completed_at__isnull=False),
                name="playbooks_task_completed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step_key"],
                condition=Q(run__isnull=False),
                name="playbooks_task_once_a_step",
            ),
            models.CheckConstraint(
                condition=Q(status=TaskStatus.DONE, completed_at__isnull=False)
                | (~Q(status=TaskStatus.DONE) & Q(completed_at__isnull=True)),
                name="playbooks_task_done_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.SNOOZED) | Q(snoozed_until__isnull=False),
                name="playbooks_task_snoozed_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(title_en="") & ~Q(title_ja=""), name="playbooks_task_titled"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the title in the reader's language."""
        return in_reading_language(en=self.title_en, ja=self.title_ja)

    @property
    def text(self) -> str:
        """Return what is to be done in the reader's language."""
        return in_reading_language(en=self.text_en, ja=self.text_ja)

    @property
    def is_unfinished(self) -> bool:
        """Say whether something is still to be done."""
        return self.status in {TaskStatus.OPEN, TaskStatus.SNOOZED}
