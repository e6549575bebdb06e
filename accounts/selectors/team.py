"""Who of us does what for an account: today, from a day ahead, and in the past."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from accounts.choices import AccountRoleKind
from accounts.models import Account, AccountRole

#: Who is named under the title of an account page.
HEADED = (AccountRoleKind.MANAGER, AccountRoleKind.OWNER)


@dataclass
class OurSide:
    """Roles held today, those that begin later, and those that ended, newest first."""

    now: list[AccountRole] = field(default_factory=list)
    ahead: list[AccountRole] = field(default_factory=list)
    past: list[AccountRole] = field(default_factory=list)


def standing_roles() -> Any:
    """Return what to prefetch as an account's roles, so that its page reads them once."""
    roles: Any = AccountRole.objects.all()
    standing = roles.current().select_related("user").order_by("role", "-starts_on", "-pk")
    return Prefetch("roles", standing)


def our_side(account: Account, *, today: dt.date) -> OurSide:
    """Return the roles of our people on an account.

    :param account: with `standing_roles` prefetched.
    """
    side = OurSide()
    for fact in account.roles.all():
        if fact.ends_on is not None and fact.ends_on <= today:
            side.past.append(fact)
        elif fact.starts_on > today:
            side.ahead.append(fact)
        else:
            side.now.append(fact)
    side.past.sort(key=lambda fact: (fact.ends_on, fact.pk), reverse=True)
    return side


def head_roles(side: OurSide) -> list[tuple[str, str]]:
    """Return (role, person) of those who answer for the account today, manager first."""
    held = {fact.role: fact for fact in side.now}
    return [(str(role.label), str(held[role].user)) for role in HEADED if role in held]
