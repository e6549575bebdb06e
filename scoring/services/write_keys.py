"""Write keys: made once, shown once, known again by a keyed hash."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.services.authors import written_by
from config.lib.problems import Conflict, Problem
from scoring.models import WriteKey

SALT = "scoring.write_key"
PREFIX = "wk_"
PREFIX_LENGTH = 11
CHANGEABLE = frozenset({"name", "owner", "creates_accounts", "team", "allowed_traits"})


class WriteKeyRefused(Problem):
    """The request carries no write key, an invented one, or one that was revoked."""

    status = 401
    code = "write_key_refused"
    title = _("Send a valid write key as the user name of Basic authentication.")


class WriteKeyRevoked(Conflict):
    """A key that opens nothing gets no other secret."""

    code = "write_key_revoked"
    title = _("This write key is revoked. Make another one.")


def digest_of(secret: str) -> bytes:
    """Return the keyed hash by which a write key is stored."""
    return salted_hmac(SALT, secret, algorithm="sha256").digest()


def create_write_key(
    *,
    name: str,
    creates_accounts: bool = False,
    team: Team | None = None,
    allowed_traits: Sequence[str] = (),
    owner: User | None = None,
    by: User | None = None,
) -> tuple[WriteKey, str]:
    """Make a write key and return it with its secret, which is kept nowhere.

    :param owner: the colleague who is asked when what it sends is wrong or stays away.

    :raises ValidationError: when accounts shall be created for no team, or a trait is unknown.
    """
    write_key = WriteKey(
        name=name,
        creates_accounts=creates_accounts,
        team=team,
        allowed_traits=list(allowed_traits),
        owner=owner,
    )
    with written_by(by):
        return write_key, issue_write_key(write_key=write_key)


@transaction.atomic
def issue_write_key(*, write_key: WriteKey) -> str:
    """Give a new write key its secret, store it and return the secret.

    :raises ValidationError: when a field of the key does not hold.
    """
    secret = _give_secret(write_key)
    write_key.full_clean()
    write_key.save(force_insert=True)
    return secret


def rotate_write_key(*, write_key: WriteKey, by: User | None = None) -> str:
    """Give a key another secret and return it; the one before opens nothing any more.

    :raises WriteKeyRevoked: for a key that was revoked.
    """
    with written_by(by):
        row: WriteKey = WriteKey.objects.select_for_update().get(pk=write_key.pk)
        if row.revoked_at is not None:
            raise WriteKeyRevoked
        secret = _give_secret(row)
        row.save(update_fields=["prefix", "digest"])
    return secret


def _give_secret(write_key: WriteKey) -> str:
    secret = f"{PREFIX}{secrets.token_urlsafe(24)}"
    write_key.prefix, write_key.digest = secret[:PREFIX_LENGTH], digest_of(secret)
    return secret


def find_write_key(*, secret: str) -> WriteKey:
    """Return the write key of this secret.

    :raises WriteKeyRefused: when there is none or it was revoked.
    """
    try:
        return WriteKey.objects.get(digest=digest_of(secret), revoked_at=None)
    except WriteKey.DoesNotExist:
        raise WriteKeyRefused from None


def update_write_key(
    *, write_key: WriteKey, changes: Mapping[str, Any], by: User | None = None
) -> WriteKey:
    """Change what a key is called, who answers for it and what it may do; never its secret.

    :raises ValidationError: when accounts shall be created for no team, or a trait is unknown.
    """
    with written_by(by):
        row: WriteKey = WriteKey.objects.select_for_update().get(pk=write_key.pk)
        for name in CHANGEABLE & changes.keys():
            setattr(row, name, changes[name])
        row.full_clean()
        row.save(update_fields=sorted(CHANGEABLE))
    return row


def revoke_write_key(*, write_key: WriteKey, at: dt.datetime, by: User | None = None) -> None:
    """Refuse the key from now on; what it sent stays. Twice is once."""
    with written_by(by):
        WriteKey.objects.filter(pk=write_key.pk, revoked_at=None).update(revoked_at=at)
