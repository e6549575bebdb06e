"""Scorecards: checked when saved, hashed and immutable once published, installed from files."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import Conflict, FieldError, Problem
from scoring.choices import ScorecardState
from scoring.domain.parsing import InvalidDefinition, parse_definition, prune_definition
from scoring.models import Scorecard, ScorecardVersion
from scoring.registry import metrics

STARTER = Path(__file__).resolve().parent.parent / "starter"
#: A shipped scorecard acts for every day there is, so that the past can be computed with it.
FROM_THE_BEGINNING = dt.date(2000, 1, 1)

FAULTS = {
    "not_a_number": _("This must be a number."),
    "out_of_range": _("This number is outside the allowed range."),
    "must_be_positive": _("This must be a number above 0."),
    "required": _("This is required."),
    "unknown_metric": _("There is no metric with this key."),
    "not_a_list": _("This must be a list."),
    "not_an_object": _("This must be an object."),
    "not_ascending": _("The values must ascend."),
    "must_be_after_fresh_days": _("Give both days; the second must be after the first."),
    "unknown_policy": _("Choose exclude, neutral or penalty."),
    "needs_two_knots": _("A curve needs at least two knots, each a pair of numbers."),
    "cap_or_floor": _("Give either a cap or a floor."),
    "above_or_below": _("Give a bound above or below."),
    "unknown_schema": _("This schema version is not known."),
    "unknown_method": _("This method is not known."),
    "twice": _("A dimension or metric occurs twice."),
}


class InvalidScorecard(Problem):
    """The definition of a scorecard has faults; each names its place."""

    code = "invalid_scorecard"
    title = _("The scorecard is not valid.")


class AlreadyPublished(Conflict):
    """A published version never changes; publish another one."""

    code = "already_published"
    title = _("This version is published and can't be changed.")


def digest_of(definition: dict[str, Any]) -> str:
    """Return the sha256 of a definition, whatever the order of its keys."""
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_definition(*, definition: Any) -> None:
    """Check a definition.

    :raises InvalidScorecard: with every fault and its place.
    """
    try:
        parse_definition(definition, metrics=set(metrics))
    except InvalidDefinition as error:
        errors = [FieldError(fault.pointer, FAULTS[fault.code]) for fault in error.faults]
        raise InvalidScorecard(errors=errors) from error


@transaction.atomic
def draft_version(*, scorecard: Scorecard, definition: dict[str, Any]) -> ScorecardVersion:
    """Write down a new version as a draft, which affects nobody.

    :raises InvalidScorecard: when it can't be read.
    """
    check_definition(definition=definition)
    Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    newest = scorecard.versions.order_by("-number").first()
    return ScorecardVersion.objects.create(
        scorecard=scorecard,
        number=newest.number + 1 if newest else 1,
        definition=definition,
        digest=digest_of(definition),
    )


@transaction.atomic
def publish_version(
    *,
    version: ScorecardVersion,
    effective_on: dt.date,
    at: dt.datetime,
    user: User | None = None,
) -> None:
    """Let a version act from a day on, and have every account computed anew.

    :raises AlreadyPublished: when it is published.
    """
    changed = ScorecardVersion.objects.filter(pk=version.pk).exclude(state=ScorecardState.PUBLISHED)
    if not changed.update(
        state=ScorecardState.PUBLISHED,
        effective_on=effective_on,
        published_at=at,
        published_by=user,
    ):
        raise AlreadyPublished
    version.refresh_from_db()
    accounts = Account.objects.active().values_list("pk", flat=True)
    mark_accounts_dirty(account_ids=accounts, reason="scorecard", at=at)


@transaction.atomic
def install_starter_content(*, at: dt.datetime) -> list[str]:
    """Add the shipped scorecards that are not there yet, live; return the keys of new ones.

    What no metric stands behind is left out, the weights of the rest keep their proportions.
    An existing scorecard is never touched.
    """
    added = []
    for path in sorted(STARTER.glob("*.json")):
        item = json.loads(path.read_text())
        definition = prune_definition(item.pop("definition"), metrics=set(metrics))
        scorecard, is_new = Scorecard.objects.get_or_create(
            key=item.pop("key"), defaults={**item, "is_shipped": True}
        )
        if is_new:
            version = draft_version(scorecard=scorecard, definition=definition)
            publish_version(version=version, effective_on=FROM_THE_BEGINNING, at=at)
            added.append(scorecard.key)
    return added
