"""Colleagues named in a talk with `@`: noting them, and that they have seen it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.domain.mentions import MARK, mentioned
from accounts.domain.names import fold_width_and_case
from accounts.models import Touchpoint, TouchpointMention
from accounts.selectors.mentions import names_of_colleagues


@transaction.atomic
def note_mentions(*, talks: Sequence[Touchpoint], at: dt.datetime) -> None:
    """Keep a row for each colleague named in one talk, which may stand at several accounts.

    A draft names nobody yet. Who is no longer named, and has not seen it, is forgotten again; the
    author needs no telling.
    """
    first = talks[0]
    text = "\n".join((first.purpose, first.body, first.decisions))
    found: list[int] = []
    if not first.is_draft and MARK in fold_width_and_case(text):
        found = [pk for pk in mentioned(text, names_of_colleagues()) if pk != first.created_by_id]
    told = TouchpointMention.objects.filter(touchpoint__in=talks)
    told.unseen().exclude(user__in=found).delete()
    TouchpointMention.objects.bulk_create(
        [
            TouchpointMention(touchpoint=talk, user_id=pk, recorded_at=at)
            for talk in talks
            for pk in found
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def see_mention(*, mention: TouchpointMention, at: dt.datetime) -> None:
    """Note that a mention was seen, with those of the same talk at other accounts."""
    same = TouchpointMention.objects.unseen().filter(user=mention.user_id)
    group = mention.touchpoint.group
    own = same.filter(touchpoint__group=group) if group else same.filter(pk=mention.pk)
    own.update(seen_at=at)
