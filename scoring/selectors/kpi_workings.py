"""The steps of a KPI in words, with amounts rounded so that they add up on the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.lib.formats import currency_places
from scoring.domain.explanation import round_together
from scoring.domain.workings import Number, Step, Steps
from scoring.selectors.kpi_words import KPIS

WHAT: dict[str, Any] = {
    "opening": _("ARR at the opening"),
    "closing": _("ARR at the closing"),
    "expansion": pgettext_lazy("ARR bridge", "Expansion"),
    "contraction": _("Contraction"),
    "churn": pgettext_lazy("ARR bridge", "Churn"),
    "stayed_arr": _("their ARR at the closing"),
    "kept_arr": _("ARR kept"),
    "due": _("Opening ARR up for renewal"),
    "due_lost": _("Losses that count against it"),
    "opening_accounts": _("customers at the opening"),
    "closing_accounts": _("customers at the closing"),
    "customers": _("customers of the period"),
    "stayed": _("customers that stayed"),
    "lost": _("customers lost"),
    "contraction_mrr": _("Contraction, a month"),
    "churn_mrr": _("Churn, a month"),
    "lost_mrr": _("MRR lost"),
    "opening_mrr": _("MRR at the opening"),
    "renewed": _("contracts renewed"),
    "lost_contracts": _("contracts lost"),
    "decided": _("contracts decided"),
    "arpa": _("ARPA at the closing"),
    "arpa_before": _("ARPA at the opening"),
    "arpa_change": _("Change of ARPA"),
    "lost_share": _("lost in the period"),
    "yearly_loss": _("lost in a year at this pace"),
    "ltv": KPIS["ltv"].label,
    "touched": _("customers with a two-way touch"),
    "touches": _("two-way touches"),
    "touches_each": _("touches for each customer"),
    "active": _("active people"),
    "mapped": _("people with a role on the map"),
    "active_each": _("active people for each customer"),
}


@dataclass(frozen=True)
class WorkingLine:
    """A step with its words; `is_result` is a line that others come to."""

    sign: str
    what: Any
    value: Number | None
    unit: str

    @property
    def is_result(self) -> bool:
        """Say whether the lines before come to this one."""
        return self.sign == "="


def working_lines(key: str, steps: Steps, *, currency: str) -> list[WorkingLine]:
    """Return the steps of a KPI as they are shown; the rate is called as the KPI."""
    words = WHAT | {"rate": KPIS[key].rated or KPIS[key].label}
    shown = round_chains(steps, places=currency_places(currency))
    return [WorkingLine(step.sign, words[step.what], step.value, step.unit) for step in shown]


def round_chains(steps: Sequence[Step], *, places: int) -> list[Step]:
    """Round amounts that are added up so that they come to their rounded result."""
    found = list(steps)
    begins = 0
    for index, step in enumerate(found):
        if step.sign == "":
            begins = index
        chain = found[begins:index]
        if step.sign != "=" or step.unit != "money" or any(part.sign == "÷" for part in chain):
            continue
        values = [_signed(part) for part in chain if part.value is not None]
        if step.value is None or len(values) < len(chain):
            continue
        total, rounded = round_amounts(values, total=step.value, places=places)
        found[index] = replace(step, value=total)
        for place, value in enumerate(rounded, start=begins):
            sign = -1 if found[place].sign == "−" else 1
            found[place] = replace(found[place], value=sign * value)
    return found


def _signed(step: Step) -> Number:
    value = step.value or 0
    return -value if step.sign == "−" else value


def round_amounts(
    values: Iterable[Number], *, total: Number, places: int
) -> tuple[Decimal, list[Decimal]]:
    """Return a total as it is shown, and its parts rounded so that they add up to it."""
    parts = round_together([float(one) for one in values], total=float(total), digits=places)
    shown = [Decimal(str(part)) for part in parts]
    return sum(shown, Decimal(0)), shown
