"""Types of talks: the shipped ones, with what the organisation changed, and its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from accounts.domain.touchpoint_types import INTERNAL_NOTE, USUAL_TYPE
from accounts.models import TouchpointType
from config.lib.formats import is_japanese
from config.lib.once import once

STARTER = Path(__file__).parent.parent / "starter" / "touchpoint_types"
LAST_PLACE = 10_000


@dataclass(frozen=True)
class TalkType:
    """One type as it is offered and read: words in both languages, icon, what is usual for it."""

    key: str
    label_ja: str
    label_en: str
    icon: str
    direction: str
    place: int = LAST_PLACE
    duration_minutes: int | None = None
    is_shipped: bool = False
    is_changed: bool = False
    is_archived: bool = False

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return self.label_ja if is_japanese() else self.label_en

    @property
    def is_note(self) -> bool:
        """Say whether it never counts as a touch."""
        return self.key == INTERNAL_NOTE


def touchpoint_types() -> list[TalkType]:
    """Return every type in its order, archived ones last; read once a request."""
    return once("touchpoint_types", read_touchpoint_types)


def read_touchpoint_types() -> list[TalkType]:
    """Return what `touchpoint_types` returns, as it stands now."""
    rows = {row.key: row for row in TouchpointType.objects.all()}
    shipped = shipped_touchpoint_types()
    found = [_merged(one, rows.pop(one.key, None)) for one in shipped]
    found += [_own(row) for row in rows.values()]
    return sorted(found, key=lambda one: (one.is_archived, one.place, one.key))


def shipped_touchpoint_types() -> list[TalkType]:
    """Return the types as they are shipped."""
    return [TalkType(**data, is_shipped=True) for data in _files()]


def offered_touchpoint_types(*, also: str = "") -> list[TalkType]:
    """Return the types a talk can be given now, and the one it has already."""
    return [one for one in touchpoint_types() if not one.is_archived or one.key == also]


def usual_type() -> str:
    """Return the key of the type a new talk begins with."""
    keys = [one.key for one in offered_touchpoint_types()]
    return USUAL_TYPE if USUAL_TYPE in keys else keys[0]


def type_choices() -> list[tuple[str, str]]:
    """Return (key, name) of every type, archived ones, too: old talks have them."""
    return [(one.key, one.label) for one in touchpoint_types()]


def type_label(key: str) -> str:
    """Return what a type is called; a key nobody knows is shown as it is."""
    return dict(type_choices()).get(key, key)


def find_type(key: str, *, among: Sequence[TalkType]) -> TalkType | None:
    """Return the type with a key."""
    return next((one for one in among if one.key == key), None)


def _merged(shipped: TalkType, row: TouchpointType | None) -> TalkType:
    if row is None:
        return shipped
    return TalkType(
        shipped.key,
        row.label_ja or shipped.label_ja,
        row.label_en or shipped.label_en,
        row.icon or shipped.icon,
        row.direction or shipped.direction,
        place=shipped.place if row.place is None else row.place,
        duration_minutes=row.duration_minutes,
        is_shipped=True,
        is_changed=bool(
            row.label_ja or row.label_en or row.icon or row.direction or row.duration_minutes
        ),
        is_archived=row.archived_at is not None,
    )


def _own(row: TouchpointType) -> TalkType:
    return TalkType(
        row.key,
        row.label_ja,
        row.label_en,
        row.icon,
        row.direction,
        place=LAST_PLACE if row.place is None else row.place,
        duration_minutes=row.duration_minutes,
        is_archived=row.archived_at is not None,
    )


@cache
def _files() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(STARTER.glob("*.json"))]
