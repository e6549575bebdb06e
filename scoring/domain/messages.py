"""One message of the Segment protocol: checked field by field, then known by six plain values.

Checking the same item received at the same instant always gives the same answer, so that the
worker, who reads the stored body again, leaves out exactly what the request refused.
"""

import datetime as dt
import hashlib
import json
import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scoring.domain.wire import NotANumber

USAGE_KINDS = frozenset({"track", "page", "screen"})
TRAIT_KINDS = frozenset({"identify", "group"})
KINDS = USAGE_KINDS | TRAIT_KINDS | {"alias"}

LIVE_PAST = dt.timedelta(days=30)
LIVE_FUTURE = dt.timedelta(hours=1)
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)

LONGEST_MESSAGE_ID = 100
LONGEST_USER_KEY = 128
LONGEST_GROUP_KEY = 128
LONGEST_NAME = 200
LONGEST_ITEM = 32 * 1024
MOST_PROPERTIES = 250
DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the worker uses it; `properties` are the traits of identify and group."""

    kind: str
    message_id: str | None
    user_key: str | None
    previous_key: str | None
    group_key: str | None
    name: str | None
    occurred_at: dt.datetime
    properties: dict[str, Any]

    def identity(self, *, write_key: int, batch: int, index: int) -> uuid.UUID:
        """Return the key to deduplicate by; without a messageId, one that is never met again."""
        own = self.message_id if self.message_id is not None else f"\0{batch}:{index}"
        digest = hashlib.sha256(f"{write_key}\0{own}".encode()).digest()
        return uuid.UUID(bytes=digest[:16])


class ItemRefused(ValueError):
    """One item can't be taken: the field, as a path below the item, and why."""

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """When and how a request came in; `sent_at` is the sender's clock at that moment."""

    received_at: dt.datetime
    is_import: bool = False
    sent_at: dt.datetime | None = None


def read_message(item: Any, receipt: Receipt) -> Message:
    """Check one item and bring it to one shape.

    :raises ItemRefused: naming the first field that is wrong.
    """
    if not isinstance(item, dict):
        raise ItemRefused("", "not_an_object")
    _check_content(item)
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ItemRefused("/type", "unknown_type")
    context = _object(item, "context")
    traits = _object(item, "traits")
    user_key = _key(item, "userId", LONGEST_USER_KEY)
    anonymous_key = _key(item, "anonymousId", LONGEST_USER_KEY)
    group_key = _group_key(item, context, traits)
    if user_key is None and group_key is None:
        raise ItemRefused("/userId", "nobody" if anonymous_key is None else "only_anonymous")
    return Message(
        kind=kind,
        message_id=_key(item, "messageId", LONGEST_MESSAGE_ID),
        user_key=user_key,
        previous_key=_previous_key(item, kind, user_key),
        group_key=_required_group(kind, group_key),
        name=_name(item, kind),
        occurred_at=_occurred_at(item, receipt),
        properties=traits if kind in TRAIT_KINDS else _properties(item, kind),
    )


def read_instant(value: Any, field: str) -> dt.datetime:
    """Read an ISO 8601 instant; without a zone it is UTC.

    :raises ItemRefused: when it is none.
    """
    try:
        instant = dt.datetime.fromisoformat(value)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=dt.UTC)
        return instant.astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        raise ItemRefused(field, "not_an_instant") from None


def _occurred_at(item: dict[str, Any], receipt: Receipt) -> dt.datetime:
    """Return the event's time by our clock: receipt − (sentAt − timestamp), as Segment does.

    An import tells of the past by a record, not by a clock: its times are taken as they stand.
    """
    received_at = receipt.received_at
    if item.get("timestamp") is None:
        return received_at
    stated = read_instant(item["timestamp"], "/timestamp")
    sent_at = receipt.sent_at
    if item.get("sentAt") is not None:
        sent_at = read_instant(item["sentAt"], "/sentAt")
    try:
        skewed = sent_at is None or receipt.is_import
        occurred_at = stated if skewed else received_at - (sent_at - stated)  # type: ignore[operator]
    except OverflowError:
        raise ItemRefused("/timestamp", "not_an_instant") from None
    if occurred_at > received_at + LIVE_FUTURE:
        raise ItemRefused("/timestamp", "in_the_future")
    if occurred_at < (EARLIEST if receipt.is_import else received_at - LIVE_PAST):
        raise ItemRefused("/timestamp", "too_old")
    return occurred_at


