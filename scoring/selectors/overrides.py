"""What is said of overrides: the one that acts, and how often they were right."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import DateField, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Least, TruncDate

from accounts.models import Organisation
from config.lib.once import once
from scoring.choices import OverrideVerdict
from scoring.domain.overrides import LOST, Given, Judgement, judge
from scoring.models import HealthDaily, HealthOverride

#: A customer lost within so many days of an override counts as what happened.
LOST_WITHIN = dt.timedelta(days=180)
#: Of old days one a week is kept: that of the end is at most so many days after it.
SLACK = dt.timedelta(days=6)


@dataclass(frozen=True)
class OverrideAccuracy:
    """How overrides that are over compare with what happened, and with their authors' verdicts.

    `judged` of `over` could be compared: the computed score at the start and at the end is known.
    """

    over: int
    judged: int
    nearer: int
    farther: int
    even: int
    right: int
    wrong: int
    unsure: int

    @property
    def share_nearer(self) -> float | None:
        """Return the share in which the override was nearer than the computed score."""
        return self.nearer / self.judged if self.judged else None


def override_accuracy(
    *, at: dt.datetime, since: dt.datetime | None = None, account_ids: Iterable[int] | None = None
) -> OverrideAccuracy:
    """Judge every override that is over, over the whole book unless accounts are named.

    One query. What happened is the computed score of the last official day before the end, or
    what was kept of its week; a customer who churned within 180 days of the start counts as 0.

    :param since: only overrides that were set since.
    """
    rows = HealthOverride.objects.over(at).annotate(
        ended_at=Least(F("expires_at"), Coalesce(F("retracted_at"), F("expires_at"))),
    )
    if since is not None:
        rows = rows.filter(starts_at__gte=since)
    if account_ids is not None:
        rows = rows.filter(account__in=account_ids)
    last = TruncDate(F("ended_at"), tzinfo=Organisation.objects.zone()) - dt.timedelta(days=1)
    week_on = ExpressionWrapper(OuterRef("last_day") + SLACK, DateField())
    days = HealthDaily.objects.filter(
        account=OuterRef("account"), day__gte=OuterRef("last_day"), day__lte=week_on
    ).order_by("day")
    found = rows.annotate(last_day=last).annotate(
        end_score=Subquery(days.values("computed")[:1]), lost_on=F("account__churned_on")
    )
    judgements: Counter[Judgement | None] = Counter()
    verdicts: Counter[str] = Counter()
    for row in found.iterator():
        judgements[_judge(row)] += 1
        verdicts[row.verdict] += 1
    judged = sum(judgements[word] for word in ("nearer", "farther", "even"))
    return OverrideAccuracy(
        over=sum(judgements.values()),
        judged=judged,
        nearer=judgements["nearer"],
        farther=judgements["farther"],
        even=judgements["even"],
        right=verdicts[OverrideVerdict.RIGHT],
        wrong=verdicts[OverrideVerdict.WRONG],
        unsure=verdicts[OverrideVerdict.UNSURE],
    )


def overrides_of(account_id: int) -> list[HealthOverride]:
    """Return everything ever set for an account, the newest first; one query a request."""
    rows = HealthOverride.objects.filter(account_id=account_id).select_related("author")
    return once(f"overrides.{account_id}", lambda: list(rows.order_by("-recorded_at", "-pk")))


def standing_override(account_id: int, *, at: dt.datetime) -> HealthOverride | None:
    """Return the override that acts on an account now."""
    found = (row for row in overrides_of(account_id) if row.retracted_at is None)
    return next((row for row in found if row.starts_at <= at < row.expires_at), None)


def _judge(row: HealthOverride) -> Judgement | None:
    """Return nothing where there is no score to compare with."""
    lost_on, start_on = row.lost_on, row.starts_at.date()  # type: ignore[attr-defined]
    is_lost = lost_on is not None and start_on <= lost_on <= start_on + LOST_WITHIN
    happened = LOST if is_lost else row.end_score  # type: ignore[attr-defined]
    if row.computed is None or happened is None:
        return None
    given = Given(row.kind, row.value, row.band, row.computed)
    return judge(given, happened=happened)
