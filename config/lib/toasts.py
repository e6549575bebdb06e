"""What the next page says about what was just done, with the way to take it back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.functional import Promise

UNDO = "undo:"


def say(request: HttpRequest, text: str | Promise, *, undo: str = "") -> None:
    """Show a toast on the next page; `undo` is the address that takes the change back by POST."""
    messages.success(request, str(text), extra_tags=UNDO + undo if undo else "")


@dataclass(frozen=True)
class Toast:
    """What one toast says, line by line; `undo` is the address that takes it back, or nothing."""

    lines: list[str]
    tags: str
    undo: str


def as_toasts(messages: Iterable[Message]) -> Iterator[Toast]:
    """Yield a toast for each message; those of one kind with nothing to undo share one."""
    for (tags, undo), told in groupby(messages, key=_kind):
        if undo:
            yield from (Toast([str(message)], tags, undo) for message in told)
        else:
            yield Toast([str(message) for message in told], tags, undo)


def _kind(message: Message) -> tuple[str, str]:
    tags = message.extra_tags or ""
    return message.level_tag, tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
