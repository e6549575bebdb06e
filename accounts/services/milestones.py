"""Onboarding milestones: what is planned until when, what was reached, what has to wait.

A correction leaves a retracted copy of the row as it was, so that a past day still sees what was
planned and known then. The shipped set counts in business days from the start of the contract.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.domain.due_dates import LATEST
from accounts.models import Account, OnboardingMilestone, Organisation, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import apply_changes, check_columns, refusing
from accounts.services.corrections import Kept
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import refuse_future
from config.lib.problems import Conflict, FieldError, Problem
from config.lib.workdays import WorkCalendar

STARTER = Path(__file__).parent.parent / "starter" / "milestones"
LABELS = {"label_en", "label_ja"}
PLAIN = {"key", *LABELS, "due_on", "done_on", "is_first_value"}
#: What is said about progress; labels are words.
WEIGHTY = {"due_on", "done_on", "is_first_value"}


class MilestoneExists(Conflict):
    """The account has a milestone of this key."""

    code = "milestone_exists"
    title = _("The account has a milestone with this key.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/key", self.title)])


class MilestoneRetracted(Conflict):
    """A retracted milestone takes no changes."""

    code = "milestone_retracted"
    title = _("The milestone was taken back.")


class NoStartDay(Problem):
    """Nothing says from when the days of onboarding count."""

    code = "no_start_day"
    title = _("The account has no contract, so there is no day to count from.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/starts_on", self.title)])


class BadStartDay(Problem):
    """Days counted from there lie beyond the calendar."""

    code = "bad_start_day"
    title = _("No days can be counted from this one.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/starts_on", self.title)])


_CONFLICTS = {"accounts_milestone_unique": MilestoneExists}
_KEPT = Kept("milestone", MilestoneRetracted, WEIGHTY, _CONFLICTS)


def set_milestone(
    *, account: Account, at: dt.datetime, by: User | None = None, **fields: Any
) -> OnboardingMilestone:
    """Plan a milestone; the label in one language stands for both where the other is missing.

    :param fields: plain columns; the key follows from the English label where it is not given.
    :raises AccountArchived: for an account that is archived, or went into another.
    :raises MilestoneExists: when the account has one of this key.
    """
    row = OnboardingMilestone(account=account, recorded_at=at, updated_at=at)
    fields["label_en"] = fields.get("label_en") or fields.get("label_ja", "")
    fields["label_ja"] = fields.get("label_ja") or fields["label_en"]
    fields["key"] = fields.get("key") or _free_key(account, fields["label_en"])
    apply_changes(row, fields, allowed=PLAIN)
    check_columns(row)
    _check(row, at=at)
    with written_by(by), refusing(_CONFLICTS):
        lock_account(account)
        row.save()
        mark_accounts_dirty(account_ids=[account.pk], reason="milestone", at=at)
    return row


def update_milestone(
    *,
    milestone: OnboardingMilestone,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
) -> OnboardingMilestone:
    """Correct, reach or postpone a milestone; the key stays.

    :raises MilestoneRetracted: when it was taken back.
    """
    with _KEPT.correcting(milestone, at=at, by=by) as locked:
        apply_changes(locked, changes, allowed=PLAIN - {"key"})
        _check(locked, at=at)
    return locked


def complete_milestone(
    *,
    milestone: OnboardingMilestone,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> OnboardingMilestone:
    """Say that the milestone was reached on day `on`, today unless given."""
    on = on or Organisation.objects.day_of(at)
    return update_milestone(milestone=milestone, changes={"done_on": on}, at=at, by=by)


def reopen_milestone(
    *, milestone: OnboardingMilestone, at: dt.datetime, by: User | None = None
) -> OnboardingMilestone:
    """Say that the milestone is not reached yet."""
    return update_milestone(milestone=milestone, changes={"done_on": None}, at=at, by=by)


def retract_milestone(
    *, milestone: OnboardingMilestone, at: dt.datetime, by: User | None = None
) -> OnboardingMilestone:
    """Take a milestone out of the plan. Twice is once."""
    return _KEPT.retract(milestone, at=at, by=by)


def restore_milestone(
    *, milestone: OnboardingMilestone, at: dt.datetime, by: User | None = None
) -> OnboardingMilestone:
    """Undo that a milestone was taken out: it is planned again from now on."""
    return _KEPT.restore(milestone, at=at, by=by)


def plan_onboarding(
    *,
    account: Account,
    at: dt.datetime,
    starts_on: dt.date | None = None,
    by: User | None = None,
) -> list[OnboardingMilestone]:
    """Give the account the shipped milestones it does not have yet; others stay as they are.

    :param starts_on: the day that counts as the start, the newest contract's first day unless
        given.
    :raises NoStartDay: where there is neither.
    :raises BadStartDay: for one at the end of the calendar.
    """
    country = Organisation.objects.values_list("country", flat=True).first() or "JP"
    calendar = WorkCalendar(country)
    with written_by(by):
        lock_account(account)
        contracts = account.contracts.filter(archived_at=None).order_by("-starts_on", "-pk")
        start = starts_on or contracts.values_list("starts_on", flat=True).first()
        if start is None:
            raise NoStartDay
        if start > LATEST:
            raise BadStartDay
        known = set(account.milestones.filter(retracted_at=None).values_list("key", flat=True))
        return [
            set_milestone(
                account=account,
                at=at,
                due_on=calendar.add_workdays(start, shipped.pop("workdays")),
                **shipped,
            )
            for shipped in shipped_milestones()
            if shipped["key"] not in known
        ]


def shipped_milestones() -> list[dict[str, Any]]:
    """Return the shipped set in its order: key, labels, business days after the start."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(STARTER.glob("*.json"))]


def _free_key(account: Account, label: str) -> str:
    """Return a key made of the label that no milestone of the account has."""
    stem = slugify(label).replace("-", "_")[:50] or "milestone"
    known = set(account.milestones.filter(retracted_at=None).values_list("key", flat=True))
    numbered = (f"{stem}_{number}" for number in range(2, len(known) + 3))
    return next(key for key in (stem, *numbered) if key not in known)


def _check(row: OnboardingMilestone, *, at: dt.datetime) -> None:
    if row.done_on is not None:
        refuse_future(on=row.done_on, today=Organisation.objects.day_of(at), member="done_on")
