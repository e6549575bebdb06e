"""Set what is wanted of a KPI in a period, or want nothing of it any more."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Segment, Team, User
from accounts.services.authors import written_by
from config.lib.problems import Conflict, FieldError, Problem
from scoring.domain.kpi_targets import LIMITS
from scoring.domain.periods import parse_period
from scoring.models import KpiTarget
from scoring.selectors.kpi_targets import KINDS
from scoring.selectors.kpi_words import TARGETS
from scoring.selectors.kpis import Facts, facts_of

OUT_OF_LIMITS = {
    "rate": _("Give a rate from −100 % to 1,000 %."),
    "count": _("Give a number from 0 to 1,000,000,000."),
    "amount": _("Give an amount from 0 to 1,000,000,000,000,000."),
}


class BadKpiTarget(Problem):
    """The target can't be set; every fault names its field."""

    code = "bad_kpi_target"
    title = _("The target can't be set.")


class KpiTargetExists(Conflict):
    """Something is wanted of this KPI, period and scope already."""

    code = "kpi_target_exists"
    title = _("There is such a target already: change it.")


@transaction.atomic
def make_kpi_target(
    *,
    kpi: str,
    period: str,
    team: Team | None = None,
    segment: Segment | None = None,
    at: dt.datetime,
    by: User | None = None,
    **wanted: Any,
) -> KpiTarget:
    """Want something of a KPI of which nothing is wanted yet.

    :param wanted: `rate`, `count`, `amount` as `set_kpi_target` takes them, one at least.
    :raises KpiTargetExists: and BadKpiTarget, as `set_kpi_target` does.
    """
    where: dict[str, Any] = {"kpi": kpi, "period": period, "team": team, "segment": segment}
    if KpiTarget.objects.filter(**where).exists():
        raise KpiTargetExists
    row = set_kpi_target(**where, **wanted, at=at, by=by)
    if row is None:
        raise BadKpiTarget
    return row


def remove_kpi_target(*, target: KpiTarget, by: User | None = None) -> None:
    """Want nothing of a KPI any more; the history keeps what was wanted."""
    with written_by(by), transaction.atomic():
        KpiTarget.objects.filter(pk=target.pk).delete()


def set_kpi_target(
    *,
    kpi: str,
    period: str,
    team: Team | None = None,
    segment: Segment | None = None,
    rate: Decimal | None = None,
    count: int | None = None,
    amount: Decimal | None = None,
    at: dt.datetime,
    by: User | None = None,
) -> KpiTarget | None:
    """Want so much of a KPI in a period; with nothing given, want nothing and return None.

    :param period: a code such as FY2026 or FY2026-Q3; not the last twelve months, which move.
    :param rate: a ratio, 1.04 for 104 %.
    :param amount: in the reporting currency.
    :raises BadKpiTarget: naming every field that can't be used; nothing is changed then.
    """
    faults = [
        *_scope_faults(kpi, period, team, segment, facts_of(at)),
        *_number_faults(kpi, rate, count, amount),
    ]
    if faults:
        raise BadKpiTarget(errors=faults)
    where: dict[str, Any] = {"kpi": kpi, "period": period, "team": team, "segment": segment}
    with written_by(by), transaction.atomic():
        if rate is None and count is None and amount is None:
            KpiTarget.objects.filter(**where).delete()
            return None
        wanted = {"rate": rate, "count": count, "amount": amount}
        row, _made = KpiTarget.objects.update_or_create(**where, defaults=wanted)
    return row


def _scope_faults(
    kpi: str, code: str, team: Team | None, segment: Segment | None, facts: Facts
) -> list[FieldError]:
    faults = []
    if kpi not in TARGETS:
        faults.append(FieldError("/kpi", _("There is no such KPI.")))
    period = parse_period(code, fiscal_month=facts.fiscal_month, today=facts.today)
    if period is None or period.kind not in KINDS:
        words = _("Give a month, a quarter, a half or a fiscal year: 2026-11, FY2026-Q3, FY2026.")
        faults.append(FieldError("/period", words))
    if team is not None and segment is not None:
        faults.append(FieldError("/segment", _("Choose a team or a segment, not both.")))
    return faults


def _number_faults(
    kpi: str, rate: Decimal | None, count: int | None, amount: Decimal | None
) -> list[FieldError]:
    faults = []
    if rate is not None and kpi in TARGETS and not TARGETS[kpi].has_rate:
        faults.append(FieldError("/rate", _("This KPI has no rate.")))
    wanted = {"rate": rate, "count": count, "amount": amount}
    for part, (least, most) in LIMITS.items():
        value = wanted[part]
        if value is not None and not least <= value <= most:
            faults.append(FieldError(f"/{part}", OUT_OF_LIMITS[part]))
    return faults
