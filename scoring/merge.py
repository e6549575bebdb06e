"""What a merge does with usage and health.

New events of the account that went lead to the one that stays by `merged_into`; roll-ups and
health of past days are closed facts and stay where they were counted.
"""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.choices import MergeEffect, MergeKind
from accounts.models import Account, Contact
from accounts.registry import MergePart, RowChange, merge_parts
from scoring.models import HealthOverride, Source, UsageUser


def _sources(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    """Feed the target with what fed the source, so that its silence means something."""
    known = Source.objects.filter(account=target).values("write_key")
    rows = Source.objects.filter(account=source).exclude(write_key__in=known)
    yield RowChange(rows, {"account_id": target.pk})


def _overrides(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    """A correction in force moves where the target has none, else it ends."""
    standing = HealthOverride.objects.filter(retracted_at__isnull=True)
    rows = standing.filter(account=source, expires_at__gt=at)
    if standing.filter(account=target).exists():
        yield RowChange(rows, {"retracted_at": at}, MergeEffect.ENDED)
    else:
        yield RowChange(rows, {"account_id": target.pk})


def _users(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    yield RowChange(UsageUser.objects.filter(contact=source), {"contact_id": target.pk})


for part in (
    MergePart("sources", _("Sources of usage events"), MergeKind.ACCOUNT, 50, _sources),
    MergePart("overrides", _("Overrides of the health score"), "account", 51, _overrides),
    MergePart("usage_users", _("Users of our product"), MergeKind.CONTACT, 50, _users),
):
    merge_parts.register(part.key)(part)
