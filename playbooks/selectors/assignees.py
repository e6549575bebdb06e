"""Who gets a task, and by which calendar they work."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.choices import AccountRoleKind, UserRole
from accounts.models import Account, AccountRole, TeamMembership, User
from accounts.querysets import by_user
from config.lib.workdays import WorkCalendar
from playbooks.choices import StepRole

#: Who steps in where the wanted role is held by nobody; then comes the manager of the team.
FALLBACKS = (AccountRoleKind.MANAGER, AccountRoleKind.DEPUTY, AccountRoleKind.OWNER)

_TEAM_MANAGERS = """
WITH RECURSIVE up(account_id, team_id, height) AS (
  SELECT id, team_id, 0 FROM accounts_account WHERE id = ANY(%(accounts)s)
  UNION ALL
  SELECT up.account_id, t.parent_id, up.height + 1
  FROM up JOIN accounts_team t ON t.id = up.team_id
  WHERE t.parent_id IS NOT NULL AND up.height < 20
)
SELECT DISTINCT ON (up.account_id) up.account_id, u.id
FROM up
JOIN accounts_teammembership m ON m.team_id = up.team_id
JOIN accounts_user u ON u.id = m.user_id AND u.is_active AND u.role = 'manager'
ORDER BY up.account_id, up.height, u.id
"""

_TEAMS_ABOVE = """
WITH RECURSIVE up(id, parent_id) AS (
  SELECT id, parent_id FROM accounts_team WHERE id = %(team)s
  UNION
  SELECT t.id, t.parent_id FROM accounts_team t JOIN up ON t.id = up.parent_id
)
SELECT id FROM up
"""


@dataclass(frozen=True)
class Duty:
    """Something that the holder of a role is to do for an account."""

    account_id: int
    role: str


class Assignees:
    """Answers who takes which duty; two statements however many accounts."""

    def __init__(self, account_ids: Collection[int], *, on: dt.date) -> None:
        ids = sorted(set(account_ids))
        self._holders = _role_holders(ids, on)
        self._managers = _team_managers(ids)

    def for_duty(self, duty: Duty) -> int | None:
        """Return the user's id: holder of the role, else account manager, deputy, owner, else the
        manager of the nearest team; None where there is nobody at all.
        """
        manager = self._managers.get(duty.account_id)
        if duty.role == StepRole.TEAM_MANAGER and manager is not None:
            return manager
        for role in (duty.role, *FALLBACKS):
            if (holder := self._holders.get((duty.account_id, role))) is not None:
                return holder
        return manager


class Calendars:
    """Answers by which calendar somebody works; one statement however many people."""

    def __init__(self, user_ids: Iterable[int | None]) -> None:
        memberships = TeamMembership.objects.filter(user__in=[pk for pk in user_ids if pk])
        rows = memberships.order_by("user_id", "team_id").values_list(
            "user_id", "team_id", "team__country"
        )
        self._countries: dict[int, dict[int, str]] = {}
        for user_id, team_id, country in rows:
            self._countries.setdefault(user_id, {})[team_id] = country

    def of(self, user_id: int | None, *, team_id: int, team_country: str) -> WorkCalendar:
        """Return the calendar of the assignee's team: the account's own team where they belong to
        it, else their first; without assignee or team that of the account's team.
        """
        countries = self._countries.get(user_id or 0)
        if not countries or team_id in countries:
            return WorkCalendar(team_country)
        return WorkCalendar(next(iter(countries.values())))


def candidates_for(account: Account) -> QuerySet[User]:
    """Return who may be asked to do something for an account: its team's members, those of the
    teams above, and whoever holds a role on it; nobody whose role only looks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TEAMS_ABOVE, {"team": account.team_id})
        teams = [row[0] for row in cursor.fetchall()]
    holds = Q(account_roles__account=account, account_roles__retracted_at__isnull=True)
    people: QuerySet[User] = User.objects.filter(
        holds | Q(memberships__team__in=teams), is_active=True
    )
    working = people.exclude(role__in=[UserRole.VIEWER, UserRole.PRIVACY_OFFICER])
    return working.order_by(*by_user()).distinct()


def _role_holders(account_ids: list[int], on: dt.date) -> dict[tuple[int, str], int]:
    roles = AccountRole.objects.filter(account__in=account_ids, user__is_active=True)
    standing = cast("Iterable[AccountRole]", roles.current().holding_on(on).order_by("starts_on"))
    return {(held.account_id, held.role): held.user_id for held in standing}


def _team_managers(account_ids: list[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_TEAM_MANAGERS, {"accounts": account_ids})
        return dict(cursor.fetchall())
