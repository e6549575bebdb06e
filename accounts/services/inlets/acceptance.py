"""Take a body that another system posted: check it, store it in one insert, be done.

Whatever else is to happen happens in a worker. A body that is sent again is the delivery it was.
"""

import datetime as dt
import hashlib
import zlib
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.domain.json_records import BodyRefused, NoRecords, read_json, records_in
from accounts.domain.webhook_signatures import is_signed
from accounts.models import Inlet, InletDelivery
from accounts.services.inlets.addresses import find_inlet, secret_of
from config.lib.bells import ring
from config.lib.problems import Problem, Text

BELL = "inlet.received"
MESSAGE_ID, TIMESTAMP = "webhook-id", "webhook-timestamp"
_REASONS: Mapping[str, Text] = {
    "not_json": _("The body is no JSON in UTF-8."),
    "too_deep": _("The body is nested too deeply."),
    "unstorable": _("A text of the body contains a character that can't be stored."),
}


class NoInlet(Problem):
    """There never was an inlet at the address, or it was revoked or got another one."""

    status = 404
    code = "not_found"
    title = _("There is nothing at this address.")


class BadSignature(Problem):
    """The body carries no signature, or not the one the secret gives."""

    status = 401
    code = "bad_signature"
    title = _("The signature is missing, wrong or too old.")


class UnreadableBody(Problem):
    """The body is no JSON within the limits; nothing of it is stored."""

    code = "unreadable_body"
    title = _("The body can't be read.")


class BodyTooLarge(UnreadableBody):
    """The body has too many bytes, or too many records."""

    status = 413
    code = "too_large"
    title = _("The body is too large, or holds too many records.")


def open_inlet(*, key: str, body: bytes, headers: Mapping[str, str], at: dt.datetime) -> Inlet:
    """Return the inlet at an address, for a body that may be left there.

    The signature is reckoned whether there is an inlet or not: time tells nothing.

    :raises NoInlet: when none takes anything there.
    :raises BadSignature: when it takes only what is signed, and this is not.
    """
    inlet = find_inlet(key=key)
    shape = inlet or Inlet()
    is_right = is_signed(
        body,
        secret=secret_of(key),
        signature=headers.get(shape.signature_header, ""),
        message_id=headers.get(MESSAGE_ID, ""),
        timestamp=headers.get(TIMESTAMP, ""),
        now=at.timestamp(),
    )
    if inlet is None:
        raise NoInlet
    if inlet.is_signed and not is_right:
        raise BadSignature
    return inlet


def accept_delivery(
    *, inlet: Inlet, body: bytes, message_id: str, at: dt.datetime
) -> InletDelivery:
    """Store a body for the worker, or return the delivery it was before.

    :param message_id: what the sender calls it; without one equal bodies are one.
    :raises UnreadableBody: when it is no JSON within the limits.
    """
    if len(body) > settings.INLET_MAX_BODY_BYTES:
        raise BodyTooLarge
    try:
        document = read_json(body)
    except BodyRefused as refusal:
        raise UnreadableBody(_REASONS[refusal.code]) from None
    if _too_many(document, inlet.records_path):
        raise BodyTooLarge
    named = f"id:{message_id}".encode() if message_id else b"body:" + body
    with transaction.atomic():
        delivery, is_new = InletDelivery.objects.get_or_create(
            inlet=inlet,
            message_key=hashlib.sha256(named).digest(),
            defaults={"body": zlib.compress(body), "size": len(body), "received_at": at},
        )
        if is_new:
            ring(BELL)
    return delivery


def _too_many(document: object, path: str) -> bool:
    try:
        count = len(records_in(document, path))
    except NoRecords:  # told on the page of the inlet: its sender can't mend the path
        return False
    return count > int(settings.INLET_MAX_RECORDS)
