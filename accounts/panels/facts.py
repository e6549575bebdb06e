"""What an account is: its names and numbers, its year, its partners, its domains."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.models import Account
from accounts.registry import panels
from config.lib.formats import country_name, day


class FactsPanel:
    """The plain columns of the record that stand nowhere else on the page, as far as they are said.

    Domains follow, each with whether somebody made sure of it.
    """

    key = "facts"
    title = _("Facts")
    column = "side"
    order = 65
    template = "accounts/panels/facts.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return (label, value) rows and the domains."""
        return {
            "account": account,
            "facts": [(label, value) for label, value in _facts(account) if value],
            "domains": account.domains.order_by("domain"),
        }


def _facts(account: Account) -> Iterator[tuple[Any, Any]]:
    yield _("Formal name"), account.name
    yield _("Short name"), account.short_name
    yield _("Reading"), account.name_kana
    yield _("Latin name"), account.name_latin
    yield _("Own-system id"), account.external_id
    yield _("Corporate number"), account.corporate_number
    yield _("Country"), country_name(account.country)
    yield _("Language"), dict(Language.choices).get(account.language, account.language)
    yield _("Fiscal year ends in"), MONTHS.get(account.fiscal_year_end_month or 0)
    yield _("Budget is set in"), MONTHS.get(account.budget_month or 0)
    yield _("Customer since"), account.customer_since_on and day(account.customer_since_on)
    yield _("Live since"), account.live_on and day(account.live_on)
    yield _("Usage events are expected"), _("Yes") if account.tracked else _("No")


panels.register("facts")(FactsPanel())
