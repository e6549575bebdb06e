"""What health adds to an account's history: changes of band, alerts, overrides."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from accounts.registry import TimelineSource, timeline
from config.lib import formats
from scoring.choices import AlertKind, Band
from scoring.models import HealthAlert, HealthOverride, HealthTransition
from scoring.selectors.transition_causes import cause_word, with_cause

Rows = QuerySet[Any, dict[str, Any]]


def _transitions(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    news = with_cause(HealthTransition.objects.visible_to(user).filter(account=account))
    if before:
        news = news.filter(at__lt=before)
    shown: Rows = news.order_by().values(
        event_source=Value("health", TextField()),
        event_at=F("at"),
        event_id=Cast("pk", BigIntegerField()),
        event_title=Cast("from_band", TextField()),
        event_text=Concat(Cast("score", TextField()), Value(""), output_field=TextField()),
        event_chips=Func(
            Cast("cause", TextField()),
            function="ARRAY",
            template="%(function)s[%(expressions)s]",
            output_field=ArrayField(TextField()),
        ),
        event_tone=Cast("to_band", TextField()),
    )
    return shown


def _present(row: dict[str, Any]) -> dict[str, Any]:
    words = {"before": Band(row["event_title"]).label, "after": Band(row["event_tone"]).label}
    title = _("Health: %(before)s → %(after)s") % words
    text = ""
    if row["event_text"]:
        score = formats.score(float(row["event_text"]), places=1)
        text = _("Score %(score)s") % {"score": score}
    cause = cause_word(row["event_title"], row["event_tone"], row["event_chips"][0])
    chips = [cause] if cause else []
    return {**row, "event_title": title, "event_text": text, "event_chips": chips}


timeline.register("health")(
    TimelineSource("health", gettext_lazy("Changes of health"), "heartbeat", _transitions, _present)
)


def _alerts(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    rows: Any = HealthAlert.objects.visible_to(user).filter(account=account)
    if before:
        rows = rows.filter(opened_at__lt=before)
    return _plain(rows, "alert", at="opened_at", title="kind", text="false_reason")


def _overrides(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    rows: Any = HealthOverride.objects.visible_to(user).filter(account=account)
    if before:
        rows = rows.filter(starts_at__lt=before)
    return _plain(rows, "override", at="starts_at", title="kind", text="reason")


def _plain(rows: Any, source: str, *, at: str, title: str, text: str) -> Rows:
    shown: Rows = rows.order_by().values(
        event_source=Value(source, TextField()),
        event_at=F(at),
        event_id=Cast("pk", BigIntegerField()),
        event_title=Cast(title, TextField()),
        event_text=Cast(text, TextField()),
        event_chips=Value([], ArrayField(TextField())),
        event_tone=Value("", TextField()),
    )
    return shown


def _present_alert(row: dict[str, Any]) -> dict[str, Any]:
    title = _("Alert: %(kind)s") % {"kind": AlertKind(row["event_title"]).label}
    text = _("False alarm: %(reason)s") % {"reason": row["event_text"]} if row["event_text"] else ""
    return {**row, "event_title": title, "event_text": text}


def _present_override(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "event_title": _("The score was overridden")}


timeline.register("alert")(
    TimelineSource("alert", gettext_lazy("Alerts"), "bell", _alerts, _present_alert)
)
timeline.register("override")(
    TimelineSource("override", gettext_lazy("Overrides"), "pencil", _overrides, _present_override)
)
