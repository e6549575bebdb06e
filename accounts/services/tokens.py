"""API tokens: `prefix_id.secret`, shown once, kept as a keyed hash, never above their owner."""

import datetime as dt
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import TokenScope
from accounts.models import ApiToken, User
from accounts.services.authors import written_by
from config.lib.problems import FieldError, Problem

PREFIX = "yori"
LONGEST_LIFE = dt.timedelta(days=366)
#: The time of last use is a hint, not a log: a busy client must not write a row a request.
NOTED_EVERY = dt.timedelta(minutes=1)
_SALT = "accounts.services.tokens"


class InvalidToken(Problem):
    """Invented, damaged, expired, revoked, or of somebody who left: all look alike."""

    status = 401
    code = "invalid_token"
    title = _("The token is not valid.")


class BadLifetime(Problem):
    """A token must expire, and within a year."""

    code = "bad_lifetime"
    title = _("A token lives from one day to 366 days.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/days", self.title)])


@dataclass(frozen=True)
class NewToken:
    """The stored row and the text that opens it, which nobody can show again."""

    row: ApiToken
    text: str


def create_api_token(
    *,
    user: User,
    name: str,
    at: dt.datetime,
    scopes: Iterable[TokenScope | str] = (TokenScope.READ,),
    lifetime: dt.timedelta = dt.timedelta(days=90),
    by: User | None = None,
) -> NewToken:
    """Make a token for a user.

    :raises BadLifetime: for none, or more than a year.
    """
    if not dt.timedelta(0) < lifetime <= LONGEST_LIFE:
        raise BadLifetime
    prefix = f"{PREFIX}_{secrets.token_hex(5)}"
    text = f"{prefix}.{secrets.token_urlsafe(32)}"
    with written_by(by):
        row = ApiToken.objects.create(
            user=user,
            name=name,
            prefix=prefix,
            digest=_digest(text),
            scopes=sorted({TokenScope(scope).value for scope in scopes}),
            created_at=at,
            expires_at=at + lifetime,
        )
    return NewToken(row=row, text=text)


def authenticate_token(*, text: str, at: dt.datetime) -> ApiToken:
    """Return the token a text opens, with its user, and note that it was used.

    :raises InvalidToken: whatever is wrong with it.
    """
    prefix = text.partition(".")[0][:16]
    row: ApiToken | None = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
    known = bytes(row.digest) if row is not None else b""
    if not hmac.compare_digest(known, _digest(text)) or row is None:
        raise InvalidToken
    if row.revoked_at is not None or row.expires_at <= at or not row.user.is_active:
        raise InvalidToken
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - NOTED_EVERY)
    if row.last_used_at is None or row.last_used_at < at - NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=row.pk).update(last_used_at=at)
    return row


def revoke_api_token(*, token: ApiToken, at: dt.datetime, by: User | None = None) -> None:
    """End a token now; acts on the next request. Twice is once."""
    with written_by(by):
        ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def _digest(text: str) -> bytes:
    return salted_hmac(_SALT, text, algorithm="sha256").digest()
