"""Questions any list of records is asked about the accounts they belong to: whose, and which."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountRoleKind, RecordKind
from accounts.domain.names import fold_for_search
from accounts.models import Account, AccountRole, Segment
from accounts.querysets import by_user
from accounts.registry import ListFilter
from accounts.selectors.account_list import in_segments
from accounts.selectors.days import OrganisationDay
from accounts.selectors.managers import called, managers, past_managers


def colleagues() -> list[tuple[int, str]]:
    """Return (id, name) of who may look after accounts, or left while some were theirs."""
    people = (managers() | past_managers()).order_by(*by_user())
    return [(user.pk, called(str(user), is_here=user.is_active)) for user in people]


def _segments() -> list[tuple[int, str]]:
    return [(row.pk, str(row)) for row in Segment.objects.filter(archived_at=None).order_by("pk")]


def _looked_after(*, values: Sequence[Any], user: Any, at: dt.datetime) -> Any:
    roles: Any = AccountRole.objects.filter(role=AccountRoleKind.MANAGER, user__in=values)
    return roles.current().holding_on(OrganisationDay(at)).values("account")


def _inside(*, values: Sequence[Any], user: Any, at: dt.datetime) -> Any:
    accounts = in_segments(Account.objects.visible_to(user), values, user, at)
    return accounts.order_by().values("pk")


def _called(rows: QuerySet[Any], values: Sequence[Any], *, at: dt.datetime) -> QuerySet[Any]:
    for word in fold_for_search(values[0]).split():
        rows = rows.filter(account__search_text__contains=word)
    return rows


#: Which account it is, by any part of its names; offered as little as those below.
ACCOUNT_CALLED = ListFilter(
    "account", _("Account"), "text", "", kind=RecordKind.ACCOUNT, keeps=_called
)
#: Who sees records further than accounts is not offered them: an answer would tell whose they are.
ACCOUNT_FILTERS = (
    ListFilter(
        "manager",
        _("Account manager"),
        "choice",
        "",
        choices=colleagues,
        kind=RecordKind.ACCOUNT,
        accounts=_looked_after,
    ),
    ListFilter(
        "segment",
        _("Segment"),
        "choice",
        "",
        choices=_segments,
        kind=RecordKind.ACCOUNT,
        accounts=_inside,
    ),
)
