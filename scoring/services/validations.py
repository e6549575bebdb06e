"""What-ifs, back-tests and linkages: asked for, carried out by a worker, kept.

They only read. The report is the job's result; who asked may stop it on the way.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Job, Organisation, User
from accounts.querysets import steers
from accounts.services.conflicts import check_columns
from config.lib import formats
from config.lib.bells import ring
from config.lib.claims import new_owner
from config.lib.jobs import report_progress
from config.lib.problems import FieldError, Problem
from scoring.choices import ScorecardState, ValidationKind
from scoring.domain.definition import Definition
from scoring.domain.parsing import parse_definition
from scoring.domain.pruning import mentioned
from scoring.models import Scorecard, ScorecardVersion, Validation
from scoring.selectors.backtest import HORIZON_DAYS, MONTHS, run_backtest
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.labels import metric_label
from scoring.selectors.metric_linkage import link_metrics
from scoring.selectors.metric_pasts import NEVER, pasts_of
from scoring.selectors.past_book import month_ends
from scoring.selectors.what_if import try_definition
from scoring.services.scorecards import check_definition

JOB_KIND = "validation"
LEASE = dt.timedelta(minutes=5)
CLAIMED_AT_ONCE = 1


class ValidationNotAllowed(Problem):
    """Only who answers for scorecards judges them."""

    status = 403
    code = "validation_not_allowed"
    title = _("Managers and administrators try out and test scorecards.")


class NothingToValidate(Problem):
    """A scorecard without any version has nothing to be judged."""

    code = "nothing_to_validate"
    title = _("This scorecard has no version yet.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/version", self.title)])


class PastUnknown(Problem):
    """Nobody can know what a measure said on any of the days that would be judged."""

    code = "past_unknown"
    title = _("The past of a measure can't be known.")
    _SINCE = _("What “%(measure)s” said is known from %(day)s on only.")
    _NEVER = _("“%(measure)s” has no past yet: no frozen table or segment holds it.")

    def __init__(self, measures: Mapping[str, dt.date]) -> None:
        super().__init__(errors=[self._fault(key, day) for key, day in sorted(measures.items())])

    def _fault(self, key: str, day: dt.date) -> FieldError:
        words = self._NEVER if day == NEVER else self._SINCE
        shown = "" if day == NEVER else formats.day(day)
        return FieldError("/version", words % {"measure": metric_label(key), "day": shown})


@transaction.atomic
def request_what_if(
    *,
    version: ScorecardVersion,
    at: dt.datetime,
    by: User | None = None,
    definition: dict[str, Any] | None = None,
    language: str = "en",
) -> Validation:
    """Queue trying a version, or an edited definition of its scorecard, on the whole book.

    :raises ValidationNotAllowed: for who is neither manager nor administrator.
    :raises InvalidScorecard: when the definition has faults; each names its place.
    """
    wanted = version.definition if definition is None else definition
    check_definition(definition=wanted)
    row = Validation(
        kind=ValidationKind.WHAT_IF,
        scorecard=version.scorecard,
        version=version,
        definition=wanted,
    )
    return _queue(row, at=at, by=by, language=language)


@transaction.atomic
def request_backtest(
    *,
    scorecard: Scorecard,
    at: dt.datetime,
    by: User | None = None,
    version: ScorecardVersion | None = None,
    months: int = MONTHS,
    horizon_days: int = HORIZON_DAYS,
    language: str = "en",
) -> Validation:
    """Queue replaying a version over past months; by default the newest draft or else what acts.

    :param horizon_days: a loss within so many days of a month end is one it should have told.
    :raises ValidationNotAllowed: for who is neither manager nor administrator.
    :raises NothingToValidate: when the scorecard has no version.
    :raises PastUnknown: when a measure can be known on none of the days, naming it.
    :raises ValidationError: for months or days out of range, naming the field.
    """
    judged = version or newest_version(scorecard)
    definition = check_definition(definition=judged.definition)
    row = Validation(
        kind=ValidationKind.BACKTEST,
        scorecard=scorecard,
        version=judged,
        definition=judged.definition,
        months=months,
        horizon_days=horizon_days,
    )
    queued = _queue(row, at=at, by=by, language=language)
    _check_past(definition, months=months, horizon=horizon_days, at=at)
    return queued


def _check_past(definition: Definition, *, months: int, horizon: int, at: dt.datetime) -> None:
    today = Organisation.objects.day_of(at)
    days = month_ends(today=today, months=months, horizon=horizon, metrics=()).judged
    if days and (unknown := pasts_of(definition, all_metrics()).hiding(days)):
        raise PastUnknown(unknown)


@transaction.atomic
def request_linkage(
    *,
    at: dt.datetime,
    by: User | None = None,
    months: int = MONTHS,
    horizon_days: int = HORIZON_DAYS,
    language: str = "en",
) -> Validation:
    """Queue finding which metrics go along with churn, retention, NRR and upsell.

    :raises ValidationNotAllowed: for who is neither manager nor administrator.
    :raises ValidationError: for months or days out of range, naming the field.
    """
    row = Validation(kind=ValidationKind.LINKAGE, months=months, horizon_days=horizon_days)
    return _queue(row, at=at, by=by, language=language)


def newest_version(scorecard: Scorecard) -> ScorecardVersion:
    """Return the newest draft, or else the newest published version.

    :raises NothingToValidate: when there is none.
    """
    versions = scorecard.versions.order_by("-number")
    open_ones = versions.exclude(state=ScorecardState.PUBLISHED)
    found: ScorecardVersion | None = open_ones.first() or versions.first()
    if found is None:
        raise NothingToValidate
    return found


def _queue(row: Validation, *, at: dt.datetime, by: User | None, language: str) -> Validation:
    """Queue a validation; without a user an operator asked, at a shell."""
    if by is not None and not steers(by):
        raise ValidationNotAllowed
    check_columns(row, only=["months", "horizon_days"])
    row.job = Job.objects.create(
        kind=JOB_KIND, requested_by=by, language=language, due_at=at, created_at=at
    )
    row.save(force_insert=True)
    ring("validation.queued")
    return row


def cancel_validation(*, validation: Validation, at: dt.datetime) -> None:
    """Stop it: at once while it waits, else soon."""
    Job.objects.filter(pk=validation.job_id).cancel(at=at)


def run_due_validation(*, at: dt.datetime, only: Validation | None = None) -> int:
    """Take up the oldest validation that is due, or this one; return how many were taken up."""
    owner = new_owner()
    jobs = Job.objects.filter(kind=JOB_KIND)
    if only is not None:
        jobs = jobs.filter(pk=only.job_id)
    claimed = jobs.claim(limit=CLAIMED_AT_ONCE, lease=LEASE, owner=owner, at=at)
    for job in claimed:
        with Job.objects.attempt(job, owner=owner, at=at):
            validation = Validation.objects.select_related("scorecard", "version").get(job=job)
            report = _carry_out(validation, job, at=at)
            with transaction.atomic():
                Job.objects.complete(job, owner=owner, at=at, result=report)
    return len(claimed)


def _carry_out(validation: Validation, job: Job, *, at: dt.datetime) -> dict[str, Any]:
    def progress(done: int, total: int) -> None:
        report_progress(job, done=done, total=total)

    return CARRIERS[validation.kind](validation, at=at, progress=progress)


def _what_if(validation: Validation, **common: Any) -> dict[str, Any]:
    definition, scorecard = _definition(validation), validation.scorecard
    assert scorecard is not None
    found = try_definition(
        scorecard=scorecard, definition=definition, pilot=validation.version_id, **common
    )
    return {**_named(validation), **found}


def _backtest(validation: Validation, **common: Any) -> dict[str, Any]:
    definition, scorecard = _definition(validation), validation.scorecard
    assert scorecard is not None
    found = run_backtest(
        scorecard=scorecard,
        definition=definition,
        months=validation.months,
        horizon=validation.horizon_days,
        **common,
    )
    return {**_named(validation), **found}


def _linkage(validation: Validation, **common: Any) -> dict[str, Any]:
    return link_metrics(months=validation.months, horizon=validation.horizon_days, **common)


Carrier = Callable[..., dict[str, Any]]
CARRIERS: dict[str, Carrier] = {
    ValidationKind.WHAT_IF: _what_if,
    ValidationKind.BACKTEST: _backtest,
    ValidationKind.LINKAGE: _linkage,
}


def _definition(validation: Validation) -> Definition:
    """Return what is judged; a metric that was archived since reads as missing."""
    known = {*all_metrics(), *mentioned(validation.definition or {})}
    return parse_definition(validation.definition, metrics=known)


def _named(validation: Validation) -> dict[str, Any]:
    scorecard, version = validation.scorecard, validation.version
    return {
        "scorecard": scorecard.key if scorecard else "",
        "version": version.number if version else None,
        "edited": version is not None and version.definition != validation.definition,
    }
