"""What people type about a contract: its period, its terms, how it goes on or ends."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import ApprovalState, ChurnReason, ContractKind, Forecast
from accounts.domain.payment_terms import BadTerms, parse_terms
from accounts.forms.accounts import NOT_SAID, day_field
from accounts.models import Contract
from accounts.models.terms import terms_in_words
from accounts.services.contracts import terms_as_columns
from config.lib.formats import currency_places

LARGEST_SEATS = 2**31 - 1


def amount_field(currency: str = "", **kwargs: Any) -> forms.DecimalField:
    """Return a field for a yearly value, with as many decimals as the currency has."""
    return forms.DecimalField(
        label=_("A year, without tax"),
        max_digits=18,
        decimal_places=currency_places(currency) if currency else 2,
        min_value=Decimal(0),
        **kwargs,
    )


class WorthForm(forms.Form):
    """What a contract of a known currency is worth."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arr = self.initial.get("arr")
        if arr is not None and arr == round(arr, currency_places(currency)):
            self.fields["arr"] = amount_field(currency)
            self.initial["arr"] = round(arr, currency_places(currency))


def seats_field() -> forms.IntegerField:
    """Return a field for licensed users."""
    return forms.IntegerField(
        label=_("Licensed users"), min_value=0, max_value=LARGEST_SEATS, required=False
    )


class CurrencyField(forms.RegexField):
    """Three letters of ISO 4217."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            r"^[A-Z]{3}$",
            label=_("Currency"),
            help_text=_("Three letters, such as JPY."),
            error_messages={"invalid": _("Give three letters, such as JPY.")},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


class TermsField(forms.CharField):
    """Payment terms as people write them; the value is what they mean."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Payment terms"),
            max_length=80,
            required=False,
            help_text=_(
                "Such as: 30 days; closes on day 20, paid on day 10 of the next month; "
                "月末締め翌月末払い."
            ),
        )

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else terms_in_words(value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_terms(text) if text else None
        except BadTerms:
            raise forms.ValidationError(
                _("Write days, or closing day, month and day of payment."), code="terms"
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


class ContractForm(forms.ModelForm):  # type: ignore[type-arg]
    """The frame of a contract; what it is worth has terms of its own."""

    currency = CurrencyField(initial="JPY")
    kind = forms.ChoiceField(label=_("Kind"), choices=ContractKind.choices)
    forecast = forms.ChoiceField(
        label=_("Renewal forecast"), choices=[NOT_SAID, *Forecast.choices], required=False
    )
    approval_state = forms.ChoiceField(label=_("Approval flow"), choices=ApprovalState.choices)
    starts_on = day_field(_("First day"))
    ends_on = day_field(
        _("Last day of the contract"), required=False, help_text=_("Empty for open-ended.")
    )
    notice_received_on = day_field(_("Cancellation notice"), required=False)
    payment_terms = TermsField()

    class Meta:
        model = Contract
        fields = (
            "product",
            "external_id",
            "kind",
            "currency",
            "starts_on",
            "ends_on",
            "notice_months",
            "auto_renews",
            "is_public_yearly",
            "forecast",
            "approval_state",
            "notice_received_on",
        )
        labels = {
            "product": _("Product"),
            "external_id": _("Own-system id"),
            "notice_months": _("Notice period in months"),
            "auto_renews": _("Renews by itself, a year each time"),
            "is_public_yearly": _("Yearly public contract, tendered anew"),
        }

    sections = (
        (_("What was agreed"), ("product", "external_id", "arr", "currency", "seats")),
        (
            _("Period and renewal"),
            ("kind", "starts_on", "ends_on", "notice_months", "auto_renews", "is_public_yearly"),
        ),
        (
            _("State"),
            ("forecast", "approval_state", "notice_received_on", "payment_terms"),
        ),
    )
    below = "accounts/contract_preview_slot.html"
    preview = reverse_lazy("accounts:contract_preview")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("payment_terms", self.instance.payment_terms)
        self.fields["notice_months"].max_value = 120  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the rules between columns to the database, whose refusals the service names."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "external_id", "ends_on", "starts_on"}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("kind") == ContractKind.OPEN_ENDED and values.get("ends_on"):
            self.add_error("ends_on", _("An open-ended contract has no last day."))
        return values

    def clean_payment_terms(self) -> Any:
        """Refuse a field that was emptied: it would stay as it was without a word."""
        terms = self.cleaned_data["payment_terms"]
        if terms is None and self.instance.pk and "payment_terms" in self.changed_data:
            field = self.fields["payment_terms"]
            raise forms.ValidationError(field.error_messages["required"], code="required")
        return terms

    def changes(self) -> dict[str, Any]:
        """Return what was changed; only after validation."""
        return in_columns({name: self.cleaned_data[name] for name in self.changed_data})


def in_columns(values: dict[str, Any]) -> dict[str, Any]:
    """Return typed values with the payment terms as columns; as they were where left empty."""
    rest = {name: value for name, value in values.items() if name != "payment_terms"}
    terms = values.get("payment_terms")
    return rest | terms_as_columns(terms) if terms else rest


class NewContractForm(ContractForm):
    """A contract with its first terms."""

    arr = amount_field()
    seats = seats_field()

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        arr, currency = values.get("arr"), values.get("currency", "")
        if arr is not None and currency and arr != round(arr, currency_places(currency)):
            self.add_error("arr", _("Amounts in %(currency)s have no such decimals.") % values)
        return values


class TermsForm(WorthForm):
    """What a contract is worth from a day on: an upgrade, a downgrade, more or fewer seats."""

    on = day_field(_("From"), help_text=_("Any day of the contract; it may lie ahead."))
    arr = amount_field()
    seats = seats_field()
    reason = forms.ChoiceField(
        label=_("Why it is worth less"),
        choices=[NOT_SAID, *ChurnReason.choices],
        required=False,
        help_text=_("For a downgrade; it counts in the analysis of losses."),
    )


class RenewForm(WorthForm):
    """The next period of a contract."""

    ends_on = day_field(
        _("Last day of the next period"), required=False, help_text=_("Empty for open-ended.")
    )
    as_new = forms.TypedChoiceField(
        label=_("How it is renewed"),
        choices=[("", _("This contract goes on")), ("new", _("A new contract is signed"))],
        coerce=bool,
        empty_value="",
        required=False,
    )
    arr = amount_field()
    seats = seats_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as_new"].is_conditional = True  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """The customer has said they will not go on; empty takes it back."""

    notice_received_on = day_field(_("Received on"), required=False)


class PreviewForm(forms.Form):
    """As much of a contract as its renewal date follows from."""

    ends_on = forms.DateField(required=False)
    notice_months = forms.IntegerField(required=False, min_value=0, max_value=1200)
    auto_renews = forms.BooleanField(required=False)
    notice_received_on = forms.DateField(required=False)

    def clean_ends_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day is not None and not 1900 <= day.year <= 2200:
            raise forms.ValidationError(_("Give a day between 1900 and 2200."))
        return day


class RateForm(forms.Form):
    """What one unit of a currency is worth from a day on."""

    currency = CurrencyField()
    on = day_field(_("From"))
    rate = forms.DecimalField(
        label=_("One unit is worth"),
        max_digits=18,
        decimal_places=8,
        min_value=Decimal("1e-8"),
        help_text=_("In the reporting currency of the organisation."),
    )
