"""What every account has of its own: the fields lists, filters, exports and segments build on."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    ROLE_FIELDS,
    AccountKind,
    AccountRoleKind,
    AccountStatus,
    ChurnReason,
    ContactState,
    Phase,
    RecordKind,
    StakeholderRoleKind,
    Tier,
    TouchModel,
)
from accounts.models import AccountRole, StakeholderRole, Team
from accounts.querysets import by_team
from accounts.registry import Field, fields
from accounts.selectors import OrganisationDay
from accounts.selectors.account_filters import colleagues


def _column(
    key: str,
    type_: str,
    label: Any,
    *,
    column: str = "",
    choices: Callable[[], Sequence[tuple[Any, Any]]] | None = None,
    **shown: Any,
) -> None:
    name = column or key

    def expression(at: dt.datetime) -> Combinable:
        return F(name)

    fields.register(key)(
        Field(key, type_, label, "accounts", expression, choices=choices, column=name, **shown)
    )


def _teams() -> list[tuple[int, str]]:
    return [(team.pk, str(team)) for team in Team.objects.order_by(*by_team())]


def _holder(role: AccountRoleKind, at: dt.datetime) -> Combinable:
    standing: Any = AccountRole.objects.current().holding_on(OrganisationDay(at))
    roles = standing.filter(account=OuterRef("pk"), role=role)
    return Subquery(roles.order_by("-starts_on", "-pk").values("user_id")[:1])


def _role(key: str, role: AccountRoleKind) -> None:
    is_main = role == AccountRoleKind.MANAGER
    fields.register(key)(
        Field(
            key,
            "choice",
            role.label,
            "accounts",
            partial(_holder, role),
            choices=colleagues,
            order=90 if is_main else None,
            is_sortable=False,
            is_filter=is_main or role in (AccountRoleKind.OWNER, AccountRoleKind.DEPUTY),
            is_secondary=True,
        )
    )


_column("name", "text", _("Name"))
_column("external_id", "text", _("Own-system id"))
_column("kind", "choice", _("Kind"), choices=lambda: AccountKind.choices, is_filter=True)
_column("tier", "choice", _("Tier"), choices=lambda: Tier.choices, order=40, is_filter=True)
_column(
    "phase",
    "choice",
    _("Phase"),
    choices=lambda: Phase.choices,
    order=50,
    is_filter=True,
    is_secondary=True,
)
_column("status", "choice", _("Status"), choices=lambda: AccountStatus.choices, is_filter=True)
_column(
    "touch_model", "choice", _("Touch model"), choices=lambda: TouchModel.choices, is_filter=True
)
_column("tracked", "boolean", _("Usage events expected"))
_column("country", "text", _("Country"))
_column("arr", "money", _("ARR"), order=60, is_filter=True)
_column("mrr", "money", _("MRR"))
_column("licensed_users", "number", _("Licensed users"))
_column("customer_since_on", "date", _("Customer since"))
_column(
    "renewal_on",
    "date",
    _("Decide renewal by"),
    order=70,
    template="renewal",
    is_filter=True,
)
_column("live_on", "date", _("Live since"))
_column("churned_on", "date", _("Churned on"))
_column("churn_reason", "choice", _("Churn reason"), choices=lambda: ChurnReason.choices)
_column("team", "choice", _("Team"), column="team_id", choices=_teams, is_filter=True)

fields.register("last_two_way_at")(
    Field(
        "last_two_way_at",
        "datetime",
        _("Last talk"),
        "accounts",
        lambda at: F("touch__last_two_way_at"),
        order=80,
        template="ago",
        is_filter=True,
        now_only=True,
        told_by=RecordKind.TOUCHPOINT,
    )
)
for _key, _kind in ROLE_FIELDS.items():
    _role(_key, _kind)


def _champion_left(at: dt.datetime) -> Combinable:
    """Say whether a champion left or moved on and nobody took the part up since."""
    gone = [ContactState.LEFT, ContactState.TRANSFERRED]
    parts: Any = StakeholderRole.objects.current().filter(
        account=OuterRef("pk"), role=StakeholderRoleKind.CHAMPION
    )
    here = parts.holding_on(OrganisationDay(at)).exclude(contact__state__in=gone)
    left = Exists(parts.filter(contact__state__in=gone)) & ~Exists(here)
    return ExpressionWrapper(left, output_field=BooleanField())


fields.register("contact.champion_left")(
    Field(
        "contact.champion_left",
        "fact",
        _("Champion left"),
        "accounts",
        _champion_left,
        is_sortable=False,
        is_column=False,
        fact=lambda left, today: _("Champion left") if left else "",
        fact_order=30,
    )
)
