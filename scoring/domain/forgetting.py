"""Take a person out of a body of messages that waits to be read: what was done may still count."""

from collections.abc import Callable, Iterator
from typing import Any

from scoring.domain.messages import USAGE_KINDS

#: What an item still says of a person's act: what, when, where. Never who.
_KEPT = ("type", "event", "name", "messageId", "timestamp", "groupId")


def forget_in(document: dict[str, Any], *, names: Callable[[str, str | None], bool]) -> bool:
    """Leave of each item that names the person what counts for an account; say if any did.

    Items keep their places, by which those without a messageId are known.

    :param names: `names(text, group)`, whether a text of an item of that group names the person.
    """
    items = document.get("batch")
    if not isinstance(items, list):
        return False
    left = [_left_of(item, names) for item in items]
    is_named = left != items
    document["batch"] = left
    return is_named


def _left_of(item: Any, names: Callable[[str, str | None], bool]) -> Any:
    group = _group(item)
    if not any(names(text, group) for text in _texts(item)):
        return item
    if group is None or item.get("type") not in USAGE_KINDS:
        return {}
    kept = {**item, "groupId": group}
    return {key: kept[key] for key in _KEPT if key in kept and not names(str(kept[key]), group)}


def _group(item: Any) -> str | None:
    """Return which account an item is about; an id of another shape was refused and names none."""
    context = item.get("context") if isinstance(item, dict) else None
    for holder in (item, context):
        group = holder.get("groupId") if isinstance(holder, dict) else None
        if isinstance(group, str | int) and group not in ("", True, False):
            return str(group)
    return None


def _texts(value: Any) -> Iterator[str]:
    """Yield every text and number in a value, keys of objects, too."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str | int | float):
        yield str(value)
