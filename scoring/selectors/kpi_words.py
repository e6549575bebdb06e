"""How KPIs are called and what each means: the words beside every number of a report."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from config.lib import formats
from scoring.domain.periods import Period


@dataclass(frozen=True)
class Words:
    """A KPI in words: its name, definition, what its count counts, and what its amount is.

    :param unit: `money`, or `each` for a number a customer.
    :param wish: `more` or `less`, the direction in which it gets better.
    :param amount_wish: the same of its amount, where that goes the other way.
    :param pick: which accounts its number links to.
    :param rated: what its rate is, where that is not the KPI itself.
    """

    label: Any
    about: Any
    counted: Any
    amount: Any
    unit: str = "money"
    wish: str = "more"
    pick: str = ""
    amount_wish: str = ""
    has_rate: bool = True
    rated: Any = ""

    @property
    def wishes(self) -> dict[str, str]:
        """Return the direction in which each part gets better."""
        return {"rate": self.wish, "count": self.wish, "amount": self.amount_wish or self.wish}


COHORT = _(
    "Cohort: customers with contracts on the day before the period. A team's are those whose"
    " account is the team's today; a segment's are those in it on that day."
)

KPIS: dict[str, Words] = {
    "nrr": Words(
        _("Net revenue retention (NRR)"),
        _(
            "What the customers of the opening are worth at the closing, growth included, divided"
            " by what all of them were worth at the opening. New customers don't count."
        ),
        _("customers that stayed"),
        _("their ARR at the closing"),
        pick="stayed",
    ),
    "grr": Words(
        _("Gross revenue retention (GRR), all ARR"),
        _(
            "Opening ARR less contraction and churn, divided by all opening ARR. Growth never makes"
            " up for a loss."
        ),
        _("customers that lost nothing"),
        _("ARR kept"),
        pick="kept",
    ),
    "grr_due": Words(
        _("Gross revenue retention, ARR up for renewal"),
        _(
            "The same, divided only by the opening ARR of contracts that ran out before the"
            " closing. Losses of an account count against it first."
        ),
        _("customers with a contract up for renewal"),
        _("ARR kept of it"),
        pick="due",
    ),
    "logo_churn": Words(
        _("Customer churn"),
        _("Customers of the opening without ARR at the closing, divided by all of the opening."),
        _("customers lost"),
        _("their opening ARR"),
        wish="less",
        pick="lost",
    ),
    "mrr_churn": Words(
        _("MRR churn"),
        _("MRR lost by contraction and churn, divided by the opening MRR, a twelfth of ARR."),
        _("customers with a loss"),
        _("MRR lost"),
        wish="less",
        pick="losses",
    ),
    "continuation": Words(
        _("Continuation"),
        _("Customers of the opening with ARR at the closing, divided by all of the opening."),
        _("customers that stayed"),
        _("their opening ARR"),
        pick="stayed",
    ),
    "renewal_end": Words(
        _("Renewal, by last day"),
        _(
            "Contracts renewed, divided by contracts renewed or lost, of those whose last day lies"
            " in the period. What is not decided yet is in neither."
        ),
        _("contracts renewed"),
        _("their ARR on the last day"),
        pick="due",
    ),
    "renewal_decision": Words(
        _("Renewal, by actionable date"),
        _(
            "The same of contracts whose day to decide, the last day less the notice period, lies"
            " in the period."
        ),
        _("contracts renewed"),
        _("their ARR on the last day"),
    ),
    "upsell": Words(
        _("Upsell"),
        _("Growth of customers that stayed, divided by all opening ARR."),
        _("customers that grew"),
        _("ARR added"),
        pick="expansion",
    ),
    "arpa": Words(
        _("ARPA"),
        _(
            "ARR for each customer at the closing. The rate is the change against the opening,"
            " divided by the ARPA of the opening."
        ),
        _("customers at the closing"),
        _("ARR for each customer"),
        pick="closing",
        rated=_("change of ARPA"),
    ),
    "ltv": Words(
        _("Lifetime value (LTV)"),
        _(
            "ARPA divided by the share of customers that would be lost in a year at the pace of"
            " this period, which is the rate. Revenue, not margin; unknown without a loss."
        ),
        _("customers lost"),
        _("revenue expected of a customer"),
        wish="less",
        amount_wish="more",
        pick="lost",
        rated=_("lost in a year at this pace"),
    ),
    "contacts": Words(
        pgettext_lazy("KPI", "Contacts"),
        _("Customers with a two-way touch in the period, divided by all customers of the period."),
        _("two-way touches"),
        _("touches for each customer"),
        unit="each",
        pick="customers",
    ),
    "stakeholders": Words(
        _("Active stakeholders"),
        _(
            "People with a role on the stakeholder map at the closing who took part in a two-way"
            " touch in the period, divided by all people with a role."
        ),
        _("active people"),
        _("active people for each customer"),
        unit="each",
        pick="customers",
    ),
}

#: ARR itself, which has no rate.
ARR = Words(
    _("ARR"),
    _("Yearly value of all contracts at the closing."),
    _("customers at the closing"),
    _("ARR at the closing"),
    pick="closing",
    has_rate=False,
)
#: What targets can be set for.
TARGETS: dict[str, Words] = {"arr": ARR, **KPIS}

BRIDGE: tuple[tuple[str, Any, str], ...] = (
    ("new", _("New customers"), "new"),
    ("expansion", pgettext_lazy("ARR bridge", "Expansion"), "expansion"),
    ("contraction", _("Contraction"), "contraction"),
    ("churn", pgettext_lazy("ARR bridge", "Churn"), "lost"),
)

PICKS: dict[str, Any] = {
    "customers": _("All customers"),
    "stayed": _("Customers that stayed"),
    "kept": _("Customers that lost nothing"),
    "due": _("Customers with a contract up for renewal"),
    "lost": _("Customers lost"),
    "losses": _("Customers with a loss"),
    "expansion": _("Customers that grew"),
    "contraction": _("Customers that shrank"),
    "new": _("New customers"),
    "closing": _("Customers at the closing"),
}


def period_label(period: Period) -> str:
    """Name a period as people do: 2026年度 第1四半期, FY2026 Q1."""
    values = {"year": period.year, "part": period.part}
    if period.kind == "rolling":
        return gettext("Last 12 months")
    if period.kind == "quarter":
        return formats.fiscal_quarter(period.year, period.part)
    if period.kind == "half":
        first, second = gettext("FY%(year)d, first half"), gettext("FY%(year)d, second half")
        return (first if period.part == 1 else second) % values
    if period.kind == "month":
        return gettext("%(year)d-%(part)02d") % values
    return gettext("FY%(year)d") % values
