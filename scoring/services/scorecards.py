"""Scorecards and the drafts of their versions: checked when saved, hashed, installed from files.

Who is judged by which scorecard is an ordered list of conditions; the default takes all others.
What becomes of a draft stands in `scoring.services.scorecard_versions`.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Segment, User
from accounts.services.conflicts import refusing
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import Conflict, FieldError, Problem
from scoring.choices import ScorecardState
from scoring.domain.pruning import prune_definition
from scoring.models import Scorecard, ScorecardVersion
from scoring.models.scorecard import FROM_THE_BEGINNING
from scoring.selectors.custom_metrics import all_metrics
from scoring.services.scorecard_faults import InvalidScorecard, check_audience, check_definition

__all__ = [
    "ChangedSince",
    "InvalidScorecard",
    "archive_scorecard",
    "change_draft",
    "change_scorecard",
    "check_definition",
    "create_scorecard",
    "digest_of",
    "discard_draft",
    "draft_version",
    "install_starter_content",
    "order_scorecards",
    "restore_scorecard",
]

STARTER = Path(__file__).resolve().parent.parent / "starter"
FIRST_POSITION = 10


class NotADraft(Conflict):
    """Only a draft can be changed: what is in review or published stays as it was read."""

    code = "not_a_draft"
    title = _("Only a draft can be changed.")


class ChangedSince(Conflict):
    """Somebody wrote the version anew after it was read."""

    code = "changed_since"
    title = _("Somebody changed this version since you opened it. Read it again.")


class NotThrownAway(Problem):
    """Only what was a draft and is gone comes back."""

    status = 404
    code = "not_thrown_away"
    title = _("No such draft was thrown away.")


class DraftOpen(Conflict):
    """A scorecard has one draft at a time on its pages."""

    code = "draft_open"
    title = _("Another draft was begun meanwhile.")


class KeyTaken(Conflict):
    """There is another scorecard with this key."""

    code = "scorecard_key_taken"
    title = _("There is a scorecard with this key.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/key", self.title)])


class DefaultNeeded(Conflict):
    """Every account has a scorecard, so one of them is for all others."""

    code = "default_scorecard_needed"
    title = _("One scorecard is for all other accounts; it can't be archived or given a condition.")


class EmptySegment(Problem):
    """Nobody falls into the segment, so nobody would be judged."""

    code = "empty_segment"
    title = _("No account falls into this segment.")

    def __init__(self, pointer: str) -> None:
        super().__init__(errors=[FieldError(pointer, self.title)])


class NotTheScorecards(Problem):
    """An order names each scorecard exactly once."""

    code = "not_the_scorecards"
    title = _("Name every scorecard exactly once.")


def digest_of(definition: Mapping[str, Any]) -> str:
    """Return the sha256 of a definition, whatever the order of its keys."""
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def create_scorecard(
    *,
    key: str,
    name_en: str,
    name_ja: str,
    condition: Mapping[str, Any],
    definition: Mapping[str, Any],
    at: dt.datetime,
    user: User | None = None,
) -> Scorecard:
    """Add a scorecard before the default, with a first draft; it judges nobody until published.

    :param condition: whom it is for: tracked, phase, touch_model, tier, kind, segment.
    :raises KeyTaken: when there is one with this key.
    :raises InvalidScorecard: when condition or definition can't be used.
    :raises EmptySegment: when nobody falls into the segment it is for.
    """
    audience = _checked(condition)
    with refusing({"scoring_scorecard_key_key": KeyTaken}):
        scorecard = Scorecard.objects.create(
            key=key,
            name_en=name_en,
            name_ja=name_ja,
            condition=audience,
            position=_last_position() + 10,
        )
    draft_version(scorecard=scorecard, definition=definition, at=at, user=user)
    return scorecard


@transaction.atomic
def change_scorecard(*, scorecard: Scorecard, changes: Mapping[str, Any], at: dt.datetime) -> None:
    """Change `name_en`, `name_ja` or `condition`; a new condition has everybody computed anew.

    :raises DefaultNeeded: when the default is given a condition.
    :raises InvalidScorecard: when the condition can't be used.
    :raises EmptySegment: when nobody falls into the segment it is for.
    """
    if "condition" in changes:
        if scorecard.is_default and changes["condition"]:
            raise DefaultNeeded
        changes = {**changes, "condition": _checked(changes["condition"])}
    for field, value in changes.items():
        setattr(scorecard, field, value)
    scorecard.save(update_fields=list(changes))
    if "condition" in changes:
        mark_everybody(at=at)


@transaction.atomic
def order_scorecards(*, keys: Sequence[str], at: dt.datetime) -> None:
    """Let accounts be tried against the scorecards in this order; the default stays last.

    :raises NotTheScorecards: unless each one but the default is named once.
    """
    cards = {
        card.key: card
        for card in Scorecard.objects.select_for_update().filter(archived_at=None, is_default=False)
    }
    if sorted(keys) != sorted(cards):
        raise NotTheScorecards
    for place, key in enumerate(keys, start=1):
        cards[key].position = place * FIRST_POSITION
    Scorecard.objects.bulk_update(cards.values(), ["position"])
    mark_everybody(at=at)


@transaction.atomic
def archive_scorecard(*, scorecard: Scorecard, at: dt.datetime) -> None:
    """Take a scorecard out of use from now on; twice is once.

    :raises DefaultNeeded: when it is the default.
    """
    if scorecard.is_default:
        raise DefaultNeeded
    if Scorecard.objects.filter(pk=scorecard.pk, archived_at=None).update(archived_at=at):
        mark_everybody(at=at)
    scorecard.refresh_from_db()


@transaction.atomic
def restore_scorecard(*, scorecard: Scorecard, at: dt.datetime) -> None:
    """Take an archived scorecard into use again, at its place in the order; twice is once."""
    if Scorecard.objects.filter(pk=scorecard.pk, archived_at__isnull=False).update(
        archived_at=None
    ):
        mark_everybody(at=at)
    scorecard.refresh_from_db()


@transaction.atomic
def draft_version(
    *,
    scorecard: Scorecard,
    definition: Mapping[str, Any],
    at: dt.datetime | None = None,
    user: User | None = None,
    note: str = "",
) -> ScorecardVersion:
    """Write down a new version as a draft, which affects nobody.

    :param note: why it is wanted.
    :raises InvalidScorecard: when it can't be read.
    """
    check_definition(definition=definition)
    return _add(scorecard, definition, author=user, note=note, **({"updated_at": at} if at else {}))


@transaction.atomic
def change_draft(
    *,
    version: ScorecardVersion,
    definition: Mapping[str, Any],
    at: dt.datetime,
    note: str | None = None,
    read: str | None = None,
) -> None:
    """Write a draft anew.

    :param read: digest of the wording the change is based on.
    :raises NotADraft: when it is in review or published.
    :raises ChangedSince: when it is worded otherwise by now.
    :raises InvalidScorecard: when it can't be read; the draft stays as it was.
    """
    check_definition(definition=definition)
    changes = {"definition": definition, "digest": digest_of(definition), "updated_at": at}
    if note is not None:
        changes["note"] = note
    locked = ScorecardVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != ScorecardState.DRAFT:
        raise NotADraft
    check_read(locked, read)
    ScorecardVersion.objects.filter(pk=version.pk).update(**changes)
    version.refresh_from_db()


@transaction.atomic
def discard_draft(*, version: ScorecardVersion) -> None:
    """Throw a draft away.

    :raises NotADraft: when it is in review or published.
    """
    found, _rows = ScorecardVersion.objects.filter(
        pk=version.pk, state=ScorecardState.DRAFT
    ).delete()
    if not found:
        raise NotADraft


@transaction.atomic
def restore_draft(
    *, scorecard: Scorecard, discarded: int, at: dt.datetime, user: User | None = None
) -> ScorecardVersion:
    """Write a draft that was thrown away down again, as it was saved last; its history tells.

    :param discarded: the id it had.
    :raises NotThrownAway: when there was no such draft, or it is there.
    :raises DraftOpen: when another one was begun.
    :raises InvalidScorecard: when it names what is gone by now.
    """
    Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    events: Any = ScorecardVersion.pgh_event_model  # type: ignore[attr-defined]
    told = events.objects.filter(pgh_obj_id=discarded, scorecard_id=scorecard.pk)
    last = told.order_by("-pgh_id").first()
    is_there = ScorecardVersion.objects.filter(pk=discarded).exists()
    if last is None or is_there or last.state != ScorecardState.DRAFT:
        raise NotThrownAway
    if scorecard.versions.exclude(state=ScorecardState.PUBLISHED).exists():
        raise DraftOpen
    return draft_version(
        scorecard=scorecard, definition=last.definition, at=at, user=user, note=last.note
    )


@transaction.atomic
def install_starter_content(*, at: dt.datetime) -> list[str]:
    """Add the shipped scorecards that are not there yet, live; return the keys of new ones.

    What no metric stands behind is left out, the weights of the rest keep their proportions.
    An existing scorecard is never touched.
    """
    added = []
    for path in sorted(STARTER.glob("*.json")):
        item = json.loads(path.read_text())
        definition = prune_definition(item.pop("definition"), metrics=set(all_metrics()))
        scorecard, is_new = Scorecard.objects.get_or_create(
            key=item.pop("key"), defaults={**item, "is_shipped": True}
        )
        if is_new:
            check_definition(definition=definition)
            _add(
                scorecard,
                definition,
                state=ScorecardState.PUBLISHED,
                effective_on=FROM_THE_BEGINNING,
                published_at=at,
            )
            added.append(scorecard.key)
    if added:
        mark_everybody(at=at)
    return added


def mark_everybody(*, at: dt.datetime) -> None:
    """Have every account computed anew: which scorecard judges it, or what that says, changed."""
    accounts = Account.objects.active().values_list("pk", flat=True)
    mark_accounts_dirty(account_ids=accounts, reason="scorecard", at=at)


def check_read(version: ScorecardVersion, read: str | None) -> None:
    """Compare a version with what somebody read, where they say what that was.

    :raises ChangedSince: when it is worded otherwise by now.
    """
    if read is not None and read != version.digest:
        raise ChangedSince


def copy_version(
    *, version: ScorecardVersion, user: User | None, note: str, **fields: Any
) -> ScorecardVersion:
    """Add a version that says word for word what another one said."""
    return _add(version.scorecard, version.definition, author=user, note=note, **fields)


def _add(scorecard: Scorecard, definition: Mapping[str, Any], **fields: Any) -> ScorecardVersion:
    Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    newest = scorecard.versions.order_by("-number").first()
    return ScorecardVersion.objects.create(
        scorecard=scorecard,
        number=newest.number + 1 if newest else 1,
        definition=definition,
        digest=digest_of(definition),
        **fields,
    )


def _checked(condition: Any) -> dict[str, Any]:
    audience = dict(check_audience(audience=condition))
    if "segment" in audience:
        segment = Segment.objects.get(key=audience["segment"])
        if not segment.memberships.filter(left_at=None).exists():
            raise EmptySegment("/condition/segment")
    return audience


def _last_position() -> int:
    ordered = Scorecard.objects.filter(is_default=False).order_by("-position")
    return ordered.values_list("position", flat=True).first() or 0
