"""The addresses below `/scim/v2/`: who may ask, and how HTTP becomes a request of SCIM."""

import json
from io import BytesIO
from typing import cast

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView
from scim2_models import InvalidSyntaxException, SCIMException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE, ScimResponse

from accounts.api.authentication import BearerAuthentication
from accounts.api.base import CallerThrottle
from accounts.api.permissions import may_reach_far
from accounts.api.scim.resources import SERVICE
from accounts.api.scim.storage import DirectoryStorage, refusal
from accounts.models import User
from accounts.querysets import reach_of
from config.lib.clock import app_now
from config.lib.json_body import StorableJSONParser
from config.lib.problems import Problem

READS = ("GET", "HEAD")


class MayProvision(BasePermission):
    """An administrator's token with the scope `admin`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_reach_far(request) and reach_of(request.user).role in User.objects.all().writers


class ScimRenderer(JSONRenderer):
    """Says that we answer in SCIM's media type as well as in plain JSON."""

    media_type = SCIM_MEDIA_TYPE


@extend_schema(exclude=True)
class ScimView(APIView):
    """Every operation of SCIM; it describes itself below `/Schemas` and `/ResourceTypes`."""

    authentication_classes = (BearerAuthentication,)  # a session is nobody's directory
    permission_classes = (IsAuthenticated, MayProvision)
    throttle_classes = (CallerThrottle,)
    renderer_classes = (ScimRenderer, JSONRenderer)
    http_method_names = ("get", "post", "put", "patch", "delete")

    def get(self, request: Request, path: str = "") -> HttpResponse:
        return self._answer(request, path)

    post = put = patch = delete = get

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        """Word what was refused as SCIM does; what nobody foresaw stays an error of ours."""
        response = _sent(SERVICE.error_response(_refusal(exc)))
        if wait := getattr(exc, "wait", None):
            response["Retry-After"] = str(int(wait) + 1)
        return response

    def _answer(self, request: Request, path: str) -> HttpResponse:
        asked = ScimRequest(
            method=str(request.method),
            base_url=f"{settings.SITE_URL.rstrip('/')}/scim/v2",
            path=f"/{path}",
            query=request.query_params.dict(),
            headers=dict(request.headers),
        )
        asked.body = _body(request, asked)
        storage = DirectoryStorage(
            by=cast(User, request.user), at=app_now(), locks=request.method not in READS
        )
        return _sent(ScimHandler(SERVICE, storage).handle(asked))


def _body(request: Request, asked: ScimRequest) -> bytes:
    """Return a body that our tables can hold, no longer than the service reads.

    :raises PayloadTooLargeException: when it is longer.
    :raises InvalidSyntaxException: when it is no JSON, or nested too deeply.
    """
    most = min(settings.API_MAX_BODY_BYTES, SERVICE.max_body_size(asked) or 10**9)
    body = request.stream.read(most + 1) if request.stream is not None else b""
    if len(body) > most:
        raise SERVICE.payload_too_large(most)
    if body:
        StorableJSONParser().parse(BytesIO(body))
    return bytes(body)


def _sent(answer: ScimResponse) -> HttpResponse:
    content = b"" if answer.body is None else json.dumps(answer.body).encode()
    return HttpResponse(content, status=int(answer.status), headers=answer.headers)


def _refusal(exc: Exception) -> SCIMException:
    if isinstance(exc, SCIMException):
        return exc
    if isinstance(exc, Problem):
        return refusal(exc.status, str(exc))
    if isinstance(exc, exceptions.ParseError):
        return InvalidSyntaxException(detail=str(exc.detail))
    if isinstance(exc, exceptions.APIException):
        return refusal(exc.status_code, str(exc.detail))
    raise exc
