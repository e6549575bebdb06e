"""Who may see health: whoever may see the account, by the policy for health scores."""

from typing import Any

from accounts.choices import RecordKind, Scope
from accounts.querysets import ScopedQuerySet, reach_of


class HealthQuerySet(ScopedQuerySet):
    """Rows about the health of one account."""

    account_path = "account"
    record_kind = RecordKind.HEALTH

    def may_be_seen(self, user: Any, account: Any) -> bool:
        """Say whether the user may see the health of an account, even before there is any."""
        reach = reach_of(user)
        scope = reach.scope(self.record_kind)
        if scope == Scope.OWN_TEAM:
            return account.team_id in reach.teams or account.pk in reach.accounts
        return scope == Scope.ALL
