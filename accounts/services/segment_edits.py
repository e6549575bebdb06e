"""Segments as people write them: begun under a free key, changed, put away, given back."""

import datetime as dt
import json
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Segment, User
from accounts.services.authors import written_by
from accounts.services.segments import (
    STARTER,
    archive_segment,
    read_rules,
    refresh_memberships,
    save_segment,
)

KEY_LENGTH = 50


def begin_segment(*, name_en: str, name_ja: str, rule: Any, by: User, at: dt.datetime) -> Segment:
    """Make a segment; its key is its English name, numbered where that is taken.

    :raises InvalidSegment: when the rules can't be used; nothing is made then.
    """
    read_rules(rule, by=by)
    with written_by(by):
        key = _take_key(name_en, name_ja)
        return save_segment(key=key, name_en=name_en, name_ja=name_ja, rule=rule, at=at, by=by)


def change_segment(
    *, segment: Segment, name_en: str, name_ja: str, rule: Any, by: User, at: dt.datetime
) -> Segment:
    """Change the names and the rules; the key stays.

    :raises InvalidSegment: when the rules can't be used; nothing is changed then.
    """
    with written_by(by):
        return save_segment(
            key=segment.key, name_en=name_en, name_ja=name_ja, rule=rule,
            is_shipped=segment.is_shipped, at=at, by=by,
        )  # fmt: skip


def put_away_segment(*, segment: Segment, by: User, at: dt.datetime) -> None:
    """Take a segment out of use."""
    with written_by(by):
        archive_segment(segment=segment, at=at)


def take_up_segment(*, segment: Segment, by: User, at: dt.datetime) -> None:
    """Take a segment up again; who fulfils its rules enters now. Twice is once.

    :raises InvalidSegment: when its rules can't be used any more.
    """
    with written_by(by):
        taken = Segment.objects.filter(pk=segment.pk).exclude(archived_at=None)
        if taken.update(archived_at=None, updated_at=at):
            refresh_memberships(segments=[segment], at=at)


def shipped_original(segment: Segment) -> dict[str, Any] | None:
    """Return the names and the rule a segment was shipped with, None for one that was not."""
    file = STARTER / f"{segment.key}.json"
    if not segment.is_shipped or not file.is_file():
        return None
    original: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return {name: original[name] for name in ("name_en", "name_ja", "rule")}


def restore_original(*, segment: Segment, by: User, at: dt.datetime) -> None:
    """Give a shipped segment its names and rules back; one that was not shipped stays."""
    original = shipped_original(segment)
    if original is not None:
        change_segment(segment=segment, by=by, at=at, **original)


@transaction.atomic
def _take_key(name_en: str, name_ja: str) -> str:
    """Take the first free key by inserting it, so that two at once get two keys."""
    stem = slugify(name_en)[:KEY_LENGTH].strip("-_") or "segment"
    number, key = 1, stem
    names = {"name_en": name_en, "name_ja": name_ja, "rule": {"combinator": "and", "rules": []}}
    while not Segment.objects.get_or_create(key=key, defaults=names)[1]:
        number += 1
        key = f"{stem}-{number}"
    return key
