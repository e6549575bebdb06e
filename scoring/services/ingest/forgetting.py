"""Take an erased person out of batches that still hold their body, above all those given up.

A batch that a worker holds at this moment is left to it: it asks who was erased as soon as the
erasure is done. Waiting for it here would be waiting for each other.
"""

import json
import math
import re

from accounts.domain.person import Person
from accounts.domain.spellings import Spelling
from accounts.models import Account, ExternalRef
from scoring.domain.forgetting import forget_in
from scoring.domain.wire import BodyRefused, pack, read_object, unpack
from scoring.models import IngestBatch
from scoring.services.ingest.stage import UNPACKED_LIMIT

#: What no longer can be read may name anybody.
NOTHING_LEFT = pack(b'{"batch": [{}]}')


def forget_in_batches(person: Person) -> int:
    """Rewrite the bodies that name the person; return how many did."""
    changed = 0
    named = _Named(person)
    kept = IngestBatch.objects.filter(body__isnull=False).order_by("pk")
    for batch in kept.select_for_update(skip_locked=True, of=("self",)).iterator(chunk_size=20):
        left = _left_of(bytes(batch.body or b""), named)
        if left is not None:
            IngestBatch.objects.filter(pk=batch.pk).update(body=left, last_error="")
            changed += 1
    return changed


class _Named:
    """Says whether a text of an item names the person: by id, address, or name at an account."""

    def __init__(self, person: Person) -> None:
        ids = person.accounts
        refs = ExternalRef.objects.filter(kind="account", object_id__in=ids)
        own = Account.objects.filter(pk__in=ids, external_id__isnull=False)
        self.groups = {*refs.values_list("value", flat=True), None}
        self.groups |= set(own.values_list("external_id", flat=True))
        self.keys = {text.strip().casefold() for text in (*person.addresses, *person.external_ids)}
        self.anywhere = _compiled(person.written_anywhere())
        self.among_us = _compiled(person.written_among_us())

    def __call__(self, text: str, group: str | None) -> bool:
        hint, exact = self.among_us if group in self.groups else self.anywhere
        is_written = hint.search(text) and exact.search(text)
        return bool(is_written) or text.strip().casefold() in self.keys


def _compiled(spelling: Spelling) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(spelling.hint, re.IGNORECASE), re.compile(spelling.exact, re.IGNORECASE)


def _left_of(body: bytes, named: _Named) -> bytes | None:
    """Return what is left of a body; None when it does not name the person.

    NaN stays NaN: an item that was refused for it is refused again.
    """
    try:
        document = read_object(unpack(body, limit=UNPACKED_LIMIT))
    except BodyRefused:
        return NOTHING_LEFT
    if not forget_in(document, names=named):
        return None
    return pack(json.dumps(document, default=lambda _: math.nan).encode())
