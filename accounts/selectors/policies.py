"""How far each role sees and changes each kind of record: as decided, or as it is by default."""

from dataclasses import dataclass

from accounts.choices import RecordKind, UserRole
from accounts.domain.policy import default_scope
from accounts.models import AccessPolicy


@dataclass(frozen=True)
class Policy:
    """One role and one kind of record."""

    role: str
    kind: str
    read_scope: str
    write_scope: str
    is_default: bool


def policies() -> list[Policy]:
    """Return one for every role and kind, in one query."""
    kept = {(row.role, row.kind): row for row in AccessPolicy.objects.all()}
    return [_policy(role, kind, kept.get((role, kind))) for role in UserRole for kind in RecordKind]


def policy_of(role: str, kind: str) -> Policy:
    """Return how far a role reaches with a kind of record."""
    return _policy(role, kind, AccessPolicy.objects.filter(role=role, kind=kind).first())


def _policy(role: str, kind: str, row: AccessPolicy | None) -> Policy:
    if row is not None and role != UserRole.ADMINISTRATOR:
        return Policy(role, kind, row.read_scope, row.write_scope, False)
    read, write = (default_scope(role=role, kind=kind, write=write) for write in (False, True))
    return Policy(role, kind, read, write, True)
