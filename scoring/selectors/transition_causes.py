"""What else changed a band than the customer: an override, a limit rule, data lost or found.

A transition keeps bands and score. Where the score itself stayed, that alone would say nothing.
"""

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from scoring.choices import Band, OverrideKind
from scoring.domain.bands import NOT_ENOUGH_DATA, SLUGS
from scoring.models import HealthDaily, HealthOverride

ONE_DAY = dt.timedelta(days=1)
#: The day before is looked for so far back.
DAYS_BACK = dt.timedelta(days=7)
LEAST_POINTS = 0.05
#: Of the corrections of a day, that of the gates.
GATES = "corrections__1"

WORDS = {
    "override": _("by an override"),
    "override_over": _("an override ended"),
    "gate": _("a limit rule holds"),
    "gate_over": _("a limit rule let go"),
}


def with_cause(transitions: Any) -> Any:
    """Add `cause` to transitions: a key of `WORDS`, empty where the score alone explains them."""
    days = HealthDaily.objects.filter(account=OuterRef("account"))
    week_ago = ExpressionWrapper(OuterRef("day") - DAYS_BACK, DateField())
    earlier = days.filter(day__lt=OuterRef("day"), day__gte=week_ago).order_by("-day")
    overrides = HealthOverride.objects.filter(
        account=OuterRef("account"), starts_at__lte=OuterRef("at")
    ).annotate(ended_at=Least(F("expires_at"), Coalesce(F("retracted_at"), F("expires_at"))))
    standing = overrides.filter(ended_at__gt=OuterRef("at")).filter(
        Q(kind=OverrideKind.BAND, band=OuterRef("to_band"))
        | (~Q(kind=OverrideKind.BAND) & Q(value=OuterRef("score")))
    )
    over = overrides.filter(
        ended_at__lte=OuterRef("at"), ended_at__gt=OuterRef("at") - ONE_DAY
    ).filter(Q(kind=OverrideKind.BAND, band=OuterRef("from_band")) | Q(kind=OverrideKind.VALUE))
    return transitions.alias(
        gates=Subquery(days.filter(day=OuterRef("day")).values(GATES)[:1]),
        gates_before=Subquery(earlier.values(GATES)[:1]),
    ).annotate(
        cause=Case(
            When(Exists(standing), then=Value("override")),
            When(Exists(over), then=Value("override_over")),
            When(gates__lt=F("gates_before") - LEAST_POINTS, then=Value("gate")),
            When(gates__gt=F("gates_before") + LEAST_POINTS, then=Value("gate_over")),
            default=Value(""),
            output_field=CharField(),
        )
    )


def cause_word(from_band: str, to_band: str, cause: str) -> Any:
    """Say what changed a band besides the customer; nothing where that would not explain it."""
    if to_band == NOT_ENOUGH_DATA:
        return _("too little data")
    if from_band == NOT_ENOUGH_DATA:
        return _("enough data again")
    rises = SLUGS.index(Band(to_band)) > SLUGS.index(Band(from_band))
    if cause in ("gate", "gate_over") and rises != (cause == "gate_over"):
        return ""
    return WORDS.get(cause, "")
