from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.kpi_targets import Target, judge
from scoring.selectors.kpi_words import TARGETS

MORE = dict.fromkeys(("rate", "count", "amount"), "more")
LESS = dict.fromkeys(("rate", "count", "amount"), "less")
numbers = st.decimals(-1000, 1000, places=3)


@given(numbers, numbers)
def test_a_target_is_reached_from_itself_on_in_the_direction_that_is_better(actual, wanted):
    seen = {"rate": actual, "count": None, "amount": None}

    up = judge(seen, Target(rate=wanted), MORE)["rate"]
    down = judge(seen, Target(rate=wanted), LESS)["rate"]

    assert up.gap == down.gap == actual - wanted
    assert (up.is_reached, down.is_reached) == (actual >= wanted, actual <= wanted)
    assert up.points == 100 * up.gap


def test_what_is_unknown_is_neither_reached_nor_missed():
    (verdict,) = judge(
        {"rate": None, "count": 0, "amount": None}, Target(rate=Decimal(1)), MORE
    ).values()

    assert (verdict.gap, verdict.is_reached, verdict.points) == (None, None, None)


def test_only_parts_that_are_asked_for_are_judged():
    seen = {"rate": Decimal("0.9"), "count": 3, "amount": Decimal(70)}

    verdicts = judge(seen, Target(count=5, amount=Decimal(60)), MORE)

    assert {part: verdict.is_reached for part, verdict in verdicts.items()} == {
        "count": False,
        "amount": True,
    }


@pytest.mark.parametrize(("kpi", "wish"), [("nrr", "more"), ("logo_churn", "less")])
def test_churn_gets_better_downwards_and_retention_upwards(kpi, wish):
    assert set(TARGETS[kpi].wishes.values()) == {wish}


def test_a_longer_life_of_customers_is_worth_more_though_its_rate_is_a_loss():
    assert TARGETS["ltv"].wishes == {"rate": "less", "count": "less", "amount": "more"}
