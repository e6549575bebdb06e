"""Frozen tables are what Python makes of the same values, and nobody moves between two of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.domain.cohorts import quantiles_of
from scoring.models import CohortTable, HealthRun
from scoring.selectors.benchmarks import benchmark
from scoring.selectors.cohorts import HEALTH_SCORE, cohort_rows
from scoring.services.cohorts import freeze_cohorts, freeze_week
from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    daily,
    make_scorecard,
    make_scored_account,
    make_talk,
    noon,
    slot_after,
)

pytestmark = pytest.mark.django_db

PERCENTILE = {
    "schema": 1,
    "cohorts": [{"touch_model": "high"}],
    "dimensions": [
        {
            "key": "care",
            "label_en": "Care",
            "label_ja": "関係",
            "weight": 1,
            "measures": [{"metric": "contacts_touched", "weight": 1, "percentile": {}}],
        }
    ],
}


def make_book(counts, **fields):
    accounts = []
    for count in counts:
        account = make_scored_account(**fields)
        make_talk(account, DAY - ONE_DAY, *(make_contact(account=account) for _ in range(count)))
        accounts.append(account)
    return accounts


def freeze(day=DAY):
    return freeze_cohorts(t=slot_after(day), at=slot_after(day))


def test_a_table_holds_what_python_makes_of_the_same_values():
    make_scorecard(PERCENTILE)
    high = [1, 2, 2, 5]
    accounts = make_book(high) + make_book([0, 3, 9], touch_model="low")
    close_day(DAY, *accounts)

    table = freeze()

    rows = cohort_rows(table.pk, metrics=["contacts_touched"])
    assert table.accounts == 7
    assert rows.of('{"touch_model": "high"}', "contacts_touched").quantiles == quantiles_of(high)
    assert rows.of("", "contacts_touched").quantiles == quantiles_of([*high, 0, 3, 9])


def test_many_different_values_are_thinned_out_as_python_thins_them(monkeypatch):
    monkeypatch.setattr("scoring.services.cohorts.POINTS", 4)
    make_scorecard(PERCENTILE)
    counts = [0, 1, 1, 2, 3, 4, 6, 7, 8]
    close_day(DAY, *make_book(counts))

    table = freeze()

    found = cohort_rows(table.pk, metrics=["contacts_touched"]).of("", "contacts_touched")
    assert found.quantiles == quantiles_of(counts, points=4)
    assert len(found.quantiles.values) == 4


def test_without_a_table_a_percentile_is_missing_and_with_one_it_counts():
    make_scorecard(PERCENTILE)
    accounts = make_book([1, 2, 3])
    close_day(DAY, *accounts)
    assert daily(accounts[0], DAY).score is None

    freeze()
    next_day = DAY + ONE_DAY
    close_day(next_day, *accounts)

    scores = [daily(account, next_day).score for account in accounts]
    assert scores == pytest.approx([100 / 6, 50, 500 / 6])


def test_nobody_moves_because_a_neighbour_moved_in_the_middle_of_a_week():
    make_scorecard(PERCENTILE)
    first, other = make_book([2, 1])
    close_day(DAY, first, other)
    freeze()
    close_day(DAY + ONE_DAY, first, other)
    before = daily(first, DAY + ONE_DAY).score

    make_talk(other, DAY + ONE_DAY, *(make_contact(account=other) for _ in range(5)))
    close_day(DAY + 2 * ONE_DAY, first, other)

    assert daily(first, DAY + 2 * ONE_DAY).score == before == pytest.approx(75)


def test_a_day_is_judged_by_the_table_that_was_valid_then_also_when_replayed():
    make_scorecard(PERCENTILE)
    accounts = make_book([2, 1])
    close_day(DAY, *accounts)
    old = freeze()
    close_day(DAY + ONE_DAY, *accounts)
    row = daily(accounts[0], DAY + ONE_DAY).score

    make_talk(accounts[1], DAY, *(make_contact(account=accounts[1]) for _ in range(5)))
    close_day(DAY + 7 * ONE_DAY, *accounts)
    freeze(DAY + 7 * ONE_DAY)
    close_day(DAY + ONE_DAY, *accounts)

    assert HealthRun.objects.get(day=DAY + ONE_DAY).cohort_id == old.pk
    assert daily(accounts[0], DAY + ONE_DAY).score == row


def test_a_table_is_frozen_once_a_week_however_often_the_bell_rings():
    make_scorecard(PERCENTILE)
    close_day(DAY, *make_book([1]))

    done = [freeze_week(at=NOON), freeze_week(at=noon(DAY + ONE_DAY))]
    next_week = freeze_week(at=noon(DAY + 3 * ONE_DAY))

    assert (done, next_week) == ([1, 0], 1)
    assert CohortTable.objects.count() == 2
    assert {table.t.astimezone(NOON.tzinfo).weekday() for table in CohortTable.objects.all()} == {0}


def test_freezing_takes_as_many_statements_for_many_accounts():
    make_scorecard(PERCENTILE)
    close_day(DAY, *make_book([1] * 3))
    with CaptureQueriesContext(connection) as few:
        freeze()
    close_day(DAY + ONE_DAY, *make_book([1] * 20))
    with CaptureQueriesContext(connection) as many:
        freeze(DAY + ONE_DAY)

    assert len(few) == len(many)


def test_an_account_is_compared_with_the_median_of_accounts_alike():
    line = {"metric": "contacts_touched", "weight": 1, "curve": [[0, 0], [10, 100]]}
    definition = PERCENTILE | {
        "dimensions": [PERCENTILE["dimensions"][0] | {"measures": [line]}],
    }
    make_scorecard(definition)
    accounts = make_book([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    close_day(DAY, *accounts)
    freeze()
    close_day(DAY + ONE_DAY, *accounts)

    found = benchmark(account_id=accounts[7].pk)

    assert found.audience == {"touch_model": "high"}
    assert {line.metric: (line.x, line.median, line.n, line.ahead) for line in found.lines} == {
        "contacts_touched": (8.0, 5.5, 10, pytest.approx(75)),
        HEALTH_SCORE: (80.0, 55.0, 10, pytest.approx(75)),
    }


def test_too_few_accounts_are_no_company():
    make_scorecard(PERCENTILE)
    accounts = make_book([1, 2])
    close_day(DAY, *accounts)
    freeze()
    close_day(DAY + ONE_DAY, *accounts)

    assert benchmark(account_id=accounts[0].pk) is None
