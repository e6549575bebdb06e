"""Types of talks: adding, renaming, ordering, archiving, going back to the original."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.domain.cells import fold_word
from accounts.domain.touchpoint_types import INTERNAL_NOTE, new_key
from accounts.models import Organisation, TouchpointType, User
from accounts.selectors.touchpoint_types import (
    TalkType,
    find_type,
    read_touchpoint_types,
    shipped_touchpoint_types,
)
from accounts.services.authors import written_by
from accounts.services.conflicts import apply_changes
from config.lib.problems import Conflict, FieldError, Problem

LABELS = ("label_ja", "label_en")
CONTENT = (*LABELS, "icon", "direction", "duration_minutes")
STEP = 10


class UnknownTouchpointType(Problem):
    """No type of talk has this key."""

    code = "unknown_touchpoint_type"
    title = _("There is no such type of touchpoint.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/type", self.title)])


class TypeNameMissing(Problem):
    """A type of one's own has a name in each language."""

    code = "type_name_missing"
    title = _("A type needs a name in both languages.")


class TypeNameTaken(Conflict):
    """Two types that read alike can't be told apart, by people nor in files."""

    code = "type_name_taken"
    title = _("Another type is called that.")


class NoteStaysInternal(Problem):
    """An internal note never counts as a touch."""

    code = "note_stays_internal"
    title = _("Internal notes never count as a touch; they have no other direction.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/direction", self.title)])


class LastTouchpointType(Conflict):
    """Without a type no talk could be logged."""

    code = "last_touchpoint_type"
    title = _("This is the last type in use for talks with customers; it can't be archived.")


def write_touchpoint_type(
    *, key: str = "", at: dt.datetime, by: User | None = None, **fields: Any
) -> TouchpointType:
    """Change the type with a key, or add one without; its key then comes from its English name.

    :param fields: `label_ja`, `label_en`, `icon`, `direction`, `duration_minutes`.
    :raises UnknownTouchpointType: for a key nobody has.
    :raises TypeNameMissing: when one of the organisation's own would lack a name.
    :raises TypeNameTaken: when another type, also an archived one, is called the same.
    :raises NoteStaysInternal: for a direction of internal notes.
    """
    with written_by(by):
        types = _lock()
        if not key:
            key = new_key(str(fields.get("label_en", "")), taken={one.key for one in types})
            place = max(one.place for one in types) + STEP
            row = TouchpointType(key=key, icon="users", direction="two_way", place=place)
        else:
            row = _row(key, types)
        if key == INTERNAL_NOTE and fields.get("direction") not in (None, "", "internal"):
            raise NoteStaysInternal
        apply_changes(row, _as_stored(key, fields), allowed=set(CONTENT))
        _check_names(row, types)
        row.save()
    return row


def restore_touchpoint_type(*, key: str, at: dt.datetime, by: User | None = None) -> None:
    """Give a shipped type its words, icon and usual values back; its place stays.

    :raises TypeNameTaken: when another type took its name meanwhile.
    """
    with written_by(by):
        types = _lock()
        row = _row(key, types)
        if key in {one.key for one in shipped_touchpoint_types()}:
            for name in CONTENT:
                setattr(row, name, None if name == "duration_minutes" else "")
            _check_names(row, types)
            row.save()


def archive_touchpoint_type(
    *, key: str, archived: bool = True, at: dt.datetime, by: User | None = None
) -> None:
    """Offer a type no more, or again; talks keep it. Twice is once.

    :raises LastTouchpointType: when no type for talks with customers would be left.
    """
    with written_by(by):
        types = _lock()
        row = _row(key, types)
        if archived == (row.archived_at is not None):
            return
        left = [t for t in types if not (t.is_archived or t.is_note or t.key == key)]
        if archived and not left:
            raise LastTouchpointType
        row.archived_at = at if archived else None
        row.save()


def move_touchpoint_type(
    *, key: str, earlier: bool, at: dt.datetime, by: User | None = None
) -> None:
    """Let a type in use change places with the one before or behind it; at the end it stays."""
    with written_by(by):
        types = _lock()
        _row(key, types)
        order = [one.key for one in types if not one.is_archived]
        if key not in order:
            return
        here = order.index(key)
        there = here - 1 if earlier else here + 1
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            _put_in_order(order, types)


def _put_in_order(order: list[str], types: list[TalkType]) -> None:
    places = {one.key: one.place for one in types}
    for number, key in enumerate(order, start=1):
        if places[key] != number * STEP:
            row = _row(key, types)
            row.place = number * STEP
            row.save()


def _lock() -> list[TalkType]:
    """Let one change of types follow the other, and return how they stand."""
    Organisation.objects.take_turn()
    return read_touchpoint_types()


def _row(key: str, types: list[TalkType]) -> TouchpointType:
    if find_type(key, among=types) is None:
        raise UnknownTouchpointType
    row: TouchpointType | None = TouchpointType.objects.filter(key=key).first()
    return row or TouchpointType(key=key)


def _as_stored(key: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Leave empty what a shipped type has anyway."""
    shipped = find_type(key, among=shipped_touchpoint_types())
    if shipped is None:
        return fields
    texts = set(CONTENT) - {"duration_minutes"}
    return {
        name: "" if name in texts and value == getattr(shipped, name) else value
        for name, value in fields.items()
    }


def _check_names(row: TouchpointType, types: list[TalkType]) -> None:
    shipped = find_type(row.key, among=shipped_touchpoint_types())
    others = {
        fold_word(word)
        for one in types
        if one.key != row.key
        for word in (one.label_ja, one.label_en, one.key)
    }
    for name in LABELS:
        label = getattr(row, name) or (shipped and getattr(shipped, name))
        if not label:
            raise TypeNameMissing(errors=[FieldError(f"/{name}", TypeNameMissing.title)])
        if fold_word(label) in others:
            raise TypeNameTaken(errors=[FieldError(f"/{name}", TypeNameTaken.title)])
