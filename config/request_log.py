"""Give each request an id, and log and count its answer."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from config.metrics import answer_seconds, answers

GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET_ROUTES = {"healthz", "readyz", "metrics"}
logger = structlog.get_logger("yorisoi.access")


class RequestLogMiddleware:
    """Outermost middleware: what it says about an answer names the route, never the path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        try:
            response = self._get_response(request)
            response["X-Request-ID"] = request_id
            self._note(request, response.status_code, time.perf_counter() - started)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        return response

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "unknown"
        method = request.method or ""
        answer_seconds.labels(method, route).observe(seconds)
        answers.labels(route, str(status)).inc()
        if route not in QUIET_ROUTES:
            milliseconds = round(seconds * 1000, 1)
            logger.info("answer", method=method, route=route, status=status, ms=milliseconds)
