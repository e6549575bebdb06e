import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.kpis import (
    AccountPeriod,
    Agreement,
    RenewalSums,
    Term,
    account_period,
    add_up,
    figures_of,
    renewal_sums,
    yearly_loss,
)

worths = st.sampled_from([0, 0, 100, 250, 600]).map(Decimal)
periods = st.builds(AccountPeriod, opening=worths, closing=worths, due=worths)


def figures(rows, days=365):
    nothing = RenewalSums()
    found = figures_of(add_up(rows), by_end=nothing, by_decision=nothing, days=days)
    return {figure.key: figure for figure in found}


def agreement(**fields):
    values = {
        "product": "Monorhythm",
        "starts_on": dt.date(2025, 4, 1),
        "ends_on": dt.date(2026, 3, 31),
        "notice_months": 3,
        "auto_renews": False,
        "notice_on": None,
        "terms": (Term(Decimal(1200), dt.date(2025, 4, 1)),),
    }
    return Agreement(**(values | fields))


@given(st.lists(periods, max_size=12))
def test_the_bridge_leads_from_the_opening_to_the_closing(rows):
    sums = add_up(rows)

    bridge = sums.opening + sums.new + sums.expansion - sums.contraction - sums.churn
    assert bridge == sums.closing
    assert sums.opening_accounts + sums.new_accounts - sums.lost_accounts == sums.closing_accounts


@given(st.lists(periods, min_size=1, max_size=12))
def test_retention_lies_where_its_definition_says(rows):
    found = figures(rows)

    if found["grr"].rate is not None:
        assert 0 <= found["grr"].rate <= 1
        assert found["nrr"].rate >= found["grr"].rate
        assert found["logo_churn"].rate + found["continuation"].rate == 1
        assert found["nrr"].rate - found["grr"].rate == pytest.approx(found["upsell"].rate)


def test_the_worked_example_of_the_documentation():
    rows = [
        AccountPeriod(Decimal(600), Decimal(720), due=Decimal(600), touches=6),
        AccountPeriod(Decimal(300), Decimal(240), due=Decimal(300), touches=2),
        AccountPeriod(Decimal(100), Decimal(0), due=Decimal(100)),
        AccountPeriod(Decimal(0), Decimal(180), touches=4),
    ]
    found = figures(rows)

    assert found["nrr"].rate == Decimal("0.96")
    assert found["grr"].rate == Decimal("0.84")
    assert found["grr_due"].rate == Decimal("0.84")
    assert round(found["logo_churn"].rate, 3) == Decimal("0.333")
    assert found["mrr_churn"].rate == Decimal("0.16")
    assert found["upsell"].rate == Decimal("0.12")
    assert found["arpa"].amount == Decimal("380")
    assert (found["contacts"].rate, found["contacts"].amount) == (Decimal("0.75"), Decimal("3"))


def test_without_customers_at_the_opening_there_is_no_rate():
    found = figures([AccountPeriod(Decimal(0), Decimal(100))])

    assert found["nrr"].rate is found["grr"].rate is found["logo_churn"].rate is None
    assert found["ltv"].amount is None


def test_losses_of_half_a_year_are_said_for_a_year():
    assert round(yearly_loss(10, 100, 182), 3) == Decimal("0.191")
    assert yearly_loss(5, 5, 30) == 1


def test_a_prolonged_contract_was_up_for_renewal_on_the_day_it_had():
    one = agreement(ends_on=dt.date(2027, 3, 31), past_ends=(dt.date(2026, 3, 31),))
    day = dt.date(2026, 3, 31)

    assert account_period([one], opening=day, closing=dt.date(2027, 3, 31)).due == 1200
    sums = renewal_sums([one], first=day, last=day, today=dt.date(2026, 6, 1), by_decision=False)
    assert (sums.renewed, sums.renewed_worth) == (1, 1200)


@pytest.mark.parametrize(
    ("fields", "today", "state"),
    [
        ({}, dt.date(2026, 1, 15), "pending"),
        ({}, dt.date(2026, 4, 1), "lost"),
        ({"notice_on": dt.date(2026, 1, 2)}, dt.date(2026, 1, 15), "lost"),
        ({"auto_renews": True}, dt.date(2025, 12, 31), "pending"),
        ({"auto_renews": True}, dt.date(2026, 1, 15), "renewed"),
    ],
)
def test_a_renewal_is_decided_when_nothing_can_change_it(fields, today, state):
    day = dt.date(2026, 3, 31)
    one = agreement(**fields)

    sums = renewal_sums([one], first=day, last=day, today=today, by_decision=False)

    assert getattr(sums, state) == 1


def test_a_contract_is_decided_in_the_period_of_its_notice():
    one = agreement()
    autumn, spring = [dt.date(2025, 10, 1), dt.date(2025, 12, 31)], [dt.date(2026, 3, 31)] * 2
    today = dt.date(2026, 6, 1)

    by_decision = [
        renewal_sums([one], first=first, last=last, today=today, by_decision=True)
        for first, last in (autumn, spring)
    ]

    assert [sums.lost for sums in by_decision] == [1, 0]


def test_notice_ends_the_year_that_was_running():
    one = agreement(auto_renews=True, notice_on=dt.date(2027, 6, 1))

    assert one.until == dt.date(2028, 3, 31)


def test_a_contract_ends_with_its_customer_and_was_not_renewed():
    lost_on = dt.date(2027, 6, 1)
    one = agreement(auto_renews=True, lost_on=lost_on)
    before, last = lost_on - dt.timedelta(days=1), dt.date(2028, 3, 31)

    assert [one.worth_on(day) for day in (before, lost_on)] == [1200, 0]
    sums = renewal_sums([one], first=last, last=last, today=lost_on, by_decision=False)
    assert (sums.lost, sums.lost_worth) == (1, 1200)
