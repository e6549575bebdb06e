"""Errors of the REST API as RFC 9457 `application/problem+json`, worded in the caller's language.

One handler for everything a view can raise. `errors[].pointer` is a JSON pointer to the field.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from config.lib.problems import Conflict, FieldError, PreconditionFailed, Problem, TooLarge

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: Problem.title,
    401: _("Log in or send a valid token."),
    403: _("You are not allowed to do this."),
    404: _("There is nothing at this address."),
    405: _("This address can't be used this way."),
    406: _("The answer can't be given in this format."),
    409: Conflict.title,
    412: PreconditionFailed.title,
    413: TooLarge.title,
    415: _("The body is in a format that can't be read."),
    429: _("Too many requests. Try again later."),
}
CODES = {
    400: Problem.code,
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: Conflict.code,
    412: PreconditionFailed.code,
    413: TooLarge.code,
    415: "unsupported_media_type",
    429: "throttled",
}
WHOLE = api_settings.NON_FIELD_ERRORS_KEY
UNEXPECTED = _("Something went wrong on our side.")


def problem_body(problem: Problem) -> dict[str, Any]:
    """Word a problem in the active language, with the members of RFC 9457 and its `code`."""
    body: dict[str, Any] = {
        "type": f"urn:yorisoi:problem:{problem.code}",
        "title": str(problem.title),
        "status": problem.status,
        "detail": str(problem),
        "code": problem.code,
    }
    body["errors"] = [
        {"pointer": error.pointer, "detail": str(error.detail)} for error in problem.errors
    ]
    return body


def problem_response(problem: Problem) -> JsonResponse:
    """Answer with a problem outside of REST views."""
    return JsonResponse(problem_body(problem), status=problem.status, content_type=CONTENT_TYPE)


def handle_exception(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what a REST view raised into a problem; None (a server error) for anything unknown."""
    problem = _problem_of(exc)
    if problem is None:
        return None
    set_rollback()
    _answer_in_json(context)
    headers = _headers(exc)
    return Response(
        problem_body(problem), status=problem.status, headers=headers, content_type=CONTENT_TYPE
    )


def problem_of_status(status: int) -> Problem:
    """Make a problem of a bare HTTP status."""
    problem = Problem()
    problem.status, problem.title = status, TITLES.get(status, UNEXPECTED)
    problem.code = CODES.get(status, "error")
    return problem


def _problem_of(exc: Exception) -> Problem | None:
    match exc:
        case Problem():
            return exc
        case Http404():
            return problem_of_status(404)
        case PermissionDenied():
            return problem_of_status(403)
        case RequestDataTooBig():  # read as a form, to look for the token of a session
            return TooLarge()
        case ValidationError():
            return Problem(errors=list(_model_faults(exc)))
        case exceptions.ValidationError():
            return Problem(errors=list(faults_of(exc.detail)))
        case exceptions.APIException():
            problem = problem_of_status(exc.status_code)
            problem.code, problem.detail = str(exc.get_codes()), str(exc.detail)
            return problem
    return None


def place_of(pointer: str, name: object) -> str:
    """Return the pointer to a member of what a pointer leads to."""
    escaped = str(name).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{escaped}"


def faults_of(detail: Any, pointer: str = "") -> Iterator[FieldError]:
    """Flatten the nested errors of a serializer; many=True nests them by row number."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from faults_of(inner, pointer if name == WHOLE else place_of(pointer, name))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from faults_of(inner, f"{pointer}/{number}" if nested else pointer)
    else:
        yield FieldError(pointer, detail)


def _model_faults(exc: ValidationError) -> Iterator[FieldError]:
    by_field = exc.message_dict if hasattr(exc, "error_dict") else {NON_FIELD_ERRORS: exc.messages}
    for name, messages in by_field.items():
        pointer = "" if name == NON_FIELD_ERRORS else place_of("", name)
        for message in messages:
            yield FieldError(pointer, message)


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def _answer_in_json(context: Mapping[str, Any]) -> None:
    """Answer in JSON even when what was asked for is a format that errors are not written in."""
    request = context["request"]
    request.accepted_renderer = JSONRenderer()
    request.accepted_media_type = JSONRenderer.media_type
