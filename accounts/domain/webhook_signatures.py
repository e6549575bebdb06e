"""Whether a body comes from who shares a secret with us: HMAC-SHA256 in the shapes senders use.

Standard Webhooks sign `id.timestamp.body` with the bytes behind `whsec_` and send `v1,<base64>`;
GitHub, HubSpot and others sign the body with the secret as it is written and send hexadecimal
digits, with or without `sha256=` before them.
"""

import base64
import hashlib
import hmac

PREFIX = "whsec_"
#: So many seconds may lie between the clocks of sender and receiver, as Standard Webhooks says.
TOLERANCE = 300
_VERSION = "v1,"
_LONGEST_TIMESTAMP = 12


def is_signed(
    body: bytes, *, secret: str, signature: str, message_id: str, timestamp: str, now: float
) -> bool:
    """Say whether a signature is that of the body, in constant time.

    :param now: seconds since 1970, against which a signed timestamp is held.
    """
    if _VERSION in signature:
        signed = f"{message_id}.{timestamp}.".encode() + body
        key = base64.b64decode(secret.removeprefix(PREFIX))
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
        given = [part.removeprefix(_VERSION) for part in signature.split()]
        found = [hmac.compare_digest(one.encode(), expected) for one in given]
        return any(found) and _is_fresh(timestamp, now)
    digits = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given_digits = signature.strip().lower().removeprefix("sha256=")
    return hmac.compare_digest(given_digits.encode(), digits.encode())


def _is_fresh(timestamp: str, now: float) -> bool:
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP
    return is_number and abs(now - int(timestamp)) <= TOLERANCE
