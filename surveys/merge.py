"""What a merge does with invitations: open ones follow the person, answers stay as given."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from accounts.registry import MergePart, RowChange, merge_parts
from surveys.choices import WaveState
from surveys.models import Invitation


def _of_account(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    """Move questions still open of people who moved over (the part of contacts ran before)."""
    rows = Invitation.objects.filter(account=source, answered=False, wave__state=WaveState.OPEN)
    yield RowChange(rows, {"account_id": target.pk})


def _of_contact(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    asked = Invitation.objects.filter(contact=target).values("wave")
    rows = Invitation.objects.filter(contact=source, answered=False, wave__state=WaveState.OPEN)
    to = {"contact_id": target.pk, "account_id": target.account_id}
    yield RowChange(rows.exclude(wave__in=asked), to)


for part in (
    MergePart("invitations", _("Survey invitations not answered yet"), "account", 60, _of_account),
    MergePart("invited", _("Survey invitations not answered yet"), "contact", 60, _of_contact),
):
    merge_parts.register(part.key)(part)
