"""Showing an account to a colleague or a team beyond its own."""

import datetime as dt

from accounts.models import Account, AccountShare, Team, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by


def share_account(
    *,
    account: Account,
    at: dt.datetime,
    user: User | None = None,
    team: Team | None = None,
    by: User | None = None,
) -> AccountShare:
    """Show the account to a user or to a team; twice is once. Give exactly one of both.

    :raises AccountArchived: for an account that is archived, or went into another.
    """
    with written_by(by):
        lock_account(account)
        share, _created = AccountShare.objects.get_or_create(
            account=account, user=user, team=team, defaults={"created_at": at}
        )
    return share


def end_share(*, share: AccountShare, by: User | None = None) -> None:
    """Take the share back; it acts on the next request, and the history keeps it."""
    with written_by(by):
        share.delete()