def _name(item: dict[str, Any], kind: str) -> str | None:
    if kind not in USAGE_KINDS:
        return None
    if kind != "track":
        return kind
    name = item.get("event")
    if not isinstance(name, str) or not name.strip():
        raise ItemRefused("/event", "no_event_name")
    if len(name) > LONGEST_NAME:
        raise ItemRefused("/event", "too_long")
    return name.strip()


def _properties(item: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the properties; the name and category of a page are two of them."""
    properties = _object(item, "properties")
    if kind in ("page", "screen"):
        own = {key: item[key] for key in ("name", "category") if isinstance(item.get(key), str)}
        return own | properties
    return properties


def _group_key(item: dict[str, Any], context: Any, traits: Any) -> str | None:
    company = traits.get("company")
    places = (
        (item, "groupId", ""),
        (context, "groupId", "/context"),
        (traits, "groupId", "/traits"),
        (company if isinstance(company, dict) else {}, "id", "/traits/company"),
    )
    for holder, name, path in places:
        key = _key(holder, name, LONGEST_GROUP_KEY, path)
        if key is not None:
            return key
    return None


def _required_group(kind: str, group_key: str | None) -> str | None:
    if kind == "group" and group_key is None:
        raise ItemRefused("/groupId", "no_group")
    return group_key


def _previous_key(item: dict[str, Any], kind: str, user_key: str | None) -> str | None:
    if kind != "alias":
        return None
    previous = _key(item, "previousId", LONGEST_USER_KEY)
    if previous is None:
        raise ItemRefused("/previousId", "no_previous")
    if user_key is None:
        raise ItemRefused("/userId", "nobody")
    return previous


def _key(holder: dict[str, Any], name: str, longest: int, path: str = "") -> str | None:
    """Read an id: text or a whole number; empty text is none."""
    value = holder.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ItemRefused(f"{path}/{name}", "not_an_id")
    text = str(value)
    if len(text) > longest:
        raise ItemRefused(f"{path}/{name}", "too_long")
    return text


def _object(item: dict[str, Any], name: str) -> dict[str, Any]:
    value = item.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ItemRefused(f"/{name}", "not_an_object")
    return value


def _check_content(item: dict[str, Any]) -> None:
    """Refuse what can't be stored or would be a burden: bad text, no numbers, depth, length.

    Almost every item is innocent, and one pass of the C encoder shows it; only what that leaves
    in doubt is walked through, to name the place.
    """
    if not _is_innocent(item):
        _search(item)


def _is_innocent(item: dict[str, Any]) -> bool:
    try:
        text = json.dumps(item, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    if len(text) > LONGEST_ITEM or text.count("{") + text.count("[") > DEEPEST:
        return False
    if text.count(":") > MOST_PROPERTIES:
        return False
    return "\\u0000" not in text and (text.isascii() or not _has_surrogate(text))


def _search(item: dict[str, Any]) -> None:
    for name in ("properties", "traits", "context"):
        if _properties_in(item.get(name)) > MOST_PROPERTIES:
            raise ItemRefused(f"/{name}", "too_many_properties")
    length = 0
    level: list[tuple[str, Any]] = [("", item)]
    for _ in range(DEEPEST + 1):
        below: list[tuple[str, Any]] = []
        for path, value in level:
            length += _check_value(path, value)
            below.extend(_children(path, value))
        if length > LONGEST_ITEM:
            raise ItemRefused("", "item_too_large")
        if not below:
            return
        level = below
    raise ItemRefused(level[0][0], "too_deep")


def _properties_in(value: Any, level: int = 0) -> int:
    """Count the keys of a value and of what is in it, as deep as is taken."""
    if level > DEEPEST:
        return 0
    if isinstance(value, list):
        return sum(_properties_in(child, level + 1) for child in value)
    if isinstance(value, dict):
        return len(value) + sum(_properties_in(child, level + 1) for child in value.values())
    return 0


def _check_value(path: str, value: Any) -> int:
    """Return about how many characters a value takes."""
    if isinstance(value, str):
        if "\0" in value or (not value.isascii() and _has_surrogate(value)):
            raise ItemRefused(path, "bad_text")
        return len(value)
    if isinstance(value, NotANumber) or (isinstance(value, float) and not math.isfinite(value)):
        raise ItemRefused(path, "not_a_number")
    if isinstance(value, dict):
        return sum(_check_value(path, key) for key in value)
    return 4


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _children(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}", child
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield f"{path}/{number}", child
