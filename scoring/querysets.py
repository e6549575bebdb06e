"""Who may see health and measurements: who sees the account, by the policy for health scores."""

from collections.abc import Mapping
from typing import Any, Self

from django.db import models

from accounts.choices import RecordKind, UserRole
from accounts.querysets import ScopedQuerySet, reach_of
from scoring.choices import WaitingFor

#: Who looks after where data comes from: the same people for every source.
KEEPERS = frozenset({UserRole.ADMINISTRATOR, UserRole.MANAGER})


def keeps_sources(user: Any) -> bool:
    """Say whether the user looks after where data comes from."""
    return reach_of(user).role in KEEPERS


class WriteKeyQuerySet(models.QuerySet[Any]):
    """Sources of events: managers look after them, administrators make and revoke them."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for administrators and managers, nothing for anybody else."""
        return self if keeps_sources(user) else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep everything for administrators, nothing for anybody else."""
        return self if reach_of(user).role == UserRole.ADMINISTRATOR else self.none()


class WaitingKeyQuerySet(models.QuerySet[Any]):
    """Ids nobody knows yet; they belong to no account, so to no team."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for administrators and managers, nothing for anybody else."""
        return self if keeps_sources(user) else self.none()

    def asked(self, query: Mapping[str, Any]) -> Self:
        """Keep what the `kind` and the part of an id `q` of an address ask for."""
        rows = self
        if (kind := query.get("kind", "")) in WaitingFor.values:
            rows = rows.filter(kind=kind)
        if text := query.get("q", "").replace("\0", "").strip():
            rows = rows.filter(key__icontains=text)
        return rows


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
