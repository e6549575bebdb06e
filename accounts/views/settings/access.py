"""Who may open which settings."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.choices import UserRole

View = Callable[..., HttpResponse]


def administers(user: Any) -> bool:
    """Say whether the user sets up the house."""
    return bool(getattr(user, "role", "") == UserRole.ADMINISTRATOR)


def for_administrators(view: View) -> View:
    """Let administrators in and nobody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not administers(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
