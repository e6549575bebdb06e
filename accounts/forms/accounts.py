"""What people type about an account itself: its names, where it belongs, how it goes on."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import (
    AccountKind,
    AccountStatus,
    ChurnReason,
    Language,
    Phase,
    RecordKind,
    Scope,
)
from accounts.domain.corporate_number import BadCorporateNumber, parse_corporate_number
from accounts.domain.names import name_key
from accounts.forms.countries import CountryField
from accounts.forms.pickers import AccountField
from accounts.models import Account, Team
from accounts.querysets import Reach, by_account, by_team, reach_of

MONTH_CHOICES = [("", _("Not said")), *MONTHS.items()]
NOT_SAID = ("", _("Not said"))
#: Set from a day on; everything else is corrected in place.
DATED = ("tier", "touch_model")
TWINS_SHOWN = 3


class DayInput(forms.DateInput):
    """A day, picked from the browser's own calendar."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class AmountInput(forms.NumberInput):
    """A sum of money; a whole one is shown without its cents, which yen do not have."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Decimal) and value == value.to_integral_value():
            value = value.quantize(Decimal(1))
        text: str | None = super().format_value(value)
        return text


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, widget=DayInput(), **kwargs)


def teams_open_to(reach: Reach) -> Any:
    """Return the teams the user may hand accounts to."""
    teams = Team.objects.order_by(*by_team())
    if reach.scope(RecordKind.ACCOUNT, write=True) == Scope.ALL:
        return teams
    return teams.filter(pk__in=reach.teams)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything about an account that is typed by hand; dated values hold from `on`."""

    parent = AccountField(label=_("Parent company"), required=False)
    sold_via = AccountField(label=_("Sold via"), required=False)
    billed_via = AccountField(label=_("Billed via"), required=False)
    fiscal_year_end_month = forms.TypedChoiceField(
        label=_("Fiscal year ends in"),
        choices=MONTH_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
    )
    budget_month = forms.TypedChoiceField(
        label=_("Budget is set in"),
        choices=MONTH_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
    )
    country = CountryField(label=_("Country"))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    domains = forms.CharField(
        label=_("Mail and web domains"),
        required=False,
        max_length=10000,
        help_text=_("One a line, such as example.co.jp."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    on = day_field(_("Tier and model from"), help_text=_("Today or a day before."), required=False)

    class Meta:
        model = Account
        fields = (
            "name",
            "short_name",
            "name_kana",
            "name_latin",
            "external_id",
            "kind",
            "corporate_number",
            "country",
            "language",
            "domains",
            "team",
            "tier",
            "touch_model",
            "on",
            "tracked",
            "customer_since_on",
            "live_on",
            "fiscal_year_end_month",
            "budget_month",
            "parent",
            "sold_via",
            "billed_via",
        )
        labels = {
            "name": _("Formal name"),
            "short_name": _("Short name"),
            "name_kana": _("Reading"),
            "name_latin": _("Latin name"),
            "external_id": _("Own-system id"),
            "kind": _("Kind"),
            "corporate_number": _("Corporate number"),
            "team": _("Team"),
            "tier": _("Tier"),
            "touch_model": _("Touch model"),
            "tracked": _("Usage events are expected"),
            "customer_since_on": _("Customer since"),
            "live_on": _("Live since"),
        }
        help_texts = {
            "name_kana": _("In katakana; lists are sorted by it."),
            "name_latin": _("Shown where the page is in English."),
            "corporate_number": _("Thirteen digits; the check digit is verified."),
            "customer_since_on": _("Left empty, it follows the first contract."),
        }
        widgets = {"customer_since_on": DayInput(), "live_on": DayInput()}

    sections = (
        (_("Names"), ("name", "is_another", "short_name", "name_kana", "name_latin")),
        (
            _("Identity"),
            ("external_id", "kind", "corporate_number", "country", "language", "domains"),
        ),
        (
            _("How we look after it"),
            ("team", "status", "phase", "tier", "touch_model", "on", "tracked", "live_on"),
        ),
        (_("Fiscal year"), ("fiscal_year_end_month", "budget_month", "customer_since_on")),
        (_("Group and partners"), ("parent", "sold_via", "billed_via")),
    )

    def __init__(self, *args: Any, user: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        reach = reach_of(user)
        visible = Account.objects.visible_to(user).unarchived()
        for name in ("parent", "sold_via", "billed_via"):
            self.fields[name].accounts = visible  # type: ignore[attr-defined]
        for name in ("sold_via", "billed_via"):
            self.fields[name].accounts = visible.filter(kind=AccountKind.PARTNER)  # type: ignore[attr-defined]
        team: Any = self.fields["team"]
        team.queryset = teams_open_to(reach)
        if self.instance.pk:
            team.queryset = team.queryset | Team.objects.filter(pk=self.instance.team_id)
            self.fields["domains"].initial = "\n".join(
                self.instance.domains.order_by("domain").values_list("domain", flat=True)
            )

    def _get_validation_exclusions(self) -> set[str]:
        """Leave uniqueness to the database, whose refusal the service gives a name."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "external_id"}

    def clean_corporate_number(self) -> str:
        text: str = self.cleaned_data["corporate_number"]
        if not text:
            return ""
        try:
            return parse_corporate_number(text)
        except BadCorporateNumber as error:
            raise forms.ValidationError(
                _("This is no corporate number: thirteen digits, the first of them a check digit.")
            ) from error

    def clean_domains(self) -> list[str]:
        return [line for line in self.cleaned_data["domains"].split() if line]

    def clean_on(self) -> dt.date | None:
        on: dt.date | None = self.cleaned_data["on"]
        if on and on > self.today:
            raise forms.ValidationError(_("The day must not lie in the future."))
        return on

    def changes(self) -> dict[str, Any]:
        """Return what was changed; only after validation."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "on"}


class NewAccountForm(AccountForm):
    """An account's first entry also says where it stands."""

    class Meta(AccountForm.Meta):
        fields = (*AccountForm.Meta.fields, "status", "phase")  # type: ignore[assignment]
        labels = AccountForm.Meta.labels | {
            "status": pgettext_lazy("of an account", "Status"),
            "phase": _("Phase"),
        }

    is_another = forms.BooleanField(
        label=_("This is another company of the same name"), required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        #: Asked only where there is one of this name.
        self.question = self.fields.pop("is_another")
        self.known = Account.objects.visible_to(user).unarchived()
        team: Any = self.fields["team"]
        offered = list(team.queryset[:2])
        if len(offered) == 1:
            self.initial["team"] = offered[0].pk
        elif not offered:
            team.help_text = _("There is no team yet: add one in the settings first.")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if twins := self._twins(values):
            self.fields["is_another"] = self.question
            if not self.data.get("is_another"):
                told = str(_("There is one of this name already: {}"))
                self.add_error("name", format_html(told, twins))
        return values

    def _twins(self, values: dict[str, Any]) -> SafeString:
        """Return links to accounts that may be this one: equal names, no other corporate number."""
        key = name_key(values.get("name") or "")
        known = self.known.filter(name_key=key) if key else self.known.none()
        if number := values.get("corporate_number"):
            known = known.filter(corporate_number__in=("", number))
        shown = known.order_by(*by_account())[:TWINS_SHOWN]
        link = '<a class="y-link" href="{}">{}</a>'
        pairs = ((reverse("accounts:detail", args=[one.pk]), str(one)) for one in shown)
        return format_html_join(", ", link, pairs)


class StatusForm(forms.Form):
    """Where the account stands from a day on, and why it left if it did."""

    status = forms.ChoiceField(
        label=pgettext_lazy("of an account", "Status"), choices=AccountStatus.choices
    )
    on = day_field(_("Holds from"), help_text=_("Today or a day before."))
    reason = forms.ChoiceField(
        label=_("Churn reason"),
        choices=[NOT_SAID, *ChurnReason.choices],
        required=False,
        help_text=_("Only for customers who have churned."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        churned = values.get("status") == AccountStatus.CHURNED
        if churned and not values.get("reason"):
            self.add_error("reason", _("Say why the customer left; reports count the reasons."))
        if not churned:
            values["reason"] = ""
        return values


class PhaseForm(forms.Form):
    """The phase the account is in from a day on."""

    phase = forms.ChoiceField(label=_("Phase"), choices=Phase.choices)
    on = day_field(_("Holds from"), help_text=_("Today or a day before."))
