"""The address at which other systems post: check who sends, store, answer.

No session and no form token: the key in the address, and the signature, are all the authority
there is. Everything but a failure of ours (5xx) is an answer for good.
"""

import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.services.inlets.acceptance import MESSAGE_ID, accept_delivery, open_inlet
from config.lib.clock import app_now
from config.lib.problem_details import problem_response
from config.lib.problems import Problem
from config.lib.rate_limit import AddressLimiter

_limiter = AddressLimiter()


class TooManyRequests(Problem):
    """One inlet was sent more requests within a minute than a process takes."""

    status = 429
    code = "throttled"
    title = _("Too many requests. Try again later.")


@csrf_exempt
@login_not_required
@require_POST
def inlet_door(request: HttpRequest, key: str) -> HttpResponse:
    """Answer 202 with the id of what was stored, the same for the same body."""
    at = app_now()
    body = request.read(settings.INLET_MAX_BODY_BYTES + 1)
    try:
        inlet = open_inlet(key=key, body=body, headers=request.headers, at=at)
        limit = settings.INLET_REQUESTS_PER_MINUTE
        if not _limiter.allows(str(inlet.pk), limit=limit, now=time.monotonic()):
            raise TooManyRequests
        message_id = request.headers.get(MESSAGE_ID, "")
        delivery = accept_delivery(inlet=inlet, body=body, message_id=message_id, at=at)
    except TooManyRequests as refusal:
        response = problem_response(refusal)
        response["Retry-After"] = str(_limiter.seconds_left(time.monotonic()))
        return response
    except Problem as refusal:
        return problem_response(refusal)
    return JsonResponse({"id": delivery.pk}, status=202)
