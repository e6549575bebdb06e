"""Who may open which settings."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.querysets import administers

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Let administrators in and nobody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not administers(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
