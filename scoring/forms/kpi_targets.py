"""What people type to want something of a KPI."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.domain.kpi_targets import Target
from scoring.selectors.kpi_words import Words

HUNDRED = Decimal(100)


class KpiTargetForm(forms.Form):
    """A rate in percent, a count and an amount; with all of them empty nothing is wanted.

    How much can be wanted, the service says.
    """

    rate = forms.DecimalField(label=_("Rate in percent"), required=False, decimal_places=2)
    count = forms.IntegerField(required=False)
    amount = forms.DecimalField(required=False, decimal_places=2)

    def __init__(
        self, *args: Any, words: Words, target: Target | None, currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wanted = target or Target()
        less = _("It is reached at this value or below.")
        self._ask("count", _("Count: %(what)s"), words.counted, wanted.count)
        self._ask("amount", _("Amount: %(what)s"), words.amount, wanted.amount)
        if words.unit == "money":
            self.fields["amount"].help_text = _("In %(currency)s.") % {"currency": currency}
        if wanted.rate is not None:
            self.fields["rate"].initial = f"{(wanted.rate * HUNDRED).normalize():f}"
        if not words.has_rate:
            del self.fields["rate"]
        for part, wish in words.wishes.items():
            if wish == "less" and part in self.fields:
                field = self.fields[part]
                field.help_text = f"{field.help_text} {less}".strip()

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        rate = self.cleaned_data.get("rate")
        return {
            "rate": None if rate is None else rate / HUNDRED,
            "count": self.cleaned_data["count"],
            "amount": self.cleaned_data["amount"],
        }

    def _ask(self, name: str, label: Any, what: Any, initial: Decimal | int | None) -> None:
        self.fields[name].label = label % {"what": what}
        if initial is not None:
            self.fields[name].initial = f"{Decimal(initial).normalize():f}"
