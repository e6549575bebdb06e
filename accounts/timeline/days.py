"""What happened on a day, as a part of an account's history."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateTimeField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import Organisation
from config.lib.clock import AppNow

Rows = QuerySet[Any, dict[str, Any]]
NO_CHIPS = Value([], ArrayField(TextField()))
NO_TEXT = Value("", TextField())


class _DayBreak(Func):
    """The first instant of a day in a zone."""

    template = "(%(expressions)s)"
    arg_joiner = "::timestamp AT TIME ZONE "
    output_field = DateTimeField()


def on_day(
    rows: Any,
    source: str,
    day: str,
    before: dt.datetime | None,
    *,
    title: Any = NO_TEXT,
    text: Any = NO_TEXT,
    chips: Any = NO_CHIPS,
    tone: Any = NO_TEXT,
) -> Rows:
    """Return events of a source at the beginning of their day, none that lie ahead."""
    zone = Value(str(Organisation.objects.zone()), TextField())
    dated = rows.annotate(moment=_DayBreak(F(day), zone)).filter(moment__lte=AppNow())
    if before:
        dated = dated.filter(moment__lt=before)
    shown: Rows = dated.order_by().values(
        event_source=Value(source, TextField()),
        event_at=F("moment"),
        event_id=Cast("pk", BigIntegerField()),
        event_title=title,
        event_text=text,
        event_chips=chips,
        event_tone=tone,
    )
    return shown


def texts(*paths: str) -> Func:
    """Return several columns as one array of texts."""
    return Func(
        *(Cast(path, TextField()) for path in paths),
        function="ARRAY",
        template="%(function)s[%(expressions)s]",
        output_field=ArrayField(TextField()),
    )
