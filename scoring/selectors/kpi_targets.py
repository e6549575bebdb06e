"""Targets of KPIs as they are read: for a report, and for the page where they are set."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.domain.kpi_targets import Target
from scoring.domain.periods import Period, period_of
from scoring.models import KpiTarget
from scoring.selectors.kpi_words import period_label
from scoring.selectors.kpis import ONE_DAY, Facts, Scope

#: For which periods targets are set, with how many after this one and before it are offered.
KINDS: Mapping[str, tuple[int, int]] = {
    "year": (1, 2),
    "half": (1, 2),
    "quarter": (2, 3),
    "month": (2, 3),
}


@dataclass(frozen=True)
class Wanted:
    """Where the targets of a report come from, and what they are by KPI.

    The last twelve months are held against the fiscal year that runs. Of a team's accounts in a
    segment nothing can be wanted: `is_open` says whether anything can.
    """

    period: Period
    is_open: bool
    targets: Mapping[str, Target]

    @property
    def label(self) -> str:
        """Name the period."""
        return period_label(self.period)


def wanted_of(period: Period, scope: Scope, facts: Facts) -> Wanted:
    """Return what is wanted of a period and scope; one query."""
    if period.kind == "rolling":
        period = period_of(facts.today, "year", fiscal_month=facts.fiscal_month)
    if scope.team and scope.segment:
        return Wanted(period, False, {})
    rows = KpiTarget.objects.filter(period=period.code, team=scope.team, segment=scope.segment)
    targets = {row.kpi: Target(row.rate, row.count, row.amount) for row in rows}
    return Wanted(period, True, targets)


def target_periods(facts: Facts) -> list[tuple[str, str]]:
    """Return (code, name) of the periods targets can be set for, the one that runs first."""
    found = []
    for kind, (ahead, back) in KINDS.items():
        period = period_of(facts.today, kind, fiscal_month=facts.fiscal_month)
        after = before = period
        found.append(period)
        for _n in range(ahead):
            after = period_of(after.last + ONE_DAY, kind, fiscal_month=facts.fiscal_month)
            found.append(after)
        for _n in range(back):
            before = period_of(before.opening, kind, fiscal_month=facts.fiscal_month)
            found.append(before)
    return [(period.code, period_label(period)) for period in found]
