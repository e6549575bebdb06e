"""Giving what hangs on a colleague who left to another."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from accounts.models import Account, AccountRole, Organisation, Touchpoint, TouchpointTodo, User
from accounts.querysets.talks import readable_talk
from accounts.registry import handovers
from accounts.services.authors import written_by
from accounts.services.roles import OnlyLooks, UserInactive, assign_account_role


def hand_over_work(*, leaver: User, to: User, at: dt.datetime, by: User | None = None) -> None:
    """Give all that hangs on a colleague to another, from today on.

    What the other may not take stays: a role of work for who only looks, a to-do of a talk they may
    not read, a task about an account they do not see.

    :raises UserInactive: for somebody who left as well.
    """
    if not to.is_active:
        raise UserInactive
    with written_by(by):
        for part in handovers.members():
            part.give(leaver=leaver, to=to, at=at)


def roles_held() -> Mapping[int, int]:
    """Return how many roles on accounts each colleague who left still has."""
    return _counted(_roles().filter(user__is_active=False))


def give_roles(*, leaver: User, to: User, at: dt.datetime) -> None:
    """Give the roles of one to another: each handover dates the end of the one before.

    A role that begins later is handed over from its day; whoever holds it until then keeps it.
    """
    today = Organisation.objects.day_of(at)
    roles = _roles().filter(user=leaver).select_related("account").order_by("account", "pk")
    for fact in roles:
        on = max(today, fact.starts_on)
        try:
            assign_account_role(account=fact.account, user=to, role=fact.role, at=at, on=on)
        except OnlyLooks:
            continue


def todos_held() -> Mapping[int, int]:
    """Return how many open to-dos of talks each colleague who left still has."""
    return _counted(_todos().filter(user__is_active=False))


def give_todos(*, leaver: User, to: User, at: dt.datetime) -> None:
    """Give the open to-dos of one to another, in talks whose text the other may read."""
    seen = Account.objects.visible_to(to)
    todos = _todos().filter(
        readable_talk(to, "touchpoint__"), user=leaver, touchpoint__account__in=seen
    )
    talks = Touchpoint.objects.filter(pk__in=list(todos.values_list("touchpoint", flat=True)))
    list(talks.select_for_update(no_key=True).order_by("pk").values("pk"))
    todos.update(user=to)
    talks.update(updated_at=at)


def _roles() -> Any:
    rows: Any = AccountRole.objects.filter(ends_on=None, account__archived_at=None)
    return rows.current()


def _todos() -> Any:
    return TouchpointTodo.objects.open().filter(touchpoint__account__archived_at=None)


def _counted(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("user").annotate(n=Count("pk")))
