"""Inlets: where other systems send records as JSON, and what they sent."""

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.jobs import ImportRun
from accounts.querysets import InletDeliveryQuerySet, InletQuerySet
from config.lib.clock import AppNow
from config.lib.jobs import JobState

SIGNATURE_HEADER = "webhook-signature"


class DeliveryState(models.TextChoices):
    """How far what was sent has come."""

    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    DONE = "done", pgettext_lazy("delivery", "Taken in")
    PARTLY = "partly", pgettext_lazy("delivery", "With errors")
    FAILED = "failed", pgettext_lazy("delivery", "Not taken in")


class DeliveryProblem(models.TextChoices):
    """Why no import could be made of what was sent."""

    UNMAPPED = "unmapped", _("Nobody has said yet where the fields stand in the body.")
    NO_RECORDS = "no_records", _("Nothing stands where the records should.")
    NOT_A_VALUE = "not_a_value", _("An object stands where a value should.")
    TOO_MANY = "too_many", _("The body holds more records than are taken.")
    BAD_MAPPING = "bad_mapping", _("The mapping does not fit the kind of records any more.")
    NOT_ALLOWED = "not_allowed", _("Who answers for it may change no records of this kind.")
    ERASED = "erased", _("A person it named was erased, and the body with them.")


@pghistory.track(exclude=["digest"])
class Inlet(models.Model):
    """An address at which one other system may leave records; address and secret are not kept."""

    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    digest = models.BinaryField(_("digest"), max_length=32, editable=False)
    kind = models.CharField(_("records are"), max_length=20)
    records_path = models.CharField(_("where the records stand"), max_length=200, blank=True)
    columns = models.JSONField(_("where the fields stand"), default=dict, blank=True)
    is_fill_only = models.BooleanField(_("only fills in what is empty"), default=False)
    is_signed = models.BooleanField(_("takes only what is signed"), default=True)
    signature_header = models.CharField(
        _("header with the signature"), max_length=80, default=SIGNATURE_HEADER
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="inlets",
        verbose_name=_("who answers for it"),
    )
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = InletQuerySet.as_manager()

    class Meta:
        verbose_name = _("inlet")
        verbose_name_plural = _("inlets")
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="accounts_inlet_digest"),
        ]

    def __str__(self) -> str:
        return self.name


class InletDelivery(models.Model):
    """One body that was sent, taken once; `opened_at` claims it for the import made of it.

    The effect touches only the database and private files, so it has no lease: a worker locks the
    row with SKIP LOCKED and commits claim and import together.
    """

    inlet = models.ForeignKey(
        Inlet, models.PROTECT, related_name="deliveries", verbose_name=_("inlet")
    )
    #: Keyed by the sender's `webhook-id`, else by the body: the same one is taken once.
    message_key = models.BinaryField(_("key of the message"), max_length=32, editable=False)
    body = models.BinaryField(_("body"), null=True, editable=False)
    size = models.PositiveIntegerField(_("size"))
    received_at = models.DateTimeField(_("received"), db_index=True)
    opened_at = models.DateTimeField(_("opened"), null=True)
    problem = models.CharField(_("problem"), max_length=20, choices=DeliveryProblem, blank=True)
    problem_row = models.PositiveIntegerField(_("row of the problem"), null=True)
    problem_column = models.CharField(_("column of the problem"), max_length=80, blank=True)
    run = models.OneToOneField(
        ImportRun, models.SET_NULL, null=True, related_name="delivery", verbose_name=_("import")
    )

    objects = InletDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["inlet", "message_key"], name="accounts_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(opened_at__isnull=True), name="accounts_delivery_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inlet} {self.pk}"

    @property
    def state(self) -> DeliveryState:
        """Return how far it is, by its import."""
        if self.problem:
            return DeliveryState.FAILED
        job = self.run.job if self.run else None
        if self.opened_at is None or (job and job.state in {JobState.QUEUED, JobState.RUNNING}):
            return DeliveryState.WAITING
        if job and job.state != JobState.DONE:
            return DeliveryState.FAILED
        return _outcome(job.result) if job else DeliveryState.DONE


def _outcome(result: Any) -> DeliveryState:
    if not result.get("failed"):
        return DeliveryState.DONE
    has_taken = result.get("rows", 0) > result["failed"]
    return DeliveryState.PARTLY if has_taken else DeliveryState.FAILED
