"""Write keys: made once, shown once, known again by a keyed hash."""

import datetime as dt
import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from config.lib.problems import Problem
from scoring.models import WriteKey

SALT = "scoring.write_key"
PREFIX = "wk_"
PREFIX_LENGTH = 11


class WriteKeyRefused(Problem):
    """The request carries no write key, an invented one, or one that was revoked."""

    status = 401
    code = "write_key_refused"
    title = _("Send a valid write key as the user name of Basic authentication.")


def digest_of(secret: str) -> bytes:
    """Return the keyed hash by which a write key is stored."""
    return salted_hmac(SALT, secret, algorithm="sha256").digest()


def create_write_key(
    *,
    name: str,
    creates_accounts: bool = False,
    team: Team | None = None,
    allowed_traits: Sequence[str] = (),
) -> tuple[WriteKey, str]:
    """Make a write key and return it with its secret, which is kept nowhere.

    :raises ValidationError: when accounts shall be created for no team, or a trait is unknown.
    """
    write_key = WriteKey(
        name=name,
        creates_accounts=creates_accounts,
        team=team,
        allowed_traits=list(allowed_traits),
    )
    return write_key, issue_write_key(write_key=write_key)


@transaction.atomic
def issue_write_key(*, write_key: WriteKey) -> str:
    """Give a new write key its secret, store it and return the secret.

    :raises ValidationError: when a field of the key does not hold.
    """
    secret = f"{PREFIX}{secrets.token_urlsafe(24)}"
    write_key.prefix, write_key.digest = secret[:PREFIX_LENGTH], digest_of(secret)
    write_key.full_clean()
    write_key.save(force_insert=True)
    return secret


def find_write_key(*, secret: str) -> WriteKey:
    """Return the write key of this secret.

    :raises WriteKeyRefused: when there is none or it was revoked.
    """
    try:
        return WriteKey.objects.get(digest=digest_of(secret), revoked_at=None)
    except WriteKey.DoesNotExist:
        raise WriteKeyRefused from None


@transaction.atomic
def revoke_write_key(*, write_key: WriteKey, at: dt.datetime) -> None:
    """Refuse the key from now on; what it sent stays."""
    WriteKey.objects.filter(pk=write_key.pk, revoked_at=None).update(revoked_at=at)
