"""Accept a request of the ingestion endpoints: check it, store its body in one insert, be done.

Whatever else is to happen happens in a worker. A request that is sent again after an answer got
lost is stored again; its messages are told by their ids.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from config.lib.bells import ring
from config.lib.problems import FieldError, Problem
from scoring.choices import BodyFault, ItemFault
from scoring.domain.batches import Reading, Refusal, read_batch
from scoring.domain.wire import BodyRefused, pack, read_object, unpack, without_secret
from scoring.models import IngestBatch, WriteKey
from scoring.services.ingest.faults import note_refused_body, note_refused_items

ACCEPTED_BELL = "ingest.accepted"


class BodyUnreadable(Problem):
    """The body as a whole is not what the endpoint takes; nothing of it is stored."""

    code = "unreadable_body"
    title = _("The body can't be read.")


class BodyTooLarge(BodyUnreadable):
    """The body, or what it unpacks to, is beyond the limit."""

    status = 413
    code = "too_large"
    title = _("The body is too large.")


class ItemsRefused(Problem):
    """Not one item of the body can be taken."""

    code = "items_refused"
    title = _("No item can be taken.")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How many items were taken, and which were not."""

    taken: int
    refused: Sequence[Refusal]


def accept_batch(
    *, write_key: WriteKey, body: bytes, is_gzip: bool, at: dt.datetime, is_import: bool = False
) -> Acceptance:
    """Store a batch for the worker and report the items it will leave out.

    :raises BodyUnreadable: when the body is no batch within the limits.
    :raises ItemsRefused: when no item at all can be taken.
    """
    with _refusing_the_body(write_key, at):
        text = _text_of(body, is_gzip=is_gzip)
        reading = read_batch(read_object(text), received_at=at, is_import=is_import)
    _note_refused(write_key, reading, at)
    if not reading.taken:
        raise ItemsRefused(errors=[field_error(refusal, batch=True) for refusal in reading.refused])
    kept = without_secret(text)
    packed = body if is_gzip and kept == text else pack(kept)
    return _store(write_key, reading, packed, at, is_import=is_import)


def accept_message(
    *, write_key: WriteKey, kind: str, body: bytes, is_gzip: bool, at: dt.datetime
) -> Acceptance:
    """Store a single message, whose kind the address tells, as a batch of one.

    :raises BodyUnreadable: when the body is no object within the limits.
    :raises ItemsRefused: when the message can't be taken.
    """
    with _refusing_the_body(write_key, at):
        item = read_object(without_secret(_text_of(body, is_gzip=is_gzip)))
        document = {"batch": [{**item, "type": kind}]}
        reading = read_batch(document, received_at=at, is_import=False)
    _note_refused(write_key, reading, at)
    if not reading.taken:
        errors = [field_error(refusal, batch=False) for refusal in reading.refused]
        raise ItemsRefused(errors=errors)
    return _store(write_key, reading, pack(json.dumps(document).encode()), at, is_import=False)


def field_error(refusal: Refusal, *, batch: bool) -> FieldError:
    """Word a refusal: where it stands in the body and what is wrong."""
    place = f"/batch/{refusal.index}" if batch else ""
    return FieldError(f"{place}{refusal.field}", ItemFault(refusal.code).label)


def _store(
    write_key: WriteKey, reading: Reading, packed: bytes, at: dt.datetime, *, is_import: bool
) -> Acceptance:
    IngestBatch.objects.create(
        write_key=write_key,
        received_at=at,
        due_at=at,
        is_import=is_import,
        items=len(reading.taken),
        body=packed,
    )
    ring(ACCEPTED_BELL)
    return Acceptance(len(reading.taken), reading.refused)


def _text_of(body: bytes, *, is_gzip: bool) -> bytes:
    limit = settings.INGEST_MAX_BODY_BYTES
    if len(body) > limit:
        raise BodyRefused(BodyFault.TOO_LARGE)
    return unpack(body, limit=limit) if is_gzip else body


def _note_refused(write_key: WriteKey, reading: Reading, at: dt.datetime) -> None:
    if reading.refused:
        zone = Organisation.objects.zone().key
        note_refused_items(write_key_id=write_key.pk, refused=reading.refused, zone=zone, at=at)


@contextmanager
def _refusing_the_body(write_key: WriteKey, at: dt.datetime) -> Iterator[None]:
    """Give what the protocol refuses the name of a problem, and count it."""
    try:
        yield
    except BodyRefused as refusal:
        zone = Organisation.objects.zone().key
        note_refused_body(write_key_id=write_key.pk, code=refusal.code, zone=zone, at=at)
        problem = BodyTooLarge if refusal.code == BodyFault.TOO_LARGE else BodyUnreadable
        raise problem(BodyFault(refusal.code).label) from None
