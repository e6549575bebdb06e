"""The numbers other systems push about all customers."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.domain.names import fold_for_search
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from scoring.models import Measurement


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[Measurement]:
    rows: Any = Measurement.objects.visible_to(user).standing()
    shown: QuerySet[Measurement] = rows.select_related("account")
    return shown


def _search(rows: QuerySet[Measurement], text: str) -> QuerySet[Measurement]:
    for word in fold_for_search(text).split():
        rows = rows.filter(key__icontains=word) | rows.filter(account__search_text__contains=word)
    return rows


lists.register("measurements")(
    RecordList(
        key="measurements",
        label=_("Measurements"),
        icon="chart-histogram",
        kind=RecordKind.HEALTH,
        rows=_rows,
        search=_search,
        default_sort="-measured_at",
        order=70,
        about=_("Measurements are numbers your own systems push by API or file."),
        columns=(
            ListColumn("key", _("Key"), "text", "key"),
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("value", _("Value"), "number", "value"),
            ListColumn("measured_at", _("Measured"), "moment", "measured_at"),
            ListColumn("external_id", _("Own-system id"), "text", "external_id", is_default=False),
        ),
        filters=(
            ListFilter("key", _("Key"), "text", "key"),
            ListFilter("measured_at", _("Measured"), "datetime", "measured_at"),
            ListFilter("value", _("Value"), "number", "value"),
        ),
    )
)
