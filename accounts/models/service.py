"""Support tickets, invoices and onboarding milestones: facts from other systems."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import TicketSeverity
from accounts.choices import TicketState as State
from accounts.models.account import Account
from accounts.models.contact import Contact
from accounts.models.contract import Contract
from accounts.models.kept_figures import keep_figures, leave_figures
from accounts.models.listed import STANDING, in_order_of
from accounts.querysets import (
    InvoiceQuerySet,
    MilestoneQuerySet,
    PaymentQuerySet,
    TicketQuerySet,
    TicketStateQuerySet,
)
from config.lib.clock import AppNow
from config.lib.recorded import Recorded


@pghistory.track(exclude=["updated_at"])
class Ticket(models.Model):
    """A question or problem the customer raised; its states are dated facts.

    A correction of what health counts leaves a retracted copy with its states beside the row.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tickets", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True)
    external_id = models.CharField(_("own-system id"), max_length=128, null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    severity = models.CharField(_("severity"), max_length=10, choices=TicketSeverity)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    csat = models.PositiveSmallIntegerField(_("CSAT"), null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    is_declared = models.BooleanField(default=False, db_default=False, editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["account", "-opened_at"], name="accounts_ticket_account"),
            *in_order_of(
                *("ticket", "opened_at", "resolved_at", "subject", "state", "csat"),
                where=STANDING,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=Q(external_id__isnull=False, retracted_at__isnull=True),
                name="accounts_ticket_external_id",
            ),
            models.CheckConstraint(
                condition=Q(csat__isnull=True) | Q(csat__range=(1, 5)), name="accounts_ticket_csat"
            ),
            models.CheckConstraint(
                condition=~Q(external_id=""), name="accounts_ticket_external_id_text"
            ),
            models.CheckConstraint(
                condition=Q(state=State.RESOLVED, resolved_at__isnull=False)
                | ~Q(state=State.RESOLVED) & Q(resolved_at__isnull=True),
                name="accounts_ticket_resolved_when",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=models.F("opened_at")),
                name="accounts_ticket_resolved_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class TicketStateFact(Recorded):
    """The ticket was in this state over a span of days."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="states")
    state = models.CharField(_("state"), max_length=10, choices=State)

    objects = TicketStateQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_ticket_state",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


@pghistory.track(exclude=["updated_at", "paid_amount", "last_paid_on", "balance", "paid_on"])
class Invoice(models.Model):
    """An amount we asked the customer to pay, with tax, and until when.

    What was paid of it follows from its payments and is kept by the database (`kept_figures`):
    `balance` is below zero when too much came in, `paid_on` the day of the last payment of an
    invoice that is paid in full, else null.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="invoices", db_index=False)
    contract = models.ForeignKey(Contract, models.SET_NULL, null=True, blank=True)
    external_id = models.CharField(_("number"), max_length=128, null=True, blank=True)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="JPY")
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    is_declared = models.BooleanField(default=False, db_default=False, editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)

    paid_amount = models.DecimalField(
        _("amount paid"), max_digits=18, decimal_places=2, default=0, db_default=0, editable=False
    )
    last_paid_on = models.DateField(_("last paid on"), null=True, editable=False)
    balance = models.GeneratedField(
        verbose_name=_("open amount"),
        expression=models.F("amount") - models.F("paid_amount"),
        output_field=models.DecimalField(max_digits=18, decimal_places=2),
        db_persist=True,
    )
    paid_on = models.GeneratedField(
        verbose_name=_("paid on"),
        expression=models.Case(
            models.When(paid_amount__gte=models.F("amount"), then=models.F("last_paid_on"))
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        triggers = [leave_figures("paid_amount", "last_paid_on")]
        indexes = [
            models.Index(fields=["account", "due_on"], name="accounts_invoice_account"),
            *in_order_of(
                *("invoice", "due_on", "issued_on", "amount", "balance", "paid_on"),
                *("paid_amount", "currency"),
                where=STANDING,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=Q(external_id__isnull=False, retracted_at__isnull=True),
                name="accounts_invoice_external_id",
            ),
            models.CheckConstraint(
                condition=~Q(external_id=""), name="accounts_invoice_external_id_text"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="accounts_invoice_amount"),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("issued_on")), name="accounts_invoice_due"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or str(self.pk)


@pghistory.track()
class InvoicePayment(models.Model):
    """Money that came in for an invoice; never deleted, only retracted."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="payments")
    paid_on = models.DateField(_("paid on"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    is_declared = models.BooleanField(default=False, db_default=False, editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        triggers = keep_figures(
            "accounts_invoice",
            "accounts_invoicepayment",
            "invoice_id",
            {"paid_amount": "coalesce(sum(f.amount), 0)", "last_paid_on": "max(f.paid_on)"},
        )
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="accounts_payment_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.amount}"


@pghistory.track(exclude=["updated_at"])
class OnboardingMilestone(models.Model):
    """A step on the way to first value, when it is due and when it was reached.

    A correction leaves a retracted copy, so that a past day still sees what was planned then.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="milestones")
    key = models.SlugField(_("key"), max_length=60)
    label_en = models.CharField(_("label in English"), max_length=120)
    label_ja = models.CharField(_("label in Japanese"), max_length=120)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    is_first_value = models.BooleanField(_("first value"), default=False)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    is_declared = models.BooleanField(default=False, db_default=False, editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        indexes = in_order_of("milestone", "due_on", "done_on", "key", where=STANDING)
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key"],
                condition=Q(retracted_at__isnull=True),
                name="accounts_milestone_unique",
            ),
            models.CheckConstraint(
                condition=~Q(label_en="") & ~Q(label_ja=""), name="accounts_milestone_named"
            ),
        ]

    def __str__(self) -> str:
        is_japanese = (translation.get_language() or "en").startswith("ja")
        return self.label_ja if is_japanese else self.label_en
