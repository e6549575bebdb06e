"""Health as fields of an account: columns of the list, filters, exports, members of the API."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce, JSONArray
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.registry import Field, fields
from config.lib import formats
from config.lib.once import once
from scoring.choices import AlertKind, Band, Light
from scoring.models import HealthAlert, HealthDaily, HealthOverride, ScorecardVersion
from scoring.selectors.scorecards import metric_slots
from scoring.selectors.standing import gate_words, held_words

OK = "ok"
#: No array has an element here.
NO_SLOT = 0
#: Smaller differences between computed and effective can't be read off a score.
SEEN = 0.5
#: The line in the list: one point in three days is all that its width can show.
HISTORY_DAYS, EVERY = 90, 3


def _register(
    name: str, type_: str, label: Any, expression: Callable[[dt.datetime], Combinable], **shown: Any
) -> None:
    key = f"health.{name}"
    fields.register(key)(Field(key, type_, label, "scoring", expression, now_only=True, **shown))


def _column(name: str) -> Callable[[dt.datetime], Combinable]:
    return lambda at: F(f"health__{name}")


def _band(at: dt.datetime) -> Combinable:
    return Coalesce(F("health__band"), Value(Band.NOT_ENOUGH_DATA), output_field=CharField())


def _light(at: dt.datetime) -> Combinable:
    return Case(
        When(health__band=Band.CRITICAL, then=Value(Light.RED)),
        When(health__band=Band.AT_RISK, then=Value(Light.YELLOW)),
        When(health__band__in=(Band.STEADY, Band.EXPANSION), then=Value(Light.GREEN)),
        default=Value(Light.NOT_ENOUGH_DATA),
        output_field=CharField(),
    )


def _status(at: dt.datetime) -> Combinable:
    return Case(
        When(health__score__isnull=False, then=Value(OK)), default=Value(Band.NOT_ENOUGH_DATA)
    )


def _statuses() -> Sequence[tuple[Any, Any]]:
    return [(OK, _("Computed")), (Band.NOT_ENOUGH_DATA.value, Band.NOT_ENOUGH_DATA.label)]


def _history(at: dt.datetime) -> Combinable:
    days = [at.date() - dt.timedelta(days=ago) for ago in range(HISTORY_DAYS, -1, -EVERY)]
    past = HealthDaily.objects.filter(account=OuterRef("pk"), day__in=days).order_by("day")
    return ArraySubquery(past.values("score"))


def _score_written(score: float) -> Decimal:
    return Decimal(formats.score(score))


def _history_written(scores: Sequence[float | None]) -> str:
    return " ".join("–" if score is None else str(round(score)) for score in scores)


_register(
    "score",
    "number",
    _("Health"),
    _column("score"),
    order=10,
    written=_score_written,
    template="scoring/cells/score.html",
    needs=("health.band", "health.change_30d"),
)
_register(
    "band",
    "choice",
    _("Band"),
    _band,
    choices=lambda: Band.choices,
    is_filter=True,
    is_sortable=False,
)
_register(
    "light",
    "choice",
    _("Health in three classes"),
    _light,
    choices=lambda: Light.choices,
    is_filter=True,
    is_sortable=False,
)
_register("status", "choice", _("Score state"), _status, choices=_statuses, is_sortable=False)
_register(
    "change_30d", "delta", _("Change in 30 days"), _column("change_30d"), order=20, written=round
)
_register(
    "history",
    "history",
    _("Last 90 days"),
    _history,
    order=30,
    written=_history_written,
    template="marks/sparkline.html",
    needs=("health.band",),
    is_sortable=False,
)
_register(
    "coverage",
    "number",
    _("Coverage"),
    _column("coverage"),
    written=formats.share,
    template="share",
)
_register("computed_at", "datetime", _("Computed"), _column("computed_at"))


def _override(at: dt.datetime) -> Combinable:
    """Return until when an override stands, and the computed score where it moves the effective."""
    computed = F("health__computed")
    moved = Q(health__score__lt=computed - SEEN) | Q(health__score__gt=computed + SEEN)
    off = Case(When(moved, then=computed), output_field=FloatField())
    return JSONArray(_override_until(at), off)


def _override_fact(value: Sequence[Any], today: dt.date) -> str:
    until, computed = value
    if until is None:
        return ""
    day = formats.day_short(timezone.localdate(dt.datetime.fromisoformat(until)), today)
    if computed is None:
        return gettext("Override until %(day)s") % {"day": day}
    words = {"day": day, "score": formats.score(computed)}
    return gettext("Override until %(day)s, computed %(score)s") % words


def _gate(at: dt.datetime) -> Combinable:
    """Return the gate that binds as its scorecard words it, and the roll-up's critical share."""
    gates = KeyTransform("gates", "definition")
    place = OuterRef("health__gate")
    gate = Func(
        gates,
        place,
        template="(%(expressions)s)",
        arg_joiner=" -> ",
        output_field=JSONField(),
    )
    share = KeyTransform("critical_share", KeyTransform("rollup", "definition"))
    versions = ScorecardVersion.objects.filter(pk=OuterRef("health__version_id"))
    worded = Subquery(versions.values(said=JSONArray(gate, share)), output_field=JSONField())
    return Case(When(health__gate__isnull=False, then=worded))


