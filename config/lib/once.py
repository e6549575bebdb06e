"""What a request asks for again and again, and what can't change while it runs, is read once.

The organisation's zone is one such thing: a change of it acts from the next request or task on.
A run over many accounts keeps what it reads in the same way. Outside of both nothing is kept, so
tasks and tests always read anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

T = TypeVar("T")

_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept_for_this_request", default=None)


def once(key: str, read: Callable[[], T]) -> T:
    """Return what `read` answered first in this request, or answers now outside of one."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    answer: T = kept[key]
    return answer


@contextmanager
def reading_once() -> Iterator[None]:
    """Open a memory that ends with the block; inside of another one that one is used."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


class OnceMiddleware:
    """Open a request's memory, and close it with the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading_once():
            return self.get_response(request)
