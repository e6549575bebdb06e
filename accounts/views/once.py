"""A form sent twice by a double click makes one record: the second is led where the first was.

A form that makes or does something carries a name of its own; what was sent under it is answered
once, as a request with an `Idempotency-Key` is. Other words under that name are another sending,
and so are the same words once the record they made was taken back.
"""

import hashlib
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import IdempotencyKey
from config.lib.clock import app_now
from config.lib.idempotency import Kept, answer_once
from config.lib.toasts import say

SENT_AS = "sent_as"
_NAME = re.compile(r"[0-9a-f]{32}")
_LED_ON = 302
#: Columns that say of a record that it was taken back.
_TAKEN_BACK = ("archived_at", "is_archived", "retracted_at", "revoked_at")
_CANCELLED = "cancelled"


class Made(str):
    """The address to which a form leads that made records."""

    records: tuple[Model, ...]

    def __new__(cls, to: str, *records: Model) -> "Made":
        made = super().__new__(cls, to)
        made.records = records
        return made


def carry_name(form: Any) -> None:
    """Give a form that is shown a name of its own."""
    form.sent_as = uuid.uuid4().hex


def done_before(request: HttpRequest) -> str | None:
    """Return where the same sending led before, and say so; None where it is the first.

    It counts as the first, too, where nothing of what it made still stands.
    """
    if not (key := _key(request)):
        return None
    kept = IdempotencyKey.objects.filter(owner=_owner(request), key=key, status=_LED_ON).first()
    if kept is None:
        return None
    to, made = _read(kept.response)
    if not _still_stands(made):
        IdempotencyKey.objects.filter(pk=kept.pk).delete()
        return None
    return _lead_on(request, to)


def do_once(request: HttpRequest, save: Callable[[], str]) -> str:
    """Return where `save` leads; of two at the same moment the second is led there, too."""
    if not (key := _key(request)):
        return save()
    led: list[str] = []

    def make() -> Kept:
        led.append(to := save())
        made = [(row._meta.label_lower, row.pk) for row in getattr(to, "records", ())]
        return Kept(_LED_ON, {"to": to, "made": made})

    answer = answer_once(
        IdempotencyKey, owner=_owner(request), key=key, body_digest=b"", at=app_now(), make=make
    )
    return led[0] if led else _lead_on(request, _read(answer.response)[0])


def _read(response: Any) -> tuple[str, list[tuple[str, int]]]:
    """Return where a sending led and what it made; older versions kept the address alone."""
    return (response, []) if isinstance(response, str) else (response["to"], response["made"])


def _lead_on(request: HttpRequest, to: str) -> str:
    say(request, _("This was saved already."))
    return to


def _still_stands(made: list[tuple[str, int]]) -> bool:
    return not made or any(_stands(label, pk) for label, pk in made)


def _stands(label: str, pk: int) -> bool:
    row = apps.get_model(label)._base_manager.filter(pk=pk).first()
    if row is None or getattr(row, "status", "") == _CANCELLED:
        return False
    return not any(getattr(row, name, None) for name in _TAKEN_BACK)


def _owner(request: HttpRequest) -> str:
    return f"user:{request.user.pk}"


def _key(request: HttpRequest) -> str:
    name = request.POST.get(SENT_AS, "")
    if not _NAME.fullmatch(name):
        return ""
    words = f"{request.get_full_path()}\n{request.POST.urlencode()}"
    return f"page:{name}:{hashlib.sha256(words.encode()).hexdigest()}"
