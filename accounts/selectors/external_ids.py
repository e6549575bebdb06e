"""By which ids other systems know an account."""

from accounts.choices import MergeKind
from accounts.models import Account, ExternalRef


def external_ids_of(account: Account) -> list[tuple[str, str]]:
    """Return (system, id) of an account, by system."""
    rows = ExternalRef.objects.filter(kind=MergeKind.ACCOUNT, object_id=account.pk)
    return list(rows.order_by("source", "value").values_list("source", "value"))
