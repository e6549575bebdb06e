"""Messages of people who were erased: what was done counts, who did it is not taken up again."""

from dataclasses import replace
from functools import cache

from accounts.models import Erasure
from accounts.services.outbox import person_key_of
from accounts.services.privacy.fence import keep_erasures_out
from scoring.domain.messages import Message


class Erased:
    """The ids of everybody who was erased, as keyed hashes; no erasure begins meanwhile."""

    def __init__(self) -> None:
        keep_erasures_out()
        rows = Erasure.objects.values_list("user_keys", flat=True)
        self._hashes = {bytes(one) for keys in rows for one in keys}
        self._names = cache(lambda key: person_key_of(key) in self._hashes)

    def left_of(self, message: Message) -> Message | None:
        """Return what of a message may be stored: all, the event of an account, or nothing."""
        keys = (message.user_key, message.previous_key)
        if not self._hashes or not any(key and self._names(key) for key in keys):
            return message
        if message.group_key is None or message.kind in {"identify", "alias"}:
            return None
        return replace(message, user_key=None, properties={})
