"""Scorecards: checked when saved, hashed and immutable once published, installed from files."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import Conflict, FieldError, Problem
from scoring.choices import ScorecardState
from scoring.domain.json_reader import Direction
from scoring.domain.parsing import InvalidDefinition, parse_definition
from scoring.domain.pruning import prune_definition
from scoring.models import Scorecard, ScorecardVersion
from scoring.registry import Metric
from scoring.selectors.custom_metrics import all_metrics

STARTER = Path(__file__).resolve().parent.parent / "starter"
#: A shipped scorecard acts for every day there is, so that the past can be computed with it.
FROM_THE_BEGINNING = dt.date(2000, 1, 1)

FAULTS = {
    "above_or_below": _("Give a bound: above, below, at_least, at_most, equals, or missing."),
    "cap_or_floor": _("Give either a cap or a floor."),
    "carry_needs_gone_days": _(
        "To carry the last value forward, say after how many days the dimension's values are gone."
    ),
    "changes_nothing": _("Points of 0 change nothing."),
    "must_be_after_fresh_days": _("Give both days; the second must be after the first."),
    "must_be_positive": _("This must be a number above 0."),
    "needs_a_pair": _("Give at least one pair of a value and its utility from 0 to 100."),
    "needs_one_way": _(
        "Give exactly one of curve, target, map, percentile and robust_z to turn values into"
        " utilities."
    ),
    "needs_two_knots": _("A curve needs at least two knots, each a pair of numbers."),
    "not_a_boolean": _("Say true or false here."),
    "not_a_list": _("This must be a list."),
    "not_a_name": _("This must be a key of letters, digits, hyphens and underscores."),
    "not_a_number": _("This must be a number."),
    "not_an_object": _("This must be an object."),
    "not_ascending": _("The values must ascend."),
    "not_finite": _("NaN and Infinity are no numbers of JSON."),
    "not_monotone": _("The curve goes against the direction in which this measure gets better."),
    "one_comparison": _("Compare in one way only: bounds, equals, or missing."),
    "out_of_range": _("This number is outside the allowed range."),
    "required": _("This is required."),
    "score_or_band": _("Give either a score or a band."),
    "too_deep": _("Conditions may be nested at most 8 deep."),
    "twice": _("This key is given twice."),
    "unknown_band": _("Choose critical, at_risk, steady or expansion."),
    "unknown_combination": _("Choose all_points or most_severe."),
    "unknown_field": _("There is no field of this name here."),
    "unknown_method": _("This method is not known."),
    "unknown_metric": _("There is no metric with this key."),
    "unknown_policy": _("Choose exclude, neutral, penalty or carry."),
    "unknown_rollup": _("Choose own, worst, mean or arr."),
    "unknown_schema": _("This schema version is not known."),
    "unknown_segment": _("There is no segment with this key whose rules do without health itself."),
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


def directions_of(known: Mapping[str, Metric]) -> dict[str, Direction]:
    """Return which way health lies for each metric that says so."""
    return {
        key: "higher" if metric.higher_is_better else "lower"
        for key, metric in known.items()
        if metric.higher_is_better is not None
    }


def check_definition(*, definition: Any) -> None:
    """Check a definition.

    :raises InvalidScorecard: with every fault and its place.
    """
    try:
        known = all_metrics()
        parse_definition(definition, metrics=set(known), directions=directions_of(known))
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
        definition = prune_definition(item.pop("definition"), metrics=set(all_metrics()))
        scorecard, is_new = Scorecard.objects.get_or_create(
            key=item.pop("key"), defaults={**item, "is_shipped": True}
        )
        if is_new:
            version = draft_version(scorecard=scorecard, definition=definition)
            publish_version(version=version, effective_on=FROM_THE_BEGINNING, at=at)
            added.append(scorecard.key)
    return added
