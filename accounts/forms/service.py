"""What people type about a ticket, an invoice, a payment or a milestone."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import TicketSeverity
from accounts.forms.accounts import NOT_SAID, AmountInput, day_field
from accounts.forms.contracts import CurrencyField
from accounts.models import Account, Contact, Contract, Invoice, OnboardingMilestone, Ticket
from accounts.querysets import by_contact

CENT = Decimal("0.01")
MARKS = [NOT_SAID, *((str(mark), str(mark)) for mark in range(1, 6))]


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """Return a field for a moment, in the reader's zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


class ChangesForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose service wants to know what was changed; an empty id is none."""

    def values(self) -> dict[str, Any]:
        """Return what was typed."""
        values = dict(self.cleaned_data)
        if "external_id" in values:
            values["external_id"] = values["external_id"] or None
        return values

    def changes(self) -> dict[str, Any]:
        """Return what differs from the record."""
        return {name: value for name, value in self.values().items() if name in self.changed_data}

    def _post_clean(self) -> None:
        """Leave the record as it is: the service checks and writes."""


class TicketForm(ChangesForm):
    """What was asked, how badly, by whom; when it was resolved and how content they were."""

    severity = forms.ChoiceField(
        label=_("Severity"), choices=TicketSeverity.choices, initial=TicketSeverity.NORMAL
    )
    opened_at = moment_field(_("Opened"))
    resolved_at = moment_field(pgettext_lazy("when", "Resolved"), required=False)
    csat = forms.TypedChoiceField(
        label=_("CSAT, 1 to 5"), choices=MARKS, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Ticket
        fields = (
            "subject",
            "severity",
            "contact",
            "opened_at",
            "resolved_at",
            "csat",
            "external_id",
        )
        labels = {
            "subject": _("Subject"),
            "contact": _("Asked by"),
            "external_id": _("Own-system id"),
        }

    def __init__(self, *args: Any, account: Account, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["contact"]
        shown = Contact.objects.visible_to(user).filter(account=account, archived_at=None)
        people.queryset = shown.order_by(*by_contact())
        people.empty_label = NOT_SAID[1]


class InvoiceForm(ChangesForm):
    """What they owe and until when; the terms of the contract say the day where none is given."""

    amount = forms.DecimalField(
        label=_("Amount, with tax"),
        max_digits=18,
        decimal_places=2,
        min_value=CENT,
        widget=AmountInput(),
    )
    currency = CurrencyField(initial="JPY")
    issued_on = day_field(_("Issued on"))
    due_on = day_field(
        _("Due on"),
        required=False,
        help_text=_("Empty: by the payment terms. A bank holiday moves to the next banking day."),
    )

    class Meta:
        model = Invoice
        fields = ("external_id", "amount", "currency", "issued_on", "due_on", "contract")
        labels = {"external_id": _("Number"), "contract": _("Contract")}

    def __init__(self, *args: Any, account: Account, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contracts: Any = self.fields["contract"]
        shown = Contract.objects.visible_to(user).filter(account=account, archived_at=None)
        contracts.queryset = shown.order_by("-starts_on", "pk")
        contracts.empty_label = NOT_SAID[1]


class PaymentForm(forms.Form):
    """Money that came in."""

    beside = ("paid_on",)
    paid_on = day_field(_("Paid on"))
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=18, decimal_places=2, min_value=CENT, widget=AmountInput()
    )


class MilestoneForm(ChangesForm):
    """A step, until when and since when."""

    label_en = forms.CharField(label=_("Label in English"), max_length=120)
    label_ja = forms.CharField(label=_("Label in Japanese"), max_length=120)
    due_on = day_field(_("Due on"), required=False)
    done_on = day_field(_("Reached on"), required=False)

    class Meta:
        model = OnboardingMilestone
        fields = ("label_ja", "label_en", "due_on", "done_on", "is_first_value")
        labels = {"is_first_value": _("This is the first value for the customer")}


class PlanForm(forms.Form):
    """From which day the shipped milestones count."""

    starts_on = day_field(_("Onboarding starts on"))

    def __init__(self, *args: Any, starts_on: dt.date) -> None:
        super().__init__(*args)
        self.initial = {"starts_on": starts_on}
