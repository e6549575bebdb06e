import pytest

from scoring.selectors.explanations import explain_change, explain_day
from scoring.services.runs import recompute_health
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    close_day,
    make_scorecard,
    make_scored_account,
    make_talk,
    slot_after,
)

pytestmark = pytest.mark.django_db

LATER = DAY + 9 * ONE_DAY


def care(least):
    """A scorecard whose score falls from 100 to `least` over a cadence of 30 days."""
    curve = [[0, 100], [1, least]]
    dimension = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1}
    measure = {"metric": "touch_recency", "weight": 1, "curve": curve}
    return {"schema": 1, "dimensions": [{**dimension, "measures": [measure]}]}


def test_a_change_of_the_scorecard_is_told_apart_from_what_the_customer_did():
    old = make_scorecard(care(0))
    account = make_scored_account()
    make_talk(account, DAY)
    close_day(DAY, account)
    new = old.scorecard.versions.create(
        number=2,
        state="published",
        definition=care(50),
        digest="2",
        effective_on=LATER,
        published_at=old.published_at,
    )
    close_day(LATER, account)

    before, after = (explain_day(account_id=account.pk, day=day) for day in (DAY, LATER))
    change = explain_change(before=before, after=after)

    # 9 of 30 days: 100 → 70 by the old scorecard, 85 by the new one.
    assert (before.version, after.version) == (old, new)
    assert (before.score, after.score) == pytest.approx((100, 85))
    assert change.difference.total == pytest.approx(-30)
    assert change.scorecard == pytest.approx(15)
    [move] = change.difference.moves
    assert (move.behaviour, move.coverage) == pytest.approx((-30, 0))


def test_under_one_scorecard_nothing_is_the_scorecards():
    make_scorecard(care(0))
    account = make_scored_account()
    make_talk(account, DAY)
    for day in (DAY, LATER):
        recompute_health(at=slot_after(day), account_ids=[account.pk])

    before, after = (explain_day(account_id=account.pk, day=day) for day in (DAY, LATER))

    assert explain_change(before=before, after=after).scorecard == pytest.approx(0, abs=1e-9)
