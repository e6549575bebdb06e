"""Who looks after accounts: colleagues who may, and those whose accounts were not handed over."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.choices import LOOKING_AFTER, ROLE_FIELDS
from accounts.models import AccountRole, User


def managers() -> QuerySet[User]:
    """Return who may be given accounts."""
    people: QuerySet[User] = User.objects.filter(is_active=True, role__in=LOOKING_AFTER)
    return people


def past_managers() -> QuerySet[User]:
    """Return who may not be given accounts any more and still has a role of work on some."""
    held: Any = AccountRole.objects.filter(
        user=OuterRef("pk"), role__in=ROLE_FIELDS.values(), ends_on__isnull=True
    )
    others: QuerySet[User] = User.objects.exclude(pk__in=managers().values("pk"))
    return others.filter(Exists(held.current()))


def called(name: str, *, is_here: bool) -> str:
    """Return a manager's name, with the word that they left where they did."""
    return name if is_here else _("%(name)s (no longer here)") % {"name": name}
