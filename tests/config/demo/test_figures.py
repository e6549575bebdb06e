"""The figures a tour shows: what the story of the demo says of its KPIs."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from accounts.models import Account
from config.demo.casting import cast_book
from config.demo.load import Member, contracts_of
from scoring.domain.kpis import (
    Agreement,
    RenewalSums,
    Term,
    account_period,
    add_up,
    figures_of,
)

TODAY = dt.date(2026, 11, 29)
A_YEAR_AGO = dt.date(2025, 11, 29)


def agreements_of(story, seed):
    churned = story.fields.get("churned")
    ended = TODAY - dt.timedelta(days=churned) if churned else None
    rng = random.Random(f"{seed}:{story.key}")
    member = Member(story, Account(churned_on=ended), TODAY, TODAY, rng)
    rate = 190 if story.currency == "GBP" else 1
    for contract, term in contracts_of(member, today=TODAY) if story.arr else ():
        yield Agreement(
            contract.product,
            contract.starts_on,
            contract.ends_on,
            contract.notice_months,
            contract.auto_renews,
            contract.notice_received_on,
            (Term(Decimal(term.arr) * rate, term.starts_on),),
        )


@pytest.mark.parametrize(("seed", "count"), [(1, 300), (2, 300), (1, 1000), (3, 1000)])
def test_the_book_tells_the_retention_the_story_promises(seed, count):
    book = cast_book(random.Random(seed), count)

    rows = [
        account_period(agreements_of(story, seed), opening=A_YEAR_AGO, closing=TODAY)
        for story in book
    ]
    figures = figures_of(add_up(rows), by_end=RenewalSums(), by_decision=RenewalSums(), days=365)
    rates = {figure.key: float(figure.rate) for figure in figures if figure.rate is not None}

    assert rates["nrr"] == pytest.approx(1.04, abs=0.025)
    assert rates["grr"] == pytest.approx(0.91, abs=0.015)
    assert rates["logo_churn"] == pytest.approx(0.09, abs=0.015)


def test_a_customer_that_left_is_worth_nothing_from_then_on():
    lost = [story for story in cast_book(random.Random(1), 300) if story.status == "churned"]

    worth = [sum(one.worth_on(TODAY) for one in agreements_of(story, 1)) for story in lost]

    assert len(lost) > 20
    assert set(worth) == {0}
