"""The numbers other systems push about all customers, and what the pages of data quality list."""

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import RecordKind
from accounts.domain.names import fold_for_search
from accounts.querysets import account_called, steers
from accounts.registry import ListColumn, ListFilter, RecordList, SheetSource, lists, sheets
from accounts.selectors.quality import gap_words
from accounts.services.exports.sheets import Sheet, SheetColumn
from config.lib import formats
from scoring.choices import SourceState, WaitingFor
from scoring.models import Measurement, WaitingKey, WriteKey
from scoring.selectors.account_quality import accounts_by_coverage
from scoring.selectors.data_quality import measurement_lines, source_lines


def _rows(*, user: Any, at: dt.datetime) -> QuerySet[Measurement]:
    rows: Any = Measurement.objects.visible_to(user).standing()
    shown: QuerySet[Measurement] = rows.select_related("account")
    return shown


def _search(rows: QuerySet[Measurement], text: str, *, user: Any) -> QuerySet[Measurement]:
    for word in fold_for_search(text).split():
        called = account_called(word, user=user, kind=RecordKind.HEALTH)
        rows = rows.filter(key__icontains=word) | rows.filter(called)
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
        about=_("Measurements are numbers your own systems push, or that you type in here."),
        new_url="scoring:measurement_new",
        new_label=_("New measurement"),
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


def _attribute(key: str, label: Any, type_: str, read: str = "", **more: Any) -> SheetColumn:
    name = read or key
    return SheetColumn(key, label, type_, lambda row: getattr(row, name), **more)


def _sources(*, user: Any, query: Any, at: dt.datetime) -> Sheet:
    """Sources are a handful: their figures are read once for all of them."""
    keys = WriteKey.objects.visible_to(user).select_related("owner").order_by("name", "pk")
    lines = {line.write_key.pk: line for line in source_lines(list(keys), at=at)}

    def figure(key: str, label: Any, type_: str = "number", **more: Any) -> SheetColumn:
        return SheetColumn(key, label, type_, lambda row: getattr(lines[row.pk], key), **more)

    columns = [
        _attribute("name", _("Source"), "text"),
        figure("state", _("State"), "choice", words=dict(SourceState.choices)),
        figure("last_at", _("Last received"), "datetime"),
        SheetColumn(
            "owner", _("Who answers for it"), "text", lambda row: row.owner and str(row.owner)
        ),
        figure("accounts", _("Accounts it feeds")),
        figure("items", _("Events in 30 days")),
        figure("repeated", _("Known already")),
        figure("late", pgettext_lazy("events", "Late")),
        figure("unknown", pgettext_lazy("events", "Unknown")),
        figure("refused", pgettext_lazy("events", "Refused")),
        figure("dead", _("Batches given up")),
    ]
    return Sheet(columns, keys)


def _unknown_ids(*, user: Any, query: Any, at: dt.datetime) -> Sheet:
    rows = WaitingKey.objects.visible_to(user).asked(query).select_related("write_key")
    columns = [
        _attribute("key", _("Id"), "text"),
        _attribute("kind", _("Kind"), "choice", words=dict(WaitingFor.choices)),
        _attribute("events", _("Events"), "number"),
        _attribute("first_at", _("First received"), "datetime"),
        _attribute("last_at", _("Last received"), "datetime"),
        SheetColumn("source", _("Sent with"), "text", lambda row: row.write_key.name),
    ]
    return Sheet(columns, rows.order_by("-events", "-pk"))


def _known_share(row: Any) -> float | None:
    return None if row.known_share is None else formats.share(row.known_share)


def _account_quality(*, user: Any, query: Any, at: dt.datetime) -> Sheet:
    columns = [
        SheetColumn("account", _("Account"), "text", str),
        _attribute("account_external_id", _("id of the account"), "text", "external_id"),
        SheetColumn("coverage", _("Coverage"), "number", _known_share),
        _attribute("last_event_at", _("Last event"), "datetime"),
        SheetColumn(
            "gaps", _("Gaps in the record"), "text", lambda row: " · ".join(gap_words(row.missing))
        ),
    ]
    rows = accounts_by_coverage(user, at=at)
    return Sheet(columns, rows.order_by(F("known_share").asc(nulls_last=True), "pk"))


def _measurement_keys(*, user: Any, query: Any, at: dt.datetime) -> Sheet:
    columns = [
        _attribute("key", _("Key"), "text"),
        _attribute("accounts", _("Accounts"), "number"),
        _attribute("readings", _("Readings"), "number"),
        _attribute("recent", _("Of them in 30 days"), "number"),
        _attribute("first", pgettext_lazy("reading", "Oldest"), "datetime"),
        _attribute("last", pgettext_lazy("reading", "Newest"), "datetime"),
    ]
    return Sheet(columns, measurement_lines(user, at=at))


for source in (
    SheetSource("sources", _("Sources"), steers, _sources),
    SheetSource("unknown_ids", _("Unknown ids"), steers, _unknown_ids),
    SheetSource("account_quality", _("Data quality"), steers, _account_quality),
    SheetSource("measurement_keys", _("Measurements"), steers, _measurement_keys),
):
    sheets.register(source.key)(source)
