"""The plain record of an account in lists, files and rules: names, numbers, its year, domains."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, OuterRef, Subquery, TextField
from django.db.models.expressions import Combinable
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountKind, Language
from accounts.models import Account, AccountDomain
from accounts.querysets import by_account
from accounts.registry import Field, fields


def _plain(key: str, type_: str, label: Any, **shown: Any) -> None:
    def expression(at: dt.datetime) -> Combinable:
        return F(shown.get("column", key))

    options: dict[str, Any] = {"column": key, "now_only": True, "is_sortable": False} | shown
    fields.register(key)(Field(key, type_, label, "accounts", expression, **options))


def _months() -> list[tuple[int, str]]:
    return [(number, str(name)) for number, name in MONTHS.items()]


def _partners() -> Sequence[tuple[int, str]]:
    partners = Account.objects.filter(kind=AccountKind.PARTNER).order_by(*by_account())
    return [(partner.pk, str(partner)) for partner in partners]


def _domains(at: dt.datetime) -> Combinable:
    rows: Any = AccountDomain.objects.filter(account=OuterRef("pk")).order_by().values("account")
    named = rows.annotate(every=StringAgg("domain", ", ", order_by="domain"))
    return Subquery(named.values("every"), output_field=TextField())


_plain("short_name", "text", _("Short name"))
_plain("name_kana", "text", _("Reading"))
_plain("name_latin", "text", _("Latin name"))
_plain("corporate_number", "text", _("Corporate number"))
_plain("language", "choice", _("Language"), choices=lambda: Language.choices)
_plain("currency", "text", _("Currency"))
_plain("fiscal_year_end_month", "choice", _("Fiscal year ends in"), choices=_months)
_plain("budget_month", "choice", _("Budget is set in"), choices=_months)
_plain("created_at", "datetime", _("Recorded"))
for _key, _label, _replays in (
    ("sold_via", _("Sold via"), True),
    ("billed_via", _("Billed via"), False),
):
    _plain(
        _key,
        "choice",
        _label,
        column=f"{_key}_id",
        choices=_partners,
        now_only=not _replays,
        is_column=False,  # its word is the name of an account the reader may not see
    )

fields.register("web_domains")(
    Field(
        "web_domains",
        "text",
        _("Mail and web domains"),
        "accounts",
        _domains,
        now_only=True,
        is_sortable=False,
    )
)
