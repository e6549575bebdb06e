"""Giving what hangs on a colleague to another: all when one leaves, or of one account its work."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.choices import AccountRoleKind, RecordKind
from accounts.models import Account, AccountRole, Organisation, Touchpoint, TouchpointTodo, User
from accounts.querysets import reach_of
from accounts.querysets.talks import readable_talk
from accounts.registry import handovers
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.roles import OnlyLooks, UserInactive, assign_account_role


@dataclass(frozen=True)
class RoleHandover:
    """A role that was given: by whom it was held, and in words what went over and what stays."""

    fact: AccountRole
    predecessor: User | None
    given: list[str]
    left: list[str]


def hand_over_work(*, leaver: User, to: User, at: dt.datetime, by: User | None = None) -> list[str]:
    """Give all that hangs on a colleague to another, from today on; say in words what was given.

    What the other may not take stays: a role of work for who only looks, a to-do of a talk they may
    not read, a task about an account they do not see.

    :raises UserInactive: for somebody who left as well.
    """
    if not to.is_active:
        raise UserInactive
    with written_by(by):
        given = [(part, part.give(part.held(leaver), to=to, at=at)) for part in handovers.members()]
    return [part.words(count) for part, count in given if count]


def hand_over_role(
    *,
    account: Account,
    user: User,
    role: AccountRoleKind | str,
    by: User,
    at: dt.datetime,
    on: dt.date | None = None,
    with_work: bool = False,
) -> RoleHandover:
    """Give a user a role, and at once what `by` may hand over of the work of who held it.

    :raises UserInactive: for somebody who no longer works here.
    :raises OnlyLooks: for a role of work and somebody who may only look.
    """
    on = on or Organisation.objects.day_of(at)
    with written_by(by):
        lock_account(account)
        held = AccountRole.objects.filter(account=account, role=role).exclude(user=user)
        before = held.current().holding_on(on).select_related("user").first()
        fact = assign_account_role(account=account, user=user, role=role, on=on, by=by, at=at)
        if before is None:
            return RoleHandover(fact, None, [], [])
        rows = _work_at(account, before.user, by)
        given = [(part, part.give(own, to=user, at=at)) for part, own in rows if with_work]
    words = [part.words(count) for part, count in given if count]
    return RoleHandover(fact, before.user, words, work_at(account, before.user, by=by))


def work_at(account: Account, holder: User, *, by: User) -> list[str]:
    """Return in words what of an account hangs on a colleague, as far as `by` may hand it over."""
    counts = [(part, rows.count()) for part, rows in _work_at(account, holder, by)]
    return [part.words(count) for part, count in counts if count]


def _work_at(account: Account, holder: User, by: User) -> list[tuple[Any, Any]]:
    return [
        (part, part.held(holder).filter(part.at_account(account, by)))
        for part in handovers.members()
        if part.at_account is not None
    ]


def roles_of(user: Any) -> Any:
    """Return the roles on accounts that have no end."""
    rows: Any = AccountRole.objects.filter(user=user, ends_on=None, account__archived_at=None)
    return rows.current()


def give_roles(rows: Any, *, to: User, at: dt.datetime) -> int:
    """Give roles to another: each handover dates the end of the one before.

    A role that begins later is handed over from its day; whoever holds it until then keeps it.
    """
    today = Organisation.objects.day_of(at)
    count = 0
    for fact in rows.select_related("account").order_by("account", "pk"):
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


def todos_at(account: Account, user: User) -> Q:
    """Return the rule for to-dos of talks with an account which the user reads and may change."""
    if not reach_of(user).covers(account, RecordKind.TOUCHPOINT, write=True):
        return Q(pk__in=())
    return Q(touchpoint__account=account) & readable_talk(user, "touchpoint__")


def give_todos(rows: Any, *, to: User, at: dt.datetime) -> int:
    """Give open to-dos to another, those of talks whose text the other may read."""
    seen = Account.objects.visible_to(to)
    todos = rows.filter(readable_talk(to, "touchpoint__"), touchpoint__account__in=seen)
    talks = Touchpoint.objects.filter(pk__in=list(todos.values_list("touchpoint", flat=True)))
    list(talks.select_for_update(no_key=True).order_by("pk").values("pk"))
    given: int = todos.update(user=to)
    talks.update(updated_at=at)
    return given
