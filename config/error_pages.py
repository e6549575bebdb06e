"""Pages for refusals and faults: one sentence, a way back, a number to quote.

The number stands in the log beside the fault, so that a report finds its trace.
"""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger("yorisoi.errors")


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
    reference = _reference(request)
    logger.error("server error, reference %s", reference)
    html = render_to_string("errors/500.html", {"reference": reference, "theme": "auto"})
    return HttpResponse(html, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was sent too late or from elsewhere."""
    return _page(request, 403, "errors/csrf.html")


def _page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    context = {"reference": _reference(request)}
    logger.info("answered %s, reference %s", status, context["reference"])
    html = render_to_string(template or f"errors/{status}.html", context, request)
    return HttpResponse(html, status=status)


def _reference(request: HttpRequest) -> str:
    return getattr(request, "id", None) or secrets.token_hex(4)
