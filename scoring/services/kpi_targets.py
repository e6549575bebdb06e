"""Set what is wanted of a KPI in a period, or want nothing of it any more."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Segment, Team, User
from accounts.services.authors import written_by
from accounts.services.conflicts import refusing
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


class KpiTargetGone(Conflict):
    """Somebody removed the target meanwhile."""

    code = "kpi_target_gone"
    title = _("The target was removed meanwhile.")


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
    of: dict[str, Any] = {"kpi": kpi, "period": period, "team": team, "segment": segment}
    parts = {part: wanted.get(part) for part in LIMITS}
    _refuse_faults(of, parts, at=at)
    if _wants_nothing(parts):
        raise BadKpiTarget
    with written_by(by), refusing({"scoring_one_kpi_target": KpiTargetExists}):
        row: KpiTarget = KpiTarget.objects.create(**of, **parts)
    return row


def change_kpi_target(
    *, target: KpiTarget, changes: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> KpiTarget:
    """Change parts of what is wanted and return it as it is now; the other parts stay.

    :param changes: any of `rate`, `count`, `amount`, as `set_kpi_target` takes them.
    :raises KpiTargetGone: when somebody removed it meanwhile.
    :raises BadKpiTarget: when nothing would be wanted any more, and as `set_kpi_target` does.
    """
    with written_by(by), transaction.atomic():
        rows = KpiTarget.objects.select_for_update(no_key=True)
        locked: KpiTarget | None = rows.filter(pk=target.pk).first()
        if locked is None:
            raise KpiTargetGone
        of = {name: getattr(locked, name) for name in ("kpi", "period", "team", "segment")}
        parts = {part: changes.get(part, getattr(locked, part)) for part in LIMITS}
        _refuse_faults(of, parts, at=at)
        if _wants_nothing(parts):
            raise BadKpiTarget
        for part, value in parts.items():
            setattr(locked, part, value)
        locked.save(update_fields=list(parts))
    return locked


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
    of: dict[str, Any] = {"kpi": kpi, "period": period, "team": team, "segment": segment}
    parts = {"rate": rate, "count": count, "amount": amount}
    _refuse_faults(of, parts, at=at)
    with written_by(by), transaction.atomic():
        if _wants_nothing(parts):
            KpiTarget.objects.filter(**of).delete()
            return None
        row, _made = KpiTarget.objects.update_or_create(**of, defaults=parts)
    return row


def _refuse_faults(of: dict[str, Any], parts: dict[str, Any], *, at: dt.datetime) -> None:
    """Check of what something is wanted, and how much.

    :raises BadKpiTarget: naming every field that can't be used.
    """
    faults = [*_scope_faults(**of, facts=facts_of(at)), *_number_faults(of["kpi"], parts)]
    if faults:
        raise BadKpiTarget(errors=faults)


def _wants_nothing(parts: dict[str, Any]) -> bool:
    return all(value is None for value in parts.values())


def _scope_faults(
    kpi: str, period: str, team: Team | None, segment: Segment | None, facts: Facts
) -> list[FieldError]:
    faults = []
    if kpi not in TARGETS:
        faults.append(FieldError("/kpi", _("There is no such KPI.")))
    parsed = parse_period(period, fiscal_month=facts.fiscal_month, today=facts.today)
    if parsed is None or parsed.kind not in KINDS:
        words = _("Give a month, a quarter, a half or a fiscal year: 2026-11, FY2026-Q3, FY2026.")
        faults.append(FieldError("/period", words))
    if team is not None and segment is not None:
        faults.append(FieldError("/segment", _("Choose a team or a segment, not both.")))
    return faults


def _number_faults(kpi: str, wanted: dict[str, Any]) -> list[FieldError]:
    faults = []
    if wanted["rate"] is not None and kpi in TARGETS and not TARGETS[kpi].has_rate:
        faults.append(FieldError("/rate", _("This KPI has no rate.")))
    for part, (least, most) in LIMITS.items():
        value = wanted[part]
        if value is not None and not least <= value <= most:
            faults.append(FieldError(f"/{part}", OUT_OF_LIMITS[part]))
    return faults
