"""A write that is sent twice under one `Idempotency-Key` happens once and answers the same.

The key's row is inserted in the transaction of the write: a second request waits for the first,
then repeats its answer, or does the work itself if the first was rolled back.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from django.core.files import File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.clock import app_now
from config.lib.problems import FieldError, Problem

KEPT = dt.timedelta(hours=24)
LONGEST_KEY = 200
REPEATED = ("Location", "ETag")


class KeyReused(Problem):
    """The key came before with another body."""

    status = 409
    code = "idempotency_key_reused"
    title = _("This idempotency key was used for another request.")


class BadKey(Problem):
    """The key is empty or longer than can be kept."""

    code = "bad_idempotency_key"
    title = _("The idempotency key can't be used.")


class Kept(NamedTuple):
    """An answer as it is given again."""

    status: int
    response: Any
    headers: dict[str, str] = {}


def answer_once(
    model: type[models.Model],
    *,
    owner: str,
    key: str,
    body_digest: bytes,
    at: dt.datetime,
    make: Callable[[], Kept],
) -> Kept:
    """Return the answer kept for (owner, key), or the one `make` returns, and keep it.

    `model` has the columns owner, key, body_digest, status, response, headers and created_at, and
    is unique over (owner, key). What `make` raises keeps nothing, so the caller may try again.

    :raises KeyReused: when the key came with another body in the last 24 hours.
    """
    rows = model._default_manager
    with transaction.atomic():
        rows.filter(owner=owner, key=key, created_at__lte=at - KEPT).delete()
        fresh = model(owner=owner, key=key, body_digest=body_digest, created_at=at)
        rows.bulk_create([fresh], ignore_conflicts=True)
        kept = rows.values("body_digest", "status", "response", "headers")
        row = kept.get(owner=owner, key=key)
        if bytes(row["body_digest"]) != body_digest:
            raise KeyReused
        if row["status"] is not None:
            return Kept(row["status"], row["response"], row["headers"])
        answer = make()
        rows.filter(owner=owner, key=key).update(
            status=answer.status, response=answer.response, headers=answer.headers
        )
        return answer


class IdempotencyMixin:
    """For views that create, left of the generic ones; `idempotency_model` keeps the answers."""

    idempotency_model: ClassVar[type[models.Model]]

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create once per `Idempotency-Key`; without one, create.

        :raises KeyReused: when the key came with another body in the last 24 hours.
        :raises BadKey: when the key is empty, too long or has a NUL, which no column keeps.
        """
        create = super().create  # type: ignore[misc]
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return create(request, *args, **kwargs)  # type: ignore[no-any-return]
        if not 0 < len(key) <= LONGEST_KEY or "\0" in key:
            fault = FieldError("/Idempotency-Key", _("Give 1 to 200 characters, none of them NUL."))
            raise BadKey(errors=[fault])

        def make() -> Kept:
            response = create(request, *args, **kwargs)
            body = json.loads(JSONRenderer().render(response.data))
            return Kept(response.status_code, body, self.headers_of(response))

        kept = answer_once(
            self.idempotency_model,
            owner=_owner(request),
            key=key,
            body_digest=_digest(request),
            at=app_now(),
            make=make,
        )
        return Response(kept.response, status=kept.status, headers=kept.headers)

    def headers_of(self, response: Response) -> dict[str, str]:
        """Return the headers that belong to an answer however often it is given."""
        return {name: response[name] for name in REPEATED if name in response}


def _owner(request: Request) -> str:
    if request.auth is not None:
        return f"token:{request.auth.pk}"
    if request.user.pk is None:
        raise NotAuthenticated
    return f"user:{request.user.pk}"


def _digest(request: Request) -> bytes:
    body = json.dumps(request.data, sort_keys=True, default=_text)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).digest()


def _text(value: Any) -> str:
    """Return what tells two values apart; of a file its content, whatever it is called."""
    if not isinstance(value, File):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()
