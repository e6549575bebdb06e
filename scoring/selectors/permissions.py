"""Who may say something about the health of an account they see."""

from typing import Any

from accounts.choices import RecordKind, Scope
from accounts.models import Account
from accounts.querysets import reach_of


def may_judge(account: Account, user: Any) -> bool:
    """Say whether the user may correct the score of an account, without a query of its own."""
    reach = reach_of(user)
    scope = reach.scope(RecordKind.HEALTH, write=True)
    own = account.team_id in reach.teams or account.pk in reach.accounts
    return account.archived_at is None and (scope == Scope.ALL or (scope == Scope.OWN_TEAM and own))
