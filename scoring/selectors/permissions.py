"""Who may say something about the health of an account they see."""

from typing import Any

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of


def may_judge(account: Account, user: Any) -> bool:
    """Say whether the user may correct the score of an account, without a query of its own."""
    covers = reach_of(user).covers(account, RecordKind.HEALTH, write=True)
    return account.archived_at is None and covers
