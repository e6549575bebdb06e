"""Say whose an id is that nobody knew: what was set aside for it is counted at once.

What was counted stays counted: an id that was given to the wrong account is corrected for what is
still to come.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.domain.names import fold_for_search
from accounts.models import Account, Contact, Team, User
from accounts.services.accounts import create_account, lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, refusing
from accounts.services.external_ids import add_external_id
from config.lib.bells import ring
from config.lib.problems import Conflict
from scoring.choices import WaitingFor
from scoring.models import WaitingKey

RELEASE_BELL = "ingest.quarantined"
#: Under this source an `ExternalRef` keeps the id by which senders of events know an account.
USAGE = "usage"


class NoLongerWaiting(Conflict):
    """Somebody was quicker, or what waited was too old to be kept."""

    code = "no_longer_waiting"
    title = _("Nothing waits for this id any more.")


class NotAnAccount(Conflict):
    """Only the id of an account can become an account."""

    code = "not_an_account"
    title = _("This id names a person: say whose person it is.")


@transaction.atomic
def give_to_account(*, waiting: WaitingKey, account: Account, by: User, at: dt.datetime) -> Account:
    """Let an unknown id lead to an account: as one more id of it, or as a person only seen there.

    :raises NoLongerWaiting: when nothing waits for it any more.
    :raises AccountArchived: for an account that is archived.
    :raises ExternalIdTaken: when the id leads to another account.
    """
    row = _lock(waiting)
    if row.kind == WaitingFor.GROUP:
        add_external_id(record=account, source=USAGE, value=row.key, by=by, at=at)
    else:
        _introduce(row.key, account, by)
    ring(RELEASE_BELL)
    return account


@transaction.atomic
def make_account_of(
    *, waiting: WaitingKey, name: str, team: Team, by: User, at: dt.datetime, **fields: Any
) -> Account:
    """Make the account an unknown id stands for; usage is expected of it, as it is there.

    :raises NoLongerWaiting: when nothing waits for it any more.
    :raises NotAnAccount: when the id is that of a person.
    :raises ExternalIdTaken: when an account with this id was made meanwhile.
    """
    row = _lock(waiting)
    if row.kind != WaitingFor.GROUP:
        raise NotAnAccount
    account = create_account(
        external_id=row.key, name=name, team=team, tracked=True, by=by, at=at, **fields
    )
    ring(RELEASE_BELL)
    return account


def _lock(waiting: WaitingKey) -> WaitingKey:
    row: WaitingKey | None = WaitingKey.objects.select_for_update().filter(pk=waiting.pk).first()
    if row is None:
        raise NoLongerWaiting
    return row


def _introduce(key: str, account: Account, by: User) -> None:
    with written_by(by), refusing({"accounts_contact_external_id": ExternalIdTaken}):
        lock_account(account)
        person, _made = Contact.objects.get_or_create(
            external_id=key,
            defaults={
                "account": account,
                "is_ghost": True,
                "search_text": fold_for_search(key),
            },
        )
        if person.account_id != account.pk:
            raise ExternalIdTaken
