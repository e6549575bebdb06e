"""What the next page says about what was just done, with the way to take it back."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.functional import Promise

UNDO = "undo:"


def say(request: HttpRequest, text: str | Promise, *, undo: str = "") -> None:
    """Show a toast on the next page; `undo` is the address that takes the change back by POST."""
    messages.success(request, str(text), extra_tags=UNDO + undo if undo else "")


def undo_address(message: Message) -> str:
    """Return where a message's undo button posts to, or nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
