"""Take in that somebody thinks a score is wrong; it changes no score, it counts in the figures."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from config.lib.problems import Conflict, FieldError, Problem
from scoring.choices import FeedbackDirection
from scoring.models import HealthCurrent, ScoreFeedback
from scoring.selectors.scorecards import read_definition

LONGEST_REASON = 2_000


class BadFeedback(Problem):
    """What is said of a score lacks a direction or a reason; each fault names its field."""

    code = "bad_feedback"
    title = _("The objection can't be stored like this.")


class NothingToObjectTo(Conflict):
    """There is no computed score to be wrong."""

    code = "nothing_to_object_to"
    title = _("Nothing was computed for this account yet.")


def object_to_score(
    *,
    account: Account,
    direction: str,
    reason: str,
    by: User,
    at: dt.datetime,
    metric: str = "",
) -> ScoreFeedback:
    """Store that the newest score of an account is too high or too low, with its day and version.

    :param metric: key of the measure that misleads, one of the scorecard's; empty for the whole.
    :raises BadFeedback: naming the field that is missing or unknown.
    :raises NothingToObjectTo: before the first computation.
    """
    _check(direction, reason)
    with written_by(by):
        lock_account(account)
        health = HealthCurrent.objects.select_related("version").filter(account=account).first()
        if health is None or health.day is None or health.version is None:
            raise NothingToObjectTo
        if metric and metric not in read_definition(health.version).metrics():
            words = _("The scorecard has no measure of this key.")
            raise BadFeedback(errors=[FieldError("/metric", words)])
        return ScoreFeedback.objects.create(
            account=account, day=health.day, score=health.score, band=health.band,
            version=health.version, direction=direction, reason=reason.strip(), metric=metric,
            author=by, created_at=at,
        )  # fmt: skip


def retract_feedback(*, feedback: ScoreFeedback, by: User, at: dt.datetime) -> ScoreFeedback:
    """Take back what was said of a score; it counts no more. Twice is once."""
    with written_by(by):
        row: ScoreFeedback = ScoreFeedback.objects.select_for_update().get(pk=feedback.pk)
        if row.retracted_at is None:
            row.retracted_at = at
            row.save(update_fields=["retracted_at"])
    return row


def _check(direction: str, reason: str) -> None:
    faults = []
    if direction not in FeedbackDirection.values:
        faults.append(FieldError("/direction", _("Say whether the score is too high or too low.")))
    if not reason.strip():
        faults.append(FieldError("/reason", _("Say why the score is wrong.")))
    elif len(reason.strip()) > LONGEST_REASON:
        faults.append(FieldError("/reason", _("Keep the reason under 2,000 characters.")))
    if faults:
        raise BadFeedback(errors=faults)
