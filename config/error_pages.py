"""Pages for refusals and faults: one sentence, a way back, a number to quote.

The number is the beginning of the request's id, so that a report finds its lines in the log.
"""

import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

REFERENCE_LENGTH = 8
logger = structlog.get_logger("yorisoi.errors")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read."""
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a page this role may not open."""
    return _page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address with nothing behind it, or nothing this user may know of."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault without touching the database: it may be what is broken."""
    reference = _reference()
    logger.error("server error", reference=reference)
    context = {"reference": reference, "theme": "auto", "LANGUAGE_CODE": get_language()}
    html = render_to_string("errors/500.html", context)
    return HttpResponse(html, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was sent too late or from elsewhere."""
    return _page(request, 403, "errors/csrf.html")


def _page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    context = {"reference": _reference()}
    html = render_to_string(template or f"errors/{status}.html", context, request)
    return HttpResponse(html, status=status)


def _reference() -> str:
    request_id: str = structlog.contextvars.get_contextvars().get("request_id", "")
    return request_id[:REFERENCE_LENGTH] or secrets.token_hex(REFERENCE_LENGTH // 2)
