"""Columns that several lists share, or that read more than the row: people, parts, standing."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountRoleKind, Level, RecordKind, Stance
from accounts.models import AccountRole, ContactStanding, StakeholderRelation, StakeholderRole
from accounts.registry import ListColumn
from accounts.selectors.days import OrganisationDay


def joined(values: Iterable[Any]) -> str:
    """Return several values as one text."""
    return ", ".join(str(value) for value in values)


def related(*paths: str) -> Callable[..., QuerySet[Any]]:
    """Return a preparation that reads these relations for all rows at once."""
    return lambda rows, at: rows.prefetch_related(*paths)


def _with_managers(rows: QuerySet[Any], *, at: dt.datetime) -> QuerySet[Any]:
    roles: Any = AccountRole.objects.filter(role=AccountRoleKind.MANAGER).select_related("user")
    held = roles.current().holding_on(OrganisationDay(at))
    return rows.prefetch_related(Prefetch("account__roles", held, to_attr="managed_by"))


#: Who looks after the account of a row.
MANAGER = ListColumn(
    "manager",
    _("Account manager"),
    "text",
    "",
    kind=RecordKind.ACCOUNT,
    is_sortable=False,
    is_default=False,
    prepare=_with_managers,
    read=lambda row: joined(role.user for role in row.account.managed_by),
)


def _with_standing(rows: QuerySet[Any], *, at: dt.datetime, name: str) -> QuerySet[Any]:
    standings: Any = ContactStanding.objects.filter(contact=OuterRef("pk"))
    now = standings.current().holding_on(OrganisationDay(at)).values(name)[:1]
    annotated: QuerySet[Any] = rows.annotate(**{f"{name}_now": Subquery(now)})
    return annotated


def _with_parts(rows: QuerySet[Any], *, at: dt.datetime) -> QuerySet[Any]:
    parts: Any = StakeholderRole.objects.order_by("pk")
    held = parts.current().holding_on(OrganisationDay(at))
    return rows.prefetch_related(Prefetch("stakeholder_roles", held, to_attr="parts_now"))


def _with_seniors(rows: QuerySet[Any], *, at: dt.datetime) -> QuerySet[Any]:
    lines: Any = StakeholderRelation.objects.filter(kind="reports_to").select_related("to_contact")
    held = lines.current().holding_on(OrganisationDay(at))
    return rows.prefetch_related(Prefetch("relations_from", held, to_attr="lines_up"))


def _standing(name: str, label: Any, choices: Any) -> ListColumn:
    return ListColumn(
        name,
        label,
        "choice",
        f"{name}_now",
        choices=choices,
        is_sortable=False,
        is_default=False,
        prepare=partial(_with_standing, name=name),
    )


#: What the stakeholder map says of a contact.
MAP_COLUMNS = (
    ListColumn(
        "roles",
        _("All roles"),
        "text",
        "",
        is_sortable=False,
        is_default=False,
        prepare=_with_parts,
        read=lambda row: joined(part.get_role_display() for part in row.parts_now),
    ),
    _standing("stance", _("Stance"), Stance.choices),
    _standing("influence", _("Influence"), Level.choices),
    _standing("strength", _("Relationship strength"), Level.choices),
    ListColumn(
        "reports_to",
        _("Reports to"),
        "text",
        "",
        is_sortable=False,
        is_default=False,
        prepare=_with_seniors,
        read=lambda row: joined(line.to_contact for line in row.lines_up),
    ),
)
