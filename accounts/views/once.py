"""A form sent twice by a double click makes one record: the second is led where the first was.

A form that makes or does something carries a name of its own; what was sent under it is answered
once, as a request with an `Idempotency-Key` is. Other words under that name are another sending.
"""

import hashlib
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from accounts.models import IdempotencyKey
from config.lib.clock import app_now
from config.lib.idempotency import Kept, answer_once

SENT_AS = "sent_as"
_NAME = re.compile(r"[0-9a-f]{32}")
_LED_ON = 302


def carry_name(form: Any) -> None:
    """Give a form that is shown a name of its own."""
    form.sent_as = uuid.uuid4().hex


def done_before(request: HttpRequest) -> str | None:
    """Return where the same sending led before, None where it is the first."""
    kept = IdempotencyKey.objects.filter(owner=_owner(request), key=_key(request), status=_LED_ON)
    target: str | None = kept.values_list("response", flat=True).first() if _key(request) else None
    return target


def do_once(request: HttpRequest, save: Callable[[], str]) -> str:
    """Return where `save` leads; of two at the same moment the second is led there, too."""
    if not (key := _key(request)):
        return save()
    answer = answer_once(
        IdempotencyKey,
        owner=_owner(request),
        key=key,
        body_digest=b"",
        at=app_now(),
        make=lambda: Kept(_LED_ON, save()),
    )
    return str(answer.response)


def _owner(request: HttpRequest) -> str:
    return f"user:{request.user.pk}"


def _key(request: HttpRequest) -> str:
    name = request.POST.get(SENT_AS, "")
    if not _NAME.fullmatch(name):
        return ""
    words = f"{request.get_full_path()}\n{request.POST.urlencode()}"
    return f"page:{name}:{hashlib.sha256(words.encode()).hexdigest()}"
