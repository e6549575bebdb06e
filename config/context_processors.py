"""What every page of the frame needs: links, theme, the other language, and today."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from config.lib import navigation
from config.lib.clock import app_now

FRAME_MODULES = [
    "js/theme.js",
    "js/menu.js",
    "js/dialog.js",
    "js/toast.js",
    "js/keys.js",
    "js/mentions.js",
    "js/palette.js",
]


class Frame:
    """The frame's links, looked up when a template asks for a place."""

    def __init__(self, request: HttpRequest) -> None:
        self._user = getattr(request, "user", None)
        self._path = request.path
        self._request = request

    def __getitem__(self, place: str) -> list[navigation.Link]:
        if not getattr(self._user, "is_authenticated", False):
            return []
        if place == "tabs":
            return navigation.tabs(user=self._user, path=self._path)
        if place == "kept":
            return navigation.kept_links(user=self._user, request=self._request)
        return navigation.links(place, user=self._user, path=self._path)


def _today() -> Callable[[], date]:
    return cache(lambda: timezone.localdate(app_now()))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates `frame`, `theme`, `other_language` and `today` (in the reader's zone)."""
    current = translation.get_language() or settings.LANGUAGE_CODE
    other = next(
        ({"code": code, "name": name} for code, name in settings.LANGUAGES if code != current), None
    )
    return {
        "frame": Frame(request),
        "frame_modules": FRAME_MODULES,
        "theme": getattr(getattr(request, "user", None), "theme", "auto"),
        "other_language": other,
        "today": _today(),
        "LANGUAGE_CODE": current,
    }
