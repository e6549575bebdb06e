"""How each KPI is worked out, step by step, so that every number of a report can be followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.domain.kpis import Figure, RenewalSums, Sums

Sign = Literal["", "+", "−", "÷", "=", "→"]
Unit = Literal["money", "count", "share", "each"]
Number = Decimal | int


@dataclass(frozen=True)
class Step:
    """One line: a sign, what stands there, and how much; None where nothing can be divided.

    `""` begins anew, `=` says what the lines since then come to, `→` says it in another way.
    """

    sign: Sign
    what: str
    value: Number | None
    unit: Unit


Steps = tuple[Step, ...]


def workings_of(
    sums: Sums, *, by_end: RenewalSums, by_decision: RenewalSums, figures: Mapping[str, Figure]
) -> dict[str, Steps]:
    """Return the steps of every KPI by its key; the last `=` of a rate is the rate of its figure.

    :param figures: the KPIs of the same sums.
    """
    return {
        **_retention(sums, figures),
        **_losses(sums, figures),
        "renewal_end": _renewal(by_end, figures["renewal_end"].rate),
        "renewal_decision": _renewal(by_decision, figures["renewal_decision"].rate),
        "arpa": _arpa(sums, figures["arpa"]),
        "ltv": _lifetime(sums, figures["arpa"].amount, figures["ltv"]),
        **_activity(sums, figures),
    }


def _retention(sums: Sums, figures: Mapping[str, Figure]) -> dict[str, Steps]:
    losses = sums.contraction + sums.churn
    opening = Step("", "opening", sums.opening, "money")
    by_opening = Step("÷", "opening", sums.opening, "money")
    lower = (
        Step("−", "contraction", sums.contraction, "money"),
        Step("−", "churn", sums.churn, "money"),
    )
    return {
        "nrr": (
            opening,
            Step("+", "expansion", sums.expansion, "money"),
            *lower,
            Step("=", "stayed_arr", sums.opening + sums.expansion - losses, "money"),
            by_opening,
            _rate(figures["nrr"].rate),
        ),
        "grr": (
            opening,
            *lower,
            Step("=", "kept_arr", sums.opening - losses, "money"),
            by_opening,
            _rate(figures["grr"].rate),
        ),
        "grr_due": (
            Step("", "due", sums.due, "money"),
            Step("−", "due_lost", sums.due - sums.due_kept, "money"),
            Step("=", "kept_arr", sums.due_kept, "money"),
            Step("÷", "due", sums.due, "money"),
            _rate(figures["grr_due"].rate),
        ),
        "upsell": (
            Step("", "expansion", sums.expansion, "money"),
            by_opening,
            _rate(figures["upsell"].rate),
        ),
    }


def _losses(sums: Sums, figures: Mapping[str, Figure]) -> dict[str, Steps]:
    losses = sums.contraction + sums.churn
    stayed = sums.opening_accounts - sums.lost_accounts
    by_customers = Step("÷", "opening_accounts", sums.opening_accounts, "count")
    return {
        "logo_churn": (
            Step("", "opening_accounts", sums.opening_accounts, "count"),
            Step("−", "stayed", stayed, "count"),
            Step("=", "lost", sums.lost_accounts, "count"),
            by_customers,
            _rate(figures["logo_churn"].rate),
        ),
        "mrr_churn": (
            Step("", "contraction_mrr", sums.contraction / 12, "money"),
            Step("+", "churn_mrr", sums.churn / 12, "money"),
            Step("=", "lost_mrr", losses / 12, "money"),
            Step("÷", "opening_mrr", sums.opening / 12, "money"),
            _rate(figures["mrr_churn"].rate),
        ),
        "continuation": (
            Step("", "opening_accounts", sums.opening_accounts, "count"),
            Step("−", "lost", sums.lost_accounts, "count"),
            Step("=", "stayed", stayed, "count"),
            by_customers,
            _rate(figures["continuation"].rate),
        ),
    }


def _activity(sums: Sums, figures: Mapping[str, Figure]) -> dict[str, Steps]:
    return {
        "contacts": (
            Step("", "touched", sums.touched_accounts, "count"),
            Step("÷", "customers", sums.customers, "count"),
            _rate(figures["contacts"].rate),
            Step("", "touches", sums.touches, "count"),
            Step("÷", "customers", sums.customers, "count"),
            Step("=", "touches_each", figures["contacts"].amount, "each"),
        ),
        "stakeholders": (
            Step("", "active", sums.active_stakeholders, "count"),
            Step("÷", "mapped", sums.stakeholders, "count"),
            _rate(figures["stakeholders"].rate),
            Step("", "active", sums.active_stakeholders, "count"),
            Step("÷", "customers", sums.customers, "count"),
            Step("=", "active_each", figures["stakeholders"].amount, "each"),
        ),
    }


def _rate(value: Decimal | None) -> Step:
    return Step("=", "rate", value, "share")


def _renewal(sums: RenewalSums, rate: Decimal | None) -> Steps:
    return (
        Step("", "renewed", sums.renewed, "count"),
        Step("+", "lost_contracts", sums.lost, "count"),
        Step("=", "decided", sums.renewed + sums.lost, "count"),
        Step("", "renewed", sums.renewed, "count"),
        Step("÷", "decided", sums.renewed + sums.lost, "count"),
        _rate(rate),
    )


def _arpa(sums: Sums, figure: Figure) -> Steps:
    before = sums.opening / sums.opening_accounts if sums.opening_accounts else None
    change = None if figure.amount is None or before is None else figure.amount - before
    return (
        Step("", "closing", sums.closing, "money"),
        Step("÷", "closing_accounts", sums.closing_accounts, "count"),
        Step("=", "arpa", figure.amount, "money"),
        Step("", "opening", sums.opening, "money"),
        Step("÷", "opening_accounts", sums.opening_accounts, "count"),
        Step("=", "arpa_before", before, "money"),
        Step("", "arpa", figure.amount, "money"),
        Step("−", "arpa_before", before, "money"),
        Step("=", "arpa_change", change, "money"),
        Step("÷", "arpa_before", before, "money"),
        _rate(figure.rate),
    )


def _lifetime(sums: Sums, arpa: Decimal | None, figure: Figure) -> Steps:
    of = sums.opening_accounts
    lost = Decimal(sums.lost_accounts) / of if of else None
    return (
        Step("", "lost", sums.lost_accounts, "count"),
        Step("÷", "opening_accounts", of, "count"),
        Step("=", "lost_share", lost, "share"),
        Step("→", "yearly_loss", figure.rate, "share"),
        Step("", "arpa", arpa, "money"),
        Step("÷", "yearly_loss", figure.rate, "share"),
        Step("=", "ltv", figure.amount, "money"),
    )
