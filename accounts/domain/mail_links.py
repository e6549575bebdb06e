"""Links that only the addressee of a mail may hold.

A mail in the outbox carries `{{link:answer}}` where its link belongs. The link's secret is an HMAC
of the mail's key and the purpose under the installation's secret: it is worked out when the mail
is sent and stands nowhere in the database, so a dump, a backup or the outbox page hands out no
link. Who makes the mail stores the SHA-256 of the secret to recognise it later.
"""

import base64
import hashlib
import hmac
import re

_PLACEHOLDER = re.compile(r"\{\{link:([a-z_]+)\}\}")
HIDDEN = "••••••••"


def link_secret(*, mail_key: str, purpose: str, secret: bytes) -> str:
    """Return the 43 URL-safe characters (256 bits) a link of this mail ends in."""
    message = f"mail-link\0{mail_key}\0{purpose}".encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def link_digest(link: str) -> bytes:
    """Return what is stored to recognise a link: the SHA-256 of its secret part."""
    return hashlib.sha256(link.encode()).digest()


def fill_links(text: str, *, mail_key: str, secret: bytes) -> str:
    """Put the secrets where the placeholders stand; only for the way out of the house."""
    return _PLACEHOLDER.sub(
        lambda match: link_secret(mail_key=mail_key, purpose=match[1], secret=secret), text
    )


def hide_links(text: str) -> str:
    """Put dots where the placeholders stand, for whoever may read the mail but not use its link."""
    return _PLACEHOLDER.sub(HIDDEN, text)
