"""From draft over review to published, back by publishing an older one, and a pilot before it.

A published version never changes and acts from a day that has not been closed yet, so no official
score of the past can move. Who wrote a version does not publish it where somebody else could.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import STEERING
from accounts.models import Organisation, Segment, User
from config.lib.problems import Conflict, FieldError, Problem
from scoring.choices import ScorecardState
from scoring.models import ScorecardVersion
from scoring.selectors.assignments import STAGES_BELOW
from scoring.services.scorecard_faults import InvalidScorecard, check_definition
from scoring.services.scorecards import (
    EmptySegment,
    NotADraft,
    check_read,
    copy_version,
    mark_everybody,
)


class AlreadyPublished(Conflict):
    """A published version never changes; publish another one."""

    code = "already_published"
    title = _("This version is published and can't be changed.")


class NotInReview(Conflict):
    """Only what was submitted for review is published or rejected."""

    code = "not_in_review"
    title = _("This version is not in review.")


class OwnApproval(Conflict):
    """Somebody else who may edit scorecards has to publish what this person wrote."""

    code = "own_approval"
    title = _("Who wrote or submitted a version can't publish it; ask somebody else.")


class EffectiveInThePast(Problem):
    """A version can't act on days that are closed."""

    code = "effective_in_the_past"
    title = _("Choose today or a later day: the days before are closed.")

    def __init__(self, pointer: str = "/effective_on") -> None:
        super().__init__(errors=[FieldError(pointer, self.title)])


class ReasonNeeded(Problem):
    """A rejection says why."""

    code = "reason_needed"
    title = _("Say why.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/reason", self.title)])


class NotPublished(Conflict):
    """There is no going back to what never acted."""

    code = "not_published"
    title = _("Only a published version can be published again.")


class NotAPilot(Conflict):
    """The version does not act for a pilot segment."""

    code = "not_a_pilot"
    title = _("This version is not on a pilot.")


class SegmentOfHealth(Problem):
    """A segment whose rules ask for health can't decide by which scorecard health is judged."""

    code = "segment_of_health"
    title = _("The rules of this segment ask for health itself, or it is archived.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/segment", self.title)])


@transaction.atomic
def submit_for_review(
    *,
    version: ScorecardVersion,
    user: User | None,
    at: dt.datetime,
    note: str = "",
    read: str | None = None,
) -> None:
    """Ask that a draft be read by somebody else; it can't be changed meanwhile.

    :param note: why it is wanted; empty keeps what was noted.
    :param read: digest of the wording that was read.
    :raises NotADraft: when it is in review or published.
    :raises ChangedSince: when it is worded otherwise by now.
    :raises InvalidScorecard: when a metric or segment it names is gone since it was drafted.
    """
    locked = ScorecardVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != ScorecardState.DRAFT:
        raise NotADraft
    check_read(locked, read)
    check_definition(definition=locked.definition)
    ScorecardVersion.objects.filter(pk=version.pk).update(
        state=ScorecardState.REVIEW,
        submitted_at=at,
        submitted_by=user,
        rejection="",
        rejected_at=None,
        updated_at=at,
        **({"note": note} if note else {}),
    )
    version.refresh_from_db()


@transaction.atomic
def reject_version(
    *, version: ScorecardVersion, user: User | None, at: dt.datetime, reason: str
) -> None:
    """Give a version back to its author, as a draft, with the reason.

    :raises ReasonNeeded: without one.
    :raises NotInReview: when it was not submitted.
    """
    if not reason.strip():
        raise ReasonNeeded
    waiting = ScorecardVersion.objects.filter(pk=version.pk, state=ScorecardState.REVIEW)
    if not waiting.update(
        state=ScorecardState.DRAFT, rejection=reason, rejected_at=at, updated_at=at
    ):
        raise NotInReview
    version.refresh_from_db()


