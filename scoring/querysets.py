"""Who may see health and measurements: who sees the account, by the policy for health scores."""

from typing import Any, Self

from accounts.choices import RecordKind
from accounts.querysets import ScopedQuerySet, reach_of


class HealthQuerySet(ScopedQuerySet):
    """Rows about the health of one account."""

    account_path = "account"
    record_kind = RecordKind.HEALTH

    def may_be_seen(self, user: Any, account: Any) -> bool:
        """Say whether the user may see the health of an account, even before there is any."""
        return reach_of(user).covers(account, self.record_kind)


class MeasurementQuerySet(ScopedQuerySet):
    """Numbers other systems say about an account; who sees its health sees what it is made of."""

    record_kind = RecordKind.HEALTH

    def standing(self) -> Self:
        """Leave out what was corrected or retracted."""
        return self.filter(retracted_at__isnull=True)
