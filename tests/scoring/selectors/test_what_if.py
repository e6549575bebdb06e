import copy
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, FxRate, Segment
from accounts.services.segments import save_segment
from scoring.models import HealthCurrent, HealthOverride
from scoring.registry import Aggregate, Metric, metrics
from scoring.selectors.scorecards import acting_scorecards, read_definition
from scoring.selectors.what_if import try_definition
from scoring.services.runs import recompute_health
from scoring.services.scorecard_versions import publish_version
from scoring.services.scorecards import draft_version
from tests.factories import make_user
from tests.routes import rows_written
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    make_scorecard,
    make_scored_account,
    noon,
)
from tests.scoring.trials import HARMLESS, STRICT, cell, compare, definition_of, make_book, talked

pytestmark = pytest.mark.django_db


def test_the_same_definition_moves_nobody():
    version, _accounts = make_book()

    found, told = compare(version, definition_of(HARMLESS))

    off_diagonal = [
        n for r, row in enumerate(found["matrix"]["accounts"]) for c, n in enumerate(row) if r != c
    ]
    assert sum(off_diagonal) == 0
    assert (found["accounts"], found["movers"], found["unscored"]) == (3, [], [])
    assert found["mean"]["old"] == found["mean"]["new"]
    assert told == [(3, 3)]


def test_it_tells_what_a_run_gives_once_the_draft_is_published():
    version, accounts = make_book()
    stricter = definition_of(STRICT)

    found, _ = compare(version, stricter)

    draft = version.scorecard.versions.get(state="draft")
    publish_version(version=draft, effective_on=DAY, at=NOON)
    recompute_health(at=NOON)
    for mover in found["movers"]:
        health = HealthCurrent.objects.get(account_id=mover["account"])
        assert (mover["after"], mover["becomes"]) == (pytest.approx(health.score), health.band)
    assert {mover["account"] for mover in found["movers"]} == {a.pk for a in accounts}


def test_bands_amounts_and_alerts_add_up():
    version, _accounts = make_book()

    found, _ = compare(version, definition_of(STRICT))

    # Days since the last talk ÷ 30: .2, .4, 2.2; by the strict curve 90, 80 and 0.
    assert cell(found, "accounts", "steady", "critical") == 1
    assert cell(found, "arr", "steady", "critical") == 4_000_000
    assert cell(found, "accounts", "expansion", "expansion") == 2
    assert found["moved"]["worse"] == {"accounts": 1, "arr": 4_000_000}
    assert found["moved"]["better"] == {"accounts": 0, "arr": 0}
    assert found["alerts"]["crossing"] == {"accounts": 1, "arr": 4_000_000}
    assert found["mean"]["new"] < found["mean"]["old"]


def test_the_largest_mover_comes_first_with_its_reason():
    version, accounts = make_book()

    found, _ = compare(version, definition_of(STRICT))

    first = found["movers"][0]
    assert (first["account"], first["arr"]) == (accounts[2].pk, 4_000_000)
    assert first["reasons"] == [
        {"part": "touch_recency", "points": pytest.approx(first["after"] - first["before"])}
    ]


def test_a_gate_of_the_draft_is_named_as_the_reason():
    version, accounts = make_book()
    gate = {
        "key": "quiet",
        "any": [{"metric": "touch_recency", "above": 1.5}],
        "text_en": "Quiet",
        "text_ja": "沈黙",
        "cap": 30,
    }

    found, _ = compare(version, definition_of(HARMLESS, gates=[gate]))

    (mover,) = found["movers"]
    assert (mover["account"], mover["becomes"]) == (accounts[2].pk, "critical")
    assert mover["reasons"] == [{"part": "gates", "points": pytest.approx(30 - mover["before"])}]


def test_better_bands_are_those_of_two_official_days():
    version, _accounts = make_book()
    make = version.scorecard
    publish_version(
        version=draft_version(scorecard=make, definition=definition_of(STRICT)),
        effective_on=DAY,
        at=NOON,
    )
    recompute_health(at=NOON)

    found, _ = compare(version, definition_of(HARMLESS))

    assert cell(found, "accounts", "critical", "steady") == 1
    assert found["moved"]["better"] == {"accounts": 1, "arr": 4_000_000}


def test_what_a_draft_no_longer_scores_is_listed_by_worth():
    version, accounts = make_book()
    for account in accounts[1:]:
        account.touchpoints.update(occurred_at=noon(DAY - 300 * ONE_DAY))
    unseen = {"metric": "relationship_csat", "weight": 9, "curve": [[1, 0], [5, 100]]}
    draft = definition_of(HARMLESS)
    draft["dimensions"][0]["measures"].append(unseen)

    found, _ = compare(version, draft)

    assert found["moved"]["unscored"]["accounts"] == 3
    assert found["alerts"]["coverage_lost"]["arr"] == 7_000_000
    assert [row["account"] for row in found["unscored"]] == [a.pk for a in reversed(accounts)]


def test_a_forced_band_stays_whatever_the_draft_says():
    version, accounts = make_book()
    HealthOverride.objects.create(
        account=accounts[2],
        kind="band",
        band="expansion",
        reason="They signed for three years.",
        author=make_user(),
        starts_at=NOON - dt.timedelta(hours=1),
        expires_at=NOON + dt.timedelta(days=30),
        recorded_at=NOON - dt.timedelta(hours=1),
    )

    found, _ = compare(version, definition_of(STRICT))

    assert cell(found, "accounts", "expansion", "expansion") == 3


