"""Where versions stand as pages say it, held to what runs act by."""

import datetime as dt

import pytest

from accounts.services.segments import save_segment
from scoring.models import ScorecardVersion
from scoring.selectors.scorecard_pages import standing_of, versions_of
from scoring.selectors.scorecards import acting_scorecards
from tests.scoring.factories import LONG_KNOWN, make_scorecard, make_scored_account

pytestmark = pytest.mark.django_db

JANUARY, MARCH, MAY, JULY = (dt.date(2026, month, 1) for month in (1, 3, 5, 7))
MEASURE = {"metric": "touch_recency", "weight": 1, "curve": [[0, 100], [3, 0]]}
CARE = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1, "measures": [MEASURE]}


def make_pilots():
    make_scored_account(tier="a")
    rule = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
    return save_segment(key="pilots", name_en="P", name_ja="試", rule=rule, at=LONG_KNOWN)


def publish(first, number, **fields):
    return ScorecardVersion.objects.create(
        scorecard=first.scorecard,
        number=number,
        state="published",
        definition=first.definition,
        digest=first.digest,
        published_at=LONG_KNOWN,
        **fields,
    )


@pytest.mark.parametrize("day", [JANUARY, MARCH, MAY, JULY])
@pytest.mark.parametrize(
    "life",
    [
        [{"effective_on": MARCH}],
        [{"effective_on": MAY}, {"effective_on": MARCH}],
        [{"effective_on": MARCH, "pilot": True}],
        [{"effective_on": MARCH, "pilot": True, "promoted_on": MAY}],
        [{"effective_on": MARCH, "pilot": True, "withdrawn_on": MAY}],
        [{"effective_on": MARCH, "pilot": True}, {"effective_on": MAY}],
        [{"effective_on": MARCH}, {"effective_on": MARCH, "pilot": True, "promoted_on": JULY}],
    ],
)
def test_pages_name_the_versions_that_runs_act_by(life, day):
    first = make_scorecard({"schema": 1, "dimensions": [CARE]})
    segment = make_pilots()
    for number, fields in enumerate(life, start=2):
        pilot = segment if fields.get("pilot") else None
        days = {key: value for key, value in fields.items() if key != "pilot"}
        publish(first, number, pilot_segment=pilot, **days)

    standing = standing_of(versions_of([first.scorecard]), on=day)

    acting = {card.is_pilot: card.number for card in acting_scorecards(day)}
    assert standing.acting.number == acting[False]
    assert (standing.pilot and standing.pilot.number) == acting.get(True)
