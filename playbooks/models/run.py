"""A playbook at work on one account: the run and the steps it has planned."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account
from playbooks.choices import RunOutcome, RunReason, RunState, StepRole, StepState
from playbooks.models.playbook import Playbook, PlaybookVersion
from playbooks.querysets import RunQuerySet, StepQuerySet


class PlaybookRun(models.Model):
    """One judged episode of an account: it runs, has ended, or was not started for a reason.

    The unique key makes the decision once, however often news are delivered.
    """

    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="runs")
    version = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="runs")
    account = models.ForeignKey(Account, models.CASCADE, related_name="playbook_runs")
    episode_key = models.CharField(max_length=120)
    entered_at = models.DateTimeField(_("episode began"))
    started_at = models.DateTimeField(_("started"))
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.RUNNING)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=RunOutcome, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=RunReason, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("playbook run")
        verbose_name_plural = _("playbook runs")
        indexes = [
            models.Index(fields=["account", "-entered_at"], name="playbooks_run_account"),
            models.Index(fields=["playbook", "-entered_at", "-id"], name="playbooks_run_playbook"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "account", "episode_key"], name="playbooks_once_an_episode"
            ),
            models.UniqueConstraint(
                fields=["playbook", "account"],
                condition=Q(state=RunState.RUNNING),
                name="playbooks_one_open_run",
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.RUNNING, ended_at__isnull=True)
                | (~Q(state=RunState.RUNNING) & Q(ended_at__isnull=False)),
                name="playbooks_run_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook} · {self.account}"


class RunStep(models.Model):
    """A step planned for a run; it opens on its day once what it depends on is settled."""

    run = models.ForeignKey(PlaybookRun, models.CASCADE, related_name="steps")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    offset = models.SmallIntegerField(_("business days from entry"))
    role = models.CharField(pgettext_lazy("task", "for"), max_length=20, choices=StepRole)
    action = models.CharField(max_length=60)
    after = ArrayField(models.CharField(max_length=60), default=list)
    due_on = models.DateField(_("planned for"))
    opens_on = models.DateField(_("opens on"))
    state = models.CharField(
        _("state"), max_length=10, choices=StepState, default=StepState.WAITING
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a run")
        verbose_name_plural = _("steps of runs")
        indexes = [
            models.Index(
                fields=["opens_on"],
                condition=Q(state=StepState.WAITING),
                name="playbooks_step_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="playbooks_step_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.key}"
