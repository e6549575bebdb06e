"""Touchpoints: what was said between the customer's people and ours."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Direction, Sentiment, Side, Signal, Visibility
from accounts.models.account import Account
from accounts.models.contact import Contact
from accounts.models.todo_triggers import READ_OF_TALK, TELL_TODOS
from accounts.models.touch_triggers import KEEP_LAST_TOUCH
from accounts.querysets import TodoQuerySet, TouchpointQuerySet
from config.lib.clock import AppNow
from config.lib.folding import Folded


@pghistory.track(exclude=["updated_at", "search_text"])
class Touchpoint(models.Model):
    """One contact between us and one account; a talk with several accounts shares `group`."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="touchpoints", db_index=False)
    external_id = models.CharField(_("own-system id"), max_length=128, null=True, blank=True)
    group = models.UUIDField(_("talk"), null=True, blank=True, db_index=True)
    type = models.CharField(_("type"), max_length=20)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    occurred_at = models.DateTimeField(_("when"))
    duration_minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    decisions = models.TextField(_("decisions"), blank=True)
    next_on = models.DateField(_("next date"), null=True, blank=True)
    sentiment = models.CharField(_("sentiment"), max_length=10, choices=Sentiment, blank=True)
    visibility = models.CharField(
        _("visible to"), max_length=10, choices=Visibility, default=Visibility.ACCOUNT
    )
    source = models.CharField(_("source"), max_length=40, default="manual")
    is_draft = models.BooleanField(_("draft"), default=False)
    contacts = models.ManyToManyField(Contact, blank=True, related_name="touchpoints")
    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="attended_touchpoints"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="logged_touchpoints",
    )
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    is_declared = models.BooleanField(default=False, db_default=False, editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)
    search_text = models.GeneratedField(
        expression=Folded(
            Concat(
                *("subject", Value("\n"), "purpose", Value("\n"), "decisions"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = TouchpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        triggers = [*KEEP_LAST_TOUCH, TELL_TODOS]
        indexes = [
            models.Index(  # lists of many accounts ask it alone, and never the rows
                fields=["account", "-occurred_at", "-id"],
                include=["created_by", "is_draft", "retracted_at"],
                name="accounts_touch_of",
            ),
            models.Index(fields=["occurred_at", "id"], name="accounts_touch_when"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_said"),
            models.Index(
                fields=["account", "occurred_at"],
                condition=Q(direction="two_way", is_draft=False, retracted_at__isnull=True),
                name="accounts_touch_two_way",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"],
                condition=Q(external_id__isnull=False, retracted_at__isnull=True),
                name="accounts_touch_external_id",
            ),
            models.CheckConstraint(
                condition=~Q(type="internal_note") | Q(direction="internal"),
                name="accounts_note_is_internal",
            ),
            models.CheckConstraint(
                condition=Q(type="internal_note") | ~Q(direction="internal"),
                name="accounts_internal_is_note",
            ),
            models.CheckConstraint(
                condition=~Q(external_id=""), name="accounts_touch_external_id_text"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


@pghistory.track()
class TouchpointSignal(models.Model):
    """A one-tap signal heard in a touchpoint; known with it and retracted with it."""

    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="signals")
    signal = models.CharField(_("signal"), max_length=20, choices=Signal)

    class Meta:
        verbose_name = _("signal of a touchpoint")
        verbose_name_plural = _("signals of touchpoints")
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "signal"], name="accounts_signal_unique"),
        ]

    def __str__(self) -> str:
        return self.get_signal_display()


@pghistory.track(exclude=["talk_account", "is_standing"])
class TouchpointTodo(models.Model):
    """Something one side promised in a talk.

    The database keeps beside it (`todo_triggers`) the account of the talk and whether it stands:
    that it is no draft and was not taken back.
    """

    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="todos", db_index=False)
    side = models.CharField(_("side"), max_length=6, choices=Side)
    text = models.CharField(_("to do"), max_length=300)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True)
    due_on = models.DateField(pgettext_lazy("task", "due"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)
    talk_account = models.BigIntegerField(default=0, db_default=0, editable=False)
    is_standing = models.BooleanField(default=False, db_default=False, editable=False)

    objects = TodoQuerySet.as_manager()

    class Meta:
        verbose_name = _("to-do")
        verbose_name_plural = _("to-dos")
        triggers = READ_OF_TALK
        indexes = [
            models.Index(
                fields=["talk_account", "id"],
                include=["due_on", "done_on"],
                condition=Q(is_standing=True),
                name="accounts_todo_account",
            ),
            models.Index(
                fields=["user", "due_on", "id"],
                condition=Q(done_on__isnull=True),
                name="accounts_todo_open",
            ),
            models.Index(fields=["touchpoint"], name="accounts_todo_touchpoint"),
            models.Index(fields=["due_on", "id"], name="accounts_todo_due"),
            models.Index(fields=["done_on", "id"], name="accounts_todo_done"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def account(self) -> Account:
        """Return the account of the talk."""
        return self.touchpoint.account
