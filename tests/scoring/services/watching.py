"""An account in a band, and a run that looks at its alerts."""

from scoring.models import (
    HealthAlert,
    HealthCurrent,
    HealthTransition,
)
from scoring.selectors.frames import official_frame, provisional_frame
from scoring.services.alert_runs import tend_alerts
from scoring.services.metric_slots import ensure_metric_slots
from scoring.services.recompute import open_book
from tests.scoring.factories import (
    DAY,
    install_scorecards,
    make_scored_account,
    noon,
)

CRITICAL, AT_RISK, STEADY = "critical", "at_risk", "steady"


def make_watched():
    install_scorecards()
    ensure_metric_slots()
    return make_scored_account(tracked=False)


def stand(account, band, score=None, *, day=DAY):
    """Let a run have put the account into a band."""
    before = HealthCurrent.objects.filter(account=account).first()
    was = before.band if before else "not_enough_data"
    HealthCurrent.objects.update_or_create(
        account=account, defaults={"day": day, "score": score, "computed": score, "band": band}
    )
    if band != was:
        HealthTransition.objects.create(
            account=account, from_band=was, to_band=band, score=score, day=day, at=noon(day),
            kind="official",
        )  # fmt: skip


def tend(*accounts, day=DAY, official=True):
    frame = official_frame(day) if official else provisional_frame(noon(day))
    run = open_book(frame=frame).run
    ids = [account.pk for account in accounts]
    return tend_alerts(account_ids=ids, run=run, frame=frame, slots=ensure_metric_slots())


def alerts(account, kind="crossing"):
    return list(HealthAlert.objects.filter(account=account, kind=kind).order_by("pk"))
