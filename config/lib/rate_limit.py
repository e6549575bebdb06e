"""Count requests by address without keeping an address.

An address is only ever held as a keyed hash, the key is drawn anew for every window and never
leaves the process, and both are forgotten when the window ends.
"""

import hashlib
import secrets
import threading

WINDOW_SECONDS = 60.0
_MOST_ADDRESSES = 50_000


class AddressLimiter:
    """So many requests an address and window, for one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends = 0.0
        self._salt = b""
        self._counts: dict[bytes, int] = {}

    def allows(self, address: str, *, limit: int, now: float) -> bool:
        """Count one request at `now` (monotonic seconds) and tell whether it may pass."""
        with self._lock:
            if now >= self._ends:
                self._begin(now)
            key = hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).digest()
            count = self._counts.get(key, 0) + 1
            if count > 1 or len(self._counts) < _MOST_ADDRESSES:
                self._counts[key] = count
            return count <= limit

    def seconds_left(self, now: float) -> int:
        """Return after how many whole seconds the present window is over."""
        return max(1, round(self._ends - now))

    def _begin(self, now: float) -> None:
        self._ends = now + WINDOW_SECONDS
        self._salt = secrets.token_bytes(32)
        self._counts = {}
