"""Pages speak the language and zone of who is signed in, and the history knows who it was."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pghistory.middleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

# What stands behind these is a secret: whoever knows the path may answer in a customer's name.
SECRET_PATHS = ("/s/", "/u/")


class NotStoredMiddleware:
    """What we answer is about customers: no browser and no proxy keeps it, unless a view says so.

    Static files are served before, and may be kept for ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class PreferencesMiddleware:
    """After authentication: the user's own language wins over cookie and browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        language = request.LANGUAGE_CODE = request.user.language
        with translation.override(language), timezone.override(_zone(request.user.time_zone)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _zone(name: str) -> ZoneInfo | None:
    """A zone the machine's database lacks falls back to the installation's."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Tell the history who changed a row and on which page, but never a secret path."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what is kept beside each change; it also stands in the SQL text itself."""
        context: dict[str, Any] = super().get_context(request)
        if request.path.startswith(SECRET_PATHS):
            context["url"] = request.path[:3]
        return context