def _gate_fact(value: Sequence[Any] | None, today: dt.date) -> str:
    return gettext("Gate: %(gate)s") % {"gate": gate_words(*value)} if value else ""


def _held(at: dt.datetime) -> Combinable:
    return Case(
        When(health__let_go__isnull=False, then=JSONArray("health__state", "health__let_go"))
    )


def _held_fact(value: Sequence[Any] | None, today: dt.date) -> str:
    return held_words(*value) if value else ""


def _register_fact(
    name: str,
    label: Any,
    expression: Callable[[dt.datetime], Combinable],
    fact: Callable[[Any, dt.date], Any],
    fact_order: int,
) -> None:
    _register(
        name,
        "fact",
        label,
        expression,
        is_sortable=False,
        is_column=False,
        fact=fact,
        fact_order=fact_order,
    )


_register_fact("override", _("Override"), _override, _override_fact, 10)
_register_fact("gate", _("Gate"), _gate, _gate_fact, 20)
_register_fact("held", _("Band held by the recovery rule"), _held, _held_fact, 40)


def _open_alerts(at: dt.datetime) -> Combinable:
    found: Any = HealthAlert.objects.open(at).filter(account=OuterRef("pk")).order_by()
    counted = found.values("account").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _has_alert(kind: str) -> Callable[[dt.datetime], Combinable]:
    return lambda at: Exists(HealthAlert.objects.open(at).filter(account=OuterRef("pk"), kind=kind))


def _override_until(at: dt.datetime) -> Combinable:
    standing: Any = HealthOverride.objects.standing(at).filter(account=OuterRef("pk"))
    return Subquery(standing.values("expires_at")[:1])


_register("open_alerts", "number", _("Open alerts"), _open_alerts)
for kind in AlertKind:
    _register(
        f"alert_{kind}",
        "boolean",
        kind.label,
        _has_alert(kind),
        is_sortable=False,
        told_by=RecordKind.TOUCHPOINT if kind == AlertKind.TALK_SILENCE else "",
    )
_register("override_until", "datetime", _("Override until"), _override_until)


def _measured(metric: str) -> Callable[[dt.datetime], Combinable]:
    """Return the newest value of a metric, as scores read it; None while nobody computed it."""

    def expression(at: dt.datetime) -> Combinable:
        slot = Value(once("metric_slots", metric_slots).get(metric, NO_SLOT), IntegerField())
        return Func(
            F("metric_value__v"),
            slot,
            template="(%(expressions)s])",
            arg_joiner="[",
            output_field=FloatField(),
        )

    return expression


_register(
    "usage_change",
    "number",
    _("Usage, 28 days on 28 days (ln)"),
    _measured("usage_change"),
    in_rest=False,
)
_register(
    "nps",
    "number",
    _("Account NPS"),
    _measured("nps"),
    told_by=RecordKind.SURVEY,
    in_rest=False,
)
