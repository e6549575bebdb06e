"""One key for one person, whatever account they stand in: a keyed hash of the mail address.

Throttle, suppression, unsubscribing and erasure use it, so that they work without the address.
"""

import hashlib
import hmac


def person_key(address: str, *, secret: bytes) -> bytes:
    """Return the 32 bytes for a mail address; case and surrounding space make no difference."""
    folded = address.strip().casefold()
    return hmac.new(secret, f"person\0{folded}".encode(), hashlib.sha256).digest()
