"""Who may see health: whoever may see the account, by the policy for health scores."""

from accounts.choices import RecordKind
from accounts.querysets import ScopedQuerySet


class HealthQuerySet(ScopedQuerySet):
    """Rows about the health of one account."""

    account_path = "account"
    record_kind = RecordKind.HEALTH
