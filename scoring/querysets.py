"""Who may see health: whoever may see the account, by the policy for health scores."""

from typing import Any

from accounts.choices import RecordKind
from accounts.querysets import ScopedQuerySet, reach_of


class HealthQuerySet(ScopedQuerySet):
    """Rows about the health of one account."""

    account_path = "account"
    record_kind = RecordKind.HEALTH

    def may_be_seen(self, user: Any, account: Any) -> bool:
        """Say whether the user may see the health of an account, even before there is any."""
        return reach_of(user).covers(account, self.record_kind)
