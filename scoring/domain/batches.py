"""A body of messages: which of its items are taken and which are refused, and why."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scoring.domain.messages import ItemRefused, Message, Receipt, read_instant, read_message
from scoring.domain.wire import BodyRefused

MOST_ITEMS = 2_500


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item that was not taken: its place, its messageId as sent, the field and the reason."""

    index: int
    message_id: Any
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body holds, item by item."""

    taken: list[tuple[int, Message]]
    refused: list[Refusal]


def read_batch(document: dict[str, Any], *, received_at: dt.datetime, is_import: bool) -> Reading:
    """Check every item of a batch; a messageId counts once, its later items are refused.

    :raises BodyRefused: `no_batch`, `empty_batch`, `too_many_items` or `bad_sent_at`.
    """
    receipt = Receipt(received_at, is_import, _sent_at(document))
    taken: list[tuple[int, Message]] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for index, item in enumerate(_items(document)):
        try:
            message = read_message(item, receipt)
            _take_once(message.message_id, seen)
            taken.append((index, message))
        except ItemRefused as refusal:
            own_id = item.get("messageId") if isinstance(item, dict) else None
            refused.append(Refusal(index, own_id, refusal.field, refusal.code))
    return Reading(taken, refused)


def _items(document: dict[str, Any]) -> Iterator[Any]:
    batch = document.get("batch")
    if not isinstance(batch, list):
        raise BodyRefused("no_batch")
    if not batch:
        raise BodyRefused("empty_batch")
    if len(batch) > MOST_ITEMS:
        raise BodyRefused("too_many_items")
    return iter(batch)


def _sent_at(document: dict[str, Any]) -> dt.datetime | None:
    if document.get("sentAt") is None:
        return None
    try:
        return read_instant(document["sentAt"], "/sentAt")
    except ItemRefused:
        raise BodyRefused("bad_sent_at") from None


def _take_once(message_id: str | None, seen: set[str]) -> None:
    if message_id is None:
        return
    if message_id in seen:
        raise ItemRefused("/messageId", "duplicate")
    seen.add(message_id)
