"""What our people do for an account, since when and until when."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import LOOKING_AFTER, SPONSORING, AccountRoleKind
from accounts.models import Account, AccountRole, Organisation, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import end_fact, put_fact, take_back_facts
from config.lib.problems import FieldError, Problem


class UserInactive(Problem):
    """The user no longer works here."""

    code = "user_inactive"
    title = _("This user is not active any more.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/user", self.title)])


class OnlyLooks(Problem):
    """A role of work needs somebody who may work."""

    code = "only_looks"
    title = _("Somebody who may only look can't hold this role.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/user", self.title)])


def assign_account_role(
    *,
    account: Account,
    user: User,
    role: AccountRoleKind | str,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> AccountRole:
    """Give a user a role on the account from day `on`, which may lie ahead; who had it hands over.

    :raises UserInactive: for somebody who no longer works here.
    :raises OnlyLooks: for a role of work and somebody who may only look.
    """
    if not user.is_active:
        raise UserInactive
    is_sponsor = role == AccountRoleKind.EXECUTIVE_SPONSOR
    if user.role not in (SPONSORING if is_sponsor else LOOKING_AFTER):
        raise OnlyLooks
    on = on or Organisation.objects.day_of(at)
    owner = {"account": account, "role": AccountRoleKind(role)}
    with written_by(by):
        lock_account(account)
        put_fact(AccountRole, owner=owner, values={"user": user}, on=on, at=at)
        _touch(account, at=at)
    held: Any = AccountRole.objects.filter(**owner)
    fact: AccountRole = held.current().holding_on(on).get()
    return fact


def end_account_role(
    *,
    account: Account,
    role: AccountRoleKind | str,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> None:
    """Leave the role empty from day `on`, today unless given."""
    on = on or Organisation.objects.day_of(at)
    with written_by(by):
        lock_account(account)
        for fact in AccountRole.objects.filter(account=account, role=role).current():
            end_fact(fact, on=on, at=at)
        _touch(account, at=at)


def take_back_assignment(
    *,
    account: Account,
    role: AccountRoleKind | str,
    written_at: dt.datetime,
    at: dt.datetime,
    by: User | None = None,
) -> None:
    """Let the role be held as before the assignment that was written at an instant.

    :raises ChangedSince: when somebody assigned or ended it since.
    """
    with written_by(by):
        lock_account(account)
        facts = AccountRole.objects.filter(account=account, role=role)
        take_back_facts(facts, written_at=written_at, at=at)
        _touch(account, at=at)


def _touch(account: Account, *, at: dt.datetime) -> None:
    Account.objects.filter(pk=account.pk).update(updated_at=at)
    mark_accounts_dirty(account_ids=[account.pk], reason="role", at=at)
