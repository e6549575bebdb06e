"""Giving what hangs on a colleague who left to another."""

import datetime as dt
from typing import Any

from accounts.models import Account, AccountRole, Organisation, Touchpoint, TouchpointTodo, User
from accounts.querysets.talks import readable_talk
from accounts.registry import handovers
from accounts.services.authors import written_by
from accounts.services.roles import OnlyLooks, UserInactive, assign_account_role


def hand_over_work(*, leaver: User, to: User, at: dt.datetime, by: User | None = None) -> list[str]:
    """Give all that hangs on a colleague to another, from today on; say in words what was given.

    What the other may not take stays: a role of work for who only looks, a to-do of a talk they may
    not read, a task about an account they do not see.

    :raises UserInactive: for somebody who left as well.
    """
    if not to.is_active:
        raise UserInactive
    with written_by(by):
        given = [(part, part.give(leaver=leaver, to=to, at=at)) for part in handovers.members()]
    return [part.words(count) for part, count in given if count]


def roles_of(user: Any) -> Any:
    """Return the roles on accounts that have no end."""
    rows: Any = AccountRole.objects.filter(user=user, ends_on=None, account__archived_at=None)
    return rows.current()


def give_roles(*, leaver: User, to: User, at: dt.datetime) -> int:
    """Give the roles of one to another: each handover dates the end of the one before.

    A role that begins later is handed over from its day; whoever holds it until then keeps it.
    """
    today = Organisation.objects.day_of(at)
    count = 0
    for fact in roles_of(leaver).select_related("account").order_by("account", "pk"):
        on = max(today, fact.starts_on)
        try:
            assign_account_role(account=fact.account, user=to, role=fact.role, at=at, on=on)
        except OnlyLooks:
            continue
        count += 1
    return count


def todos_of(user: Any) -> Any:
    """Return the open to-dos of talks."""
    return TouchpointTodo.objects.open().filter(user=user, touchpoint__account__archived_at=None)


def give_todos(*, leaver: User, to: User, at: dt.datetime) -> int:
    """Give the open to-dos of one to another, in talks whose text the other may read."""
    seen = Account.objects.visible_to(to)
    todos = todos_of(leaver).filter(readable_talk(to, "touchpoint__"), touchpoint__account__in=seen)
    talks = Touchpoint.objects.filter(pk__in=list(todos.values_list("touchpoint", flat=True)))
    list(talks.select_for_update(no_key=True).order_by("pk").values("pk"))
    given: int = todos.update(user=to)
    talks.update(updated_at=at)
    return given
