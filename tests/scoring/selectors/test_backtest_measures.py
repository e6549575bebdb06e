import datetime as dt

import pytest

from accounts.models import (
    Account,
    SegmentMembership,
)
from accounts.services.segments import save_segment
from scoring.models import CustomMetric, EventSeries, Validation
from scoring.selectors.backtest import _lay_out, _sample, _scores
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.metric_pasts import pasts_of_metrics
from scoring.selectors.scorecards import read_definition
from scoring.services.cohorts import freeze_cohorts
from scoring.services.validations import PastUnknown, request_backtest
from tests.factories import make_organisation
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    make_event_name,
    make_measurement,
    make_metric,
    make_scorecard,
    noon,
    slot_after,
)
from tests.scoring.losses import (
    APRIL,
    MARCH,
    care_card,
    judge,
    make_past,
)

pytestmark = pytest.mark.django_db


def percentile_card():
    """A card told by percentile beside the one in force, which has its metric frozen each week."""
    care_card()
    measure = {"metric": "touch_recency", "weight": 1, "percentile": {"falling": True}}
    dimension = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1}
    return make_scorecard(
        {
            "schema": 1,
            "cohorts": [{"touch_model": "high"}, {"touch_model": "low"}],
            "dimensions": [{**dimension, "measures": [measure]}],
        },
        is_default=False,
        condition={"tracked": True},
        position=1,
    )


def freeze_after(*days):
    """Freeze the book after each day, over the values it had then."""
    accounts = list(Account.objects.all())
    for day in days:
        close_day(day, *accounts)
        freeze_cohorts(t=slot_after(day), at=slot_after(day))


def test_percentiles_are_read_from_the_table_that_was_valid_that_night():
    version = percentile_card()
    Account.objects.update(tracked=True)
    make_past()
    frozen = [dt.date(2026, 2, 22), dt.date(2026, 3, 29), dt.date(2026, 4, 26)]
    freeze_after(*frozen)

    found, _ = judge(version)

    assert (found["without_score"], found["unknown_past"]) == (0, {})
    # Twelve events above 36 points of those that stayed, level with 24 of their own months before.
    assert found["outcomes"]["churn"]["yardsticks"][0]["auc"] == pytest.approx(0.8)

    trial = _lay_out(version.scorecard, read_definition(version), at=NOON, months=3, horizon=30)
    tables = {
        day: past.cohorts.of("", "touch_recency").quantiles for day, past in trial.days.items()
    }
    assert len({quantiles.values for quantiles in tables.values()}) == 3


def test_what_sql_scores_by_percentile_is_what_the_reference_says():
    version = percentile_card()
    leaving, staying = make_past()
    for account in leaving[:5]:
        account.touch_model = "low"
        account.save(update_fields=["touch_model"])
    freeze_after(dt.date(2026, 4, 26))
    trial = _lay_out(version.scorecard, read_definition(version), at=NOON, months=1, horizon=30)
    past = trial.days[APRIL]
    everybody = [account.pk for account in [*leaving, *staying]]

    rows = _scores(trial, past, everybody, set(everybody))

    told = {row.account: 100 - row.risks[0] for row in rows}
    known = {row.account: _sample(trial, past, row, (), 1.0).health[0] for row in rows}
    assert len(told) == 24
    assert len({round(score, 6) for score in told.values()}) > 3
    assert told == pytest.approx({pk: 50 + 50 * health for pk, health in known.items()}, abs=1e-9)
    assert {row.cohort for row in rows} == {0, 1}


def test_days_before_the_first_table_are_left_out_and_the_measure_is_named():
    version = percentile_card()
    make_past()
    freeze_after(dt.date(2026, 3, 29))

    found, _ = judge(version)

    assert found["dates"] == ["2026-03-31", "2026-04-30"]
    assert found["left_out_dates"] == ["2026-02-28"]
    assert found["unknown_past"] == {"touch_recency": "2026-03-30"}


def seats_card(spec, **fields):
    make_metric("seats", spec=spec, label_en="Seats in use", **fields)
    measure = {"metric": "seats", "weight": 1, "curve": [[0, 0], [10, 100]]}
    dimension = {"key": "use", "label_en": "Use", "label_ja": "利用", "weight": 1}
    return make_scorecard({"schema": 1, "dimensions": [{**dimension, "measures": [measure]}]})


SEATS = {"source": "measurement", "aggregate": "last", "measurement": "seats"}


def measure_seats(account, day, value):
    at = noon(day)
    make_measurement(account=account, key="seats", value=value, measured_at=at, recorded_at=at)


def test_a_measure_of_the_organisation_tells_who_leaves():
    leaving, staying = make_past()
    for accounts, value in ((leaving, 2), (staying, 9)):
        for account in accounts:
            measure_seats(account, dt.date(2026, 1, 15), value)
    version = seats_card(SEATS)

    found, _ = judge(version)

    assert found["without_score"] == 0
    assert found["outcomes"]["churn"]["yardsticks"][0]["auc"] == pytest.approx(0.8)
    assert found["alarms"]["raised"] == 12


def test_a_measure_within_a_segment_has_a_past_since_the_segment_has_members():
    _leaving, staying = make_past()
    for account in staying:
        measure_seats(account, dt.date(2026, 1, 15), 2)
    rule = {"combinator": "and", "rules": [{"field": "status", "operator": "=", "value": "active"}]}
    segment = save_segment(key="some", name_en="Some", name_ja="一部", rule=rule, at=NOON)
    version = seats_card({**SEATS, "segment": "some"})

    with pytest.raises(PastUnknown) as caught:
        request_backtest(
            scorecard=version.scorecard, at=NOON, months=3, horizon_days=30, language="en"
        )
    (fault,) = caught.value.errors
    assert (fault.pointer, "Seats in use" in str(fault.detail)) == ("/version", True)
    assert not Validation.objects.exists()

    SegmentMembership.objects.filter(segment=segment).update(entered_at=noon(MARCH))
    found, _ = judge(version)
    assert (found["dates"], found["unknown_past"]) == (
        ["2026-03-31", "2026-04-30"],
        {"seats": "2026-03-31"},
    )


def test_what_is_counted_apart_is_known_as_far_back_as_events_were_kept():
    make_organisation(event_retention_days=30)
    name = make_event_name("Order", counts_users=False)
    series = EventSeries.objects.create(event=name, filter={"kind": "big"}, created_at=NOON)
    spec = {"source": "events", "aggregate": "count", "event": "Order", "window": 28}
    metric = make_metric("orders", spec=spec)
    CustomMetric.objects.filter(pk=metric.pk).update(series=series)

    pasts = pasts_of_metrics(all_metrics())

    assert pasts.since == {"orders": DAY - 2 * ONE_DAY}
    assert pasts.hides("orders", DAY - 3 * ONE_DAY)
    assert not pasts.hides("orders", DAY - 2 * ONE_DAY)
    assert not pasts.hides("touch_recency", APRIL)