def test_amounts_are_in_the_reporting_currency():
    version, accounts = make_book()
    FxRate.objects.create(currency="USD", on=DAY - ONE_DAY, rate=150)
    Account.objects.filter(pk=accounts[2].pk).update(currency="USD", arr=1000)
    Account.objects.filter(pk=accounts[1].pk).update(currency="GBP", arr=1000)

    found, _ = compare(version, definition_of(STRICT))

    assert cell(found, "arr", "steady", "critical") == 150_000
    assert (found["currency"], found["no_rate"]) == ("JPY", 1)


def test_a_metric_nobody_has_stored_yet_is_computed_for_it():
    version, accounts = make_book()
    talks = Metric(
        key="talks_ever",
        label="Talks",
        unit="count",
        value="{n}",
        parts={"n": Aggregate("touches", "count")},
    )
    draft = definition_of(HARMLESS)
    draft["dimensions"][0]["measures"] = [
        {"metric": "talks_ever", "weight": 1, "curve": [[0, 0], [2, 100]]}
    ]
    talked(accounts[0], 3)

    with metrics.register_temporarily("talks_ever", talks):
        found, _ = compare(version, draft)

    assert found["fresh_metrics"] == ["talks_ever"]
    after = {mover["account"]: mover["after"] for mover in found["movers"]}
    assert after[accounts[0].pk] == 100
    assert after[accounts[1].pk] == 50


def test_a_scorecard_that_never_acted_is_held_against_what_acts_now():
    version, accounts = make_book()
    Account.objects.filter(pk=accounts[0].pk).update(phase="renewal")
    own = copy.copy(version.scorecard)
    own.pk, own.key, own.is_default, own.position = None, "renewal", False, 10
    own.condition = {"phase": "renewal"}
    own.save(force_insert=True)

    found = try_definition(
        scorecard=own,
        definition=read_definition(
            draft_version(scorecard=own, definition=definition_of([[0, 20], [9, 0]]))
        ),
        at=NOON,
        progress=lambda done, total: None,
    )

    assert found["accounts"] == 1
    assert cell(found, "accounts", "expansion", "critical") == 1


def test_nothing_is_written():
    version, _accounts = make_book()
    definition = read_definition(version)
    before = rows_written()

    try_definition(
        scorecard=version.scorecard,
        definition=definition,
        at=NOON,
        progress=lambda done, total: None,
    )

    assert rows_written() == before


def test_seven_accounts_cost_as_many_queries_as_one():
    version, _accounts = make_book()

    def cost():
        definition = read_definition(version)
        with CaptureQueriesContext(connection) as queries:
            try_definition(
                scorecard=version.scorecard,
                definition=definition,
                at=NOON,
                progress=lambda done, total: None,
            )
        return len(queries)

    few = cost()
    more = [make_scored_account() for _ in range(5)]
    for account in more:
        talked(account, 9)
    recompute_health(at=NOON)

    assert cost() == few


def test_lost_customers_are_left_out():
    version, accounts = make_book()
    Account.objects.filter(pk=accounts[2].pk).update(status="churned", churned_on=DAY)

    found, _ = compare(version, definition_of(STRICT))

    assert found["accounts"] == 2
    assert len(acting_scorecards(DAY)) == 1


def test_accounts_that_an_earlier_scorecard_takes_are_left_out():
    version, accounts = make_book()
    Account.objects.filter(pk=accounts[0].pk).update(phase="onboarding")
    first = {"is_default": False, "position": 1, "condition": {"phase": "onboarding"}}
    make_scorecard(definition_of(HARMLESS), **first)

    found, _ = compare(version, definition_of(STRICT))

    assert found["accounts"] == 2
    assert accounts[0].pk not in {mover["account"] for mover in found["movers"]}


def make_pilot(version, account):
    """A strict second version that judges the segment of one account."""
    Account.objects.filter(pk=account.pk).update(tier="a")
    rule = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
    save_segment(key="few", name_en="Few", name_ja="少", rule=rule, at=NOON)
    pilot = draft_version(scorecard=version.scorecard, definition=definition_of(STRICT))
    segment = Segment.objects.get(key="few")
    publish_version(version=pilot, effective_on=DAY, at=NOON, pilot_segment=segment)
    return pilot


def test_a_pilot_is_held_against_the_version_in_force_on_its_segment_alone():
    version, accounts = make_book()
    pilot = make_pilot(version, accounts[2])

    found = try_definition(
        scorecard=version.scorecard,
        definition=read_definition(pilot),
        at=NOON,
        progress=lambda done, total: None,
        pilot=pilot.pk,
    )

    assert found["accounts"] == 1
    assert [mover["account"] for mover in found["movers"]] == [accounts[2].pk]


def test_a_draft_is_tried_on_everybody_once_while_a_pilot_runs():
    version, accounts = make_book()
    make_pilot(version, accounts[2])

    found, _ = compare(version, definition_of(STRICT))

    assert found["accounts"] == 3
    assert accounts[2].pk not in {mover["account"] for mover in found["movers"]}
