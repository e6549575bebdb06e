"""How often people called a score wrong, by scorecard version: what a back-test sets beside it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from scoring.choices import Band, FeedbackDirection
from scoring.models import HealthAlert, ScoreFeedback

LOW = (Band.CRITICAL, Band.AT_RISK)


@dataclass(frozen=True)
class FeedbackFigures:
    """One version of a scorecard over a span of days, over the whole book.

    `false_alarms` says "too low" of scores in a low band, `missed` "too high" of scores that were
    in none; `alerts` were opened by the version, `alerts_false` of them marked false.
    """

    scorecard: str
    version: int
    too_high: int = 0
    too_low: int = 0
    false_alarms: int = 0
    missed: int = 0
    alerts: int = 0
    alerts_false: int = 0

    @property
    def false_share(self) -> float | None:
        """Return the share of alerts that people marked false."""
        return self.alerts_false / self.alerts if self.alerts else None


def feedback_figures(*, since: dt.date, until: dt.date) -> list[FeedbackFigures]:
    """Count objections and false alerts of days in `[since, until]`, a row a version; two queries.

    What was taken back does not count.
    """
    by = ("version__scorecard__key", "version__number")
    span = {"day__range": (since, until), "version__isnull": False}
    said = ScoreFeedback.objects.filter(retracted_at=None, **span).order_by().values(*by)
    high, low = Q(direction=FeedbackDirection.TOO_HIGH), Q(direction=FeedbackDirection.TOO_LOW)
    counted: dict[tuple[str, int], dict[str, int]] = {
        _key(row): _figures(row)
        for row in said.annotate(
            too_high=Count("pk", filter=high),
            too_low=Count("pk", filter=low),
            false_alarms=Count("pk", filter=low & Q(band__in=LOW)),
            missed=Count("pk", filter=high & ~Q(band__in=LOW)),
        )
    }
    opened = HealthAlert.objects.filter(**span).order_by().values(*by)
    for row in opened.annotate(
        alerts=Count("pk"), alerts_false=Count("pk", filter=Q(false_at__isnull=False))
    ):
        counted[_key(row)] = counted.get(_key(row), {}) | _figures(row)
    return [
        FeedbackFigures(scorecard, version, **counted[scorecard, version])
        for scorecard, version in sorted(counted)
    ]


def _key(row: dict[str, object]) -> tuple[str, int]:
    return str(row["version__scorecard__key"]), int(str(row["version__number"]))


def _figures(row: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in row.items() if not name.startswith("version__")}
