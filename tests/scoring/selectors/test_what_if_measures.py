import pytest

from scoring.models import HealthCurrent
from scoring.services.cohorts import freeze_cohorts
from scoring.services.runs import recompute_health
from scoring.services.scorecard_versions import publish_version
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    make_measurement,
    make_metric,
    noon,
    slot_after,
)
from tests.scoring.trials import compare, definition_of, make_book

pytestmark = pytest.mark.django_db


def test_a_measure_of_the_organisation_is_tried_before_anybody_stored_it():
    version, accounts = make_book()
    ago = noon(DAY - ONE_DAY)
    for account in accounts:
        make_measurement(account=account, key="seats", value=4, measured_at=ago, recorded_at=ago)
    make_metric(
        "seats", spec={"source": "measurement", "aggregate": "last", "measurement": "seats"}
    )
    definition = definition_of([[0, 100], [8, 0]])
    definition["dimensions"][0]["measures"][0]["metric"] = "seats"

    found, _ = compare(version, definition)

    assert found["fresh_metrics"] == ["seats"]
    assert {mover["after"] for mover in found["movers"]} == {50}


PERCENTILE = {
    "schema": 1,
    "cohorts": [{"touch_model": "high"}],
    "dimensions": [
        {
            "key": "care",
            "label_en": "Care",
            "label_ja": "関係",
            "weight": 1,
            "measures": [{"metric": "touch_recency", "weight": 1, "percentile": {"falling": True}}],
        }
    ],
}


def test_a_percentile_is_read_from_the_frozen_table_as_a_run_reads_it():
    version, _accounts = make_book()
    freeze_cohorts(t=slot_after(DAY - ONE_DAY), at=slot_after(DAY - ONE_DAY))

    found, _ = compare(version, PERCENTILE)

    draft = version.scorecard.versions.get(state="draft")
    publish_version(version=draft, effective_on=DAY, at=NOON)
    recompute_health(at=NOON)
    told = {mover["account"]: mover["after"] for mover in found["movers"]}
    scores = dict(HealthCurrent.objects.values_list("account", "score"))
    assert len(set(told.values())) == 3
    assert told == pytest.approx({account: scores[account] for account in told})
    assert found["unfrozen_metrics"] == []


def test_a_percentile_that_no_table_holds_is_named():
    version, _accounts = make_book()

    found, _ = compare(version, PERCENTILE)

    assert found["unfrozen_metrics"] == ["touch_recency"]
    assert found["moved"]["unscored"]["accounts"] == 3
