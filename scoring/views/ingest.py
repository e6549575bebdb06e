"""The endpoints Segment clients post to: authenticate, accept, answer.

No session and no form token: the write key in the request is all the authority there is. A wrong
body is answered at once and for good; only a failure of ours (5xx) makes a client try again.
"""

import base64
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from config.lib.clock import app_now
from config.lib.problem_details import problem_response
from config.lib.problems import Problem
from config.lib.rate_limit import AddressLimiter
from scoring.models import WriteKey
from scoring.services.ingest.acceptance import (
    Acceptance,
    accept_batch,
    accept_message,
    field_error,
)
from scoring.services.write_keys import WriteKeyRefused, find_write_key

#: So much of a body too large is read and thrown away, that its sender hears why it failed.
PATIENCE = 32 * 1024 * 1024
CHUNK = 64 * 1024


class UnknownEncoding(Problem):
    """The body is compressed in a way this endpoint does not unpack."""

    status = 415
    code = "unknown_encoding"
    title = _("Send the body as it is or compressed with gzip.")


class TooManyRequests(Problem):
    """One write key sent more requests within a minute than a process takes."""

    status = 429
    code = "throttled"
    title = _("Too many requests. Try again later.")


_limiter = AddressLimiter()


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class IngestView(View):
    """Take a batch of live events, 30 days old at most; with `is_import` of any age."""

    http_method_names = ["post", "options"]
    is_import = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell a client without a valid key how to send one."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except TooManyRequests as refusal:
            response = problem_response(refusal)
            response["Retry-After"] = str(_limiter.seconds_left(time.monotonic()))
            return response
        except WriteKeyRefused as refusal:
            response = problem_response(refusal)
            response["WWW-Authenticate"] = 'Basic realm="write key"'
            return response

    def post(self, request: HttpRequest) -> JsonResponse:
        """Answer how many items were taken and, one by one, what is wrong with the others."""
        write_key = find_write_key(secret=_secret(request))
        limit = settings.INGEST_REQUESTS_PER_MINUTE
        if not _limiter.allows(str(write_key.pk), limit=limit, now=time.monotonic()):
            raise TooManyRequests
        return _answer(self.accept(write_key, _body(request), is_gzip=_is_gzip(request)))

    def accept(self, write_key: WriteKey, body: bytes, *, is_gzip: bool) -> Acceptance:
        return accept_batch(
            write_key=write_key,
            body=body,
            is_gzip=is_gzip,
            is_import=self.is_import,
            at=app_now(),
        )


class MessageView(IngestView):
    """Take one live message whose kind is the last part of the address."""

    kind = ""

    def accept(self, write_key: WriteKey, body: bytes, *, is_gzip: bool) -> Acceptance:
        return accept_message(
            write_key=write_key, kind=self.kind, body=body, is_gzip=is_gzip, at=app_now()
        )


def _answer(acceptance: Acceptance) -> JsonResponse:
    rejected = []
    for refusal in acceptance.refused:
        error = field_error(refusal, batch=True)
        rejected.append(
            {
                "index": refusal.index,
                "messageId": refusal.message_id if isinstance(refusal.message_id, str) else None,
                "errors": [
                    {
                        "pointer": error.pointer,
                        "code": refusal.code,
                        "detail": str(error.detail),
                    }
                ],
            }
        )
    return JsonResponse({"success": True, "accepted": acceptance.taken, "rejected": rejected})


def _secret(request: HttpRequest) -> str:
    """Return the user name of Basic authentication, which carries the write key."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise WriteKeyRefused
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except ValueError:  # not ASCII, not base64 or not UTF-8
        raise WriteKeyRefused from None


def _body(request: HttpRequest) -> bytes:
    """Read the body; of one beyond the limit as much as shows that.

    The rest is heard out for a while and thrown away, as a client that is cut off hears nothing.
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length <= settings.INGEST_MAX_BODY_BYTES:
        return request.read()
    body = request.read(settings.INGEST_MAX_BODY_BYTES + 1)
    heard = len(body)
    while heard < PATIENCE and (chunk := request.read(CHUNK)):
        heard += len(chunk)
    return body


def _is_gzip(request: HttpRequest) -> bool:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip"}:
        raise UnknownEncoding
    return encoding == "gzip"
