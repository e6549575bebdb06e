"""Who may see what, and the filters of the customer record.

A user's reach is one SQL statement: the teams at or below theirs, the accounts they hold a role on
or that are shared with them, and the policy of their role per kind of record. It is kept on the
user object, which lives as long as the request, so a change of membership acts on the next one.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import connection, models
from django.db.models import Q

from accounts.choices import AccountStatus, RecordKind, Scope
from accounts.domain.policy import default_scope

_REACH = """
WITH RECURSIVE mine(id) AS (
  SELECT team_id FROM accounts_teammembership WHERE user_id = %(user)s
  UNION
  SELECT t.id FROM accounts_team t JOIN mine ON t.parent_id = mine.id
)
SELECT array(SELECT id FROM mine),
       array(SELECT account_id FROM accounts_accountrole
             WHERE user_id = %(user)s AND retracted_at IS NULL
               AND starts_on <= (app_now() AT TIME ZONE 'UTC')::date + 1
               AND (ends_on IS NULL OR ends_on > (app_now() AT TIME ZONE 'UTC')::date)
             UNION
             SELECT account_id FROM accounts_accountshare
             WHERE user_id = %(user)s OR team_id IN (SELECT id FROM mine)),
       (SELECT jsonb_object_agg(kind, jsonb_build_array(read_scope, write_scope))
        FROM accounts_accesspolicy WHERE role = %(role)s)
"""


@dataclass(frozen=True)
class Reach:
    """How far a user sees: team ids, account ids held or shared, scopes per kind of record."""

    role: str
    teams: frozenset[int]
    accounts: frozenset[int]
    policy: dict[str, list[str]]

    def scope(self, kind: str, *, write: bool = False) -> str:
        """Return `none`, `own_team` or `all` for a kind of record."""
        if kind in self.policy:
            return self.policy[kind][1 if write else 0]
        return default_scope(role=self.role, kind=kind, write=write)


def reach_of(user: Any) -> Reach:
    """Read the user's reach once; anonymous and inactive users reach nothing."""
    if not user.is_authenticated or not user.is_active:
        return Reach(role="", teams=frozenset(), accounts=frozenset(), policy={})
    if not hasattr(user, "_reach"):
        with connection.cursor() as cursor:
            cursor.execute(_REACH, {"user": user.pk, "role": user.role})
            teams, accounts, policy = cursor.fetchone()
        user._reach = Reach(
            user.role, frozenset(teams), frozenset(accounts), json.loads(policy or "{}")
        )
    return user._reach  # type: ignore[no-any-return]


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset of customer data; `account_path` leads from the row to its account."""

    account_path: ClassVar[str] = "account"
    record_kind: ClassVar[str] = RecordKind.ACCOUNT

    def _within(self, user: Any, *, write: bool) -> Self:
        reach = reach_of(user)
        scope = reach.scope(self.record_kind, write=write)
        if scope == Scope.ALL:
            return self
        if scope == Scope.NONE:
            return self.none()
        prefix = f"{self.account_path}__" if self.account_path else ""
        return self.filter(
            Q(**{f"{prefix}team_id__in": sorted(reach.teams)})
            | Q(**{f"{prefix}pk__in": sorted(reach.accounts)})
        )

    def visible_to(self, user: Any) -> Self:
        """Keep what the user may see; everything else does not exist for them (404)."""
        return self._within(user, write=False)

    def editable_by(self, user: Any) -> Self:
        """Keep what the user may see and change."""
        return self._within(user, write=False)._within(user, write=True)


class AccountQuerySet(ScopedQuerySet):
    account_path = ""
    record_kind = RecordKind.ACCOUNT

    def unarchived(self) -> Self:
        """Leave out what was archived."""
        return self.filter(archived_at__isnull=True)

    def active(self) -> Self:
        """Keep customers that are not archived and have not churned."""
        return self.unarchived().exclude(status=AccountStatus.CHURNED)

    def renewing_within(self, days: int, *, today: dt.date) -> Self:
        """Keep accounts whose actionable renewal date lies in the next `days` calendar days."""
        return self.filter(renewal_on__gte=today, renewal_on__lte=today + dt.timedelta(days=days))


class ContractQuerySet(ScopedQuerySet):
    record_kind = RecordKind.CONTRACT


class ContactQuerySet(ScopedQuerySet):
    record_kind = RecordKind.CONTACT

    def present(self) -> Self:
        """Leave out people who left the customer or were archived."""
        return self.filter(archived_at__isnull=True).exclude(state="left")


class TouchpointQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TOUCHPOINT

    def standing(self) -> Self:
        """Leave out drafts and what was retracted."""
        return self.filter(retracted_at__isnull=True, is_draft=False)

    def two_way(self) -> Self:
        """Keep talks in both directions; internal notes and one-way mails never count."""
        return self.standing().filter(direction="two_way")


class TicketQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TICKET


class InvoiceQuerySet(ScopedQuerySet):
    record_kind = RecordKind.INVOICE