@transaction.atomic
def publish_version(
    *,
    version: ScorecardVersion,
    effective_on: dt.date,
    at: dt.datetime,
    user: User | None = None,
    pilot_segment: Segment | None = None,
    read: str | None = None,
) -> None:
    """Let a version act from a day on, and have every account computed anew.

    Without a user the program itself publishes, also a draft.

    :param pilot_segment: act for this segment alone, until promoted or withdrawn.
    :param read: digest of the wording that was read and approved.
    :raises ChangedSince: when it is worded otherwise by now.
    :raises AlreadyPublished: when it is published.
    :raises NotInReview: when a person publishes what was not submitted.
    :raises OwnApproval: when its author does, and somebody else could.
    :raises EffectiveInThePast: when the day is closed.
    :raises SegmentOfHealth, EmptySegment: when nobody can be piloted on by this segment.
    """
    _check_day(effective_on, at, "/effective_on")
    _check_pilot(pilot_segment)
    locked = ScorecardVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state == ScorecardState.PUBLISHED:
        raise AlreadyPublished
    if user is not None:
        _check_approval(locked, user)
    check_read(locked, read)
    check_definition(definition=locked.definition)
    locked.state = ScorecardState.PUBLISHED
    locked.effective_on, locked.published_at = effective_on, at
    locked.published_by, locked.pilot_segment = user, pilot_segment
    locked.updated_at = at
    locked.save()
    version.refresh_from_db()
    mark_everybody(at=at)


@transaction.atomic
def revert_to(
    *,
    version: ScorecardVersion,
    effective_on: dt.date,
    at: dt.datetime,
    user: User | None = None,
    note: str = "",
) -> ScorecardVersion:
    """Publish what an older version said, as a new one; return it.

    It was reviewed once, so it needs no second review.

    :raises NotPublished: when that version never acted.
    :raises EffectiveInThePast: when the day is closed.
    """
    _check_day(effective_on, at, "/effective_on")
    if version.state != ScorecardState.PUBLISHED:
        raise NotPublished
    again = copy_version(
        version=version,
        user=user,
        note=note,
        state=ScorecardState.PUBLISHED,
        effective_on=effective_on,
        published_at=at,
        published_by=user,
        reverts_to=version,
    )
    mark_everybody(at=at)
    return again


@transaction.atomic
def promote_pilot(*, version: ScorecardVersion, on: dt.date, at: dt.datetime) -> None:
    """Let a version on a pilot act for everybody its scorecard is for, from a day on.

    :raises NotAPilot: when it is none, or was promoted or withdrawn.
    :raises EffectiveInThePast: when the day is closed.
    """
    _check_day(on, at, "/promoted_on")
    _end_pilot(version, at, promoted_on=max(on, version.effective_on or on))


@transaction.atomic
def withdraw_pilot(*, version: ScorecardVersion, on: dt.date, at: dt.datetime) -> None:
    """Let the pilot end without taking over; the version before it judges its segment again.

    :raises NotAPilot: when it is none, or was promoted or withdrawn.
    :raises EffectiveInThePast: when the day is closed.
    """
    _check_day(on, at, "/withdrawn_on")
    _end_pilot(version, at, withdrawn_on=on)


def _end_pilot(version: ScorecardVersion, at: dt.datetime, **days: dt.date) -> None:
    running = ScorecardVersion.objects.filter(
        pk=version.pk,
        state=ScorecardState.PUBLISHED,
        pilot_segment__isnull=False,
        promoted_on=None,
        withdrawn_on=None,
    )
    if not running.update(**days, updated_at=at):
        raise NotAPilot
    version.refresh_from_db()
    mark_everybody(at=at)


def _check_day(day: dt.date, at: dt.datetime, pointer: str) -> None:
    if day < Organisation.objects.day_of(at):
        raise EffectiveInThePast(pointer)


def _check_pilot(segment: Segment | None) -> None:
    if segment is None:
        return
    if segment.archived_at is not None or segment.stage not in STAGES_BELOW:
        raise SegmentOfHealth
    if not segment.memberships.filter(left_at=None).exists():
        raise EmptySegment("/segment")


def _check_approval(version: ScorecardVersion, user: User) -> None:
    if version.state != ScorecardState.REVIEW:
        raise NotInReview
    if needs_somebody_else(version, user):
        raise OwnApproval


def needs_somebody_else(version: ScorecardVersion, user: User) -> bool:
    """Say whether another person has to publish what this one wrote or submitted."""
    if user.pk not in (version.author_id, version.submitted_by_id):
        return False
    others = User.objects.filter(is_active=True, role__in=STEERING).exclude(pk=user.pk)
    return bool(others.exists())


__all__ = [
    "AlreadyPublished",
    "EffectiveInThePast",
    "InvalidScorecard",
    "NotAPilot",
    "NotInReview",
    "NotPublished",
    "OwnApproval",
    "ReasonNeeded",
    "SegmentOfHealth",
    "needs_somebody_else",
    "promote_pilot",
    "publish_version",
    "reject_version",
    "revert_to",
    "submit_for_review",
    "withdraw_pilot",
]
