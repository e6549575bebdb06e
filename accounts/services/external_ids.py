"""The ids an account has in other systems, such as the CRM, beside its own-system id."""

import datetime as dt
import re

from django.utils.translation import gettext_lazy as _

from accounts.choices import MergeKind
from accounts.models import Account, ExternalRef, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, check_columns, refusing
from accounts.services.merges.records import OWN_SYSTEM
from config.lib.problems import FieldError, Problem

_SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]*")


class BadSource(Problem):
    """A name of a system other programs could not use."""

    code = "bad_source"
    title = _("Give lower-case letters, digits, hyphens and underscores, such as salesforce.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/source", self.title)])


def set_external_id(
    *,
    account: Account,
    source: str,
    value: str,
    at: dt.datetime,
    by: User | None = None,
    was: str = "",
) -> None:
    """Give an account an id in another system; what it has there beside it stays.

    :param was: the id of this system the new one takes the place of; an empty new one takes it
        away.
    :raises BadSource: for a name of a system that can't be one.
    :raises AccountArchived: for an account that is archived.
    :raises ExternalIdTaken: when another account has this id there.
    """
    if not _SOURCE.fullmatch(source) or source == OWN_SYSTEM:
        raise BadSource
    with written_by(by), refusing({"accounts_external_ref_unique": ExternalIdTaken}):
        locked = lock_account(account)
        known = ExternalRef.objects.filter(
            kind=MergeKind.ACCOUNT, object_id=locked.pk, source=source
        )
        known.filter(value__in=(was, value)).delete()
        if value:
            row = ExternalRef(
                kind=MergeKind.ACCOUNT, object_id=locked.pk, source=source, value=value
            )
            check_columns(row)
            row.save()
        Account.objects.filter(pk=locked.pk).update(updated_at=at)


def add_external_id(
    *, account: Account, source: str, value: str, at: dt.datetime, by: User | None = None
) -> None:
    """Let one more id of another system lead to an account; the same again changes nothing.

    :raises AccountArchived: for an account that is archived.
    :raises ExternalIdTaken: when another account has this id there.
    """
    with written_by(by):
        locked = lock_account(account)
        row, is_new = ExternalRef.objects.get_or_create(
            kind=MergeKind.ACCOUNT,
            source=source,
            value=value,
            defaults={"object_id": locked.pk},
        )
        if row.object_id != locked.pk:
            raise ExternalIdTaken
        if is_new:
            Account.objects.filter(pk=locked.pk).update(updated_at=at)
