"""A past official day gives the same numbers again, whatever was learned since; restated may not.

Facts are random rows of the real tables. What stands in the daily row is what the reference
evaluator makes of the same day, so the compiled statements are held to it on real facts, too.
"""

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Account, Invoice, Ticket, Touchpoint
from scoring.models import (
    HealthCurrent,
    HealthDaily,
    MetricValue,
    UsageDay,
    UserMonth,
)
from scoring.selectors.explanations import explain_day, restate
from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    close_day,
    install_scorecards,
    make_invoice,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_talk,
    make_ticket,
    make_usage,
    noon,
    slot_after,
)

pytestmark = pytest.mark.django_db

ago = st.integers(0, 120)
facts = st.one_of(
    st.tuples(st.just("talk"), ago, st.integers(0, 3)),
    st.tuples(st.just("ticket"), ago, st.sampled_from(["normal", "high", "critical"])),
    st.tuples(st.just("invoice"), ago, st.none() | st.integers(0, 90)),
    st.tuples(st.just("usage"), st.integers(0, 60), st.integers(1, 8)),
)
TABLES = (
    *(HealthDaily, HealthCurrent, MetricValue, UsageDay, UserMonth),
    *(Touchpoint, Ticket, Invoice),
)


@pytest.fixture
def account():
    install_scorecards()
    account = make_scored_account(live_on=DAY - 300 * ONE_DAY)
    make_live_source(account=account, days=20)
    make_paid_invoice(account)
    return account


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(facts, max_size=8), st.lists(facts, min_size=1, max_size=5))
def test_a_replayed_day_gives_the_same_numbers(account, known, late):
    forget(account)
    for n, fact in enumerate(known):
        write(account, fact, n, learned=None)
    close_day(DAY, account)
    before = HealthDaily.objects.values().get(account=account, day=DAY)

    for n, fact in enumerate(late, start=len(known)):
        write(account, fact, n, learned=DAY + 2 * ONE_DAY)
    close_day(DAY + 2 * ONE_DAY, account)
    close_day(DAY, account)

    assert HealthDaily.objects.values().get(account=account, day=DAY) == before
    for day in (DAY, DAY + 2 * ONE_DAY):
        row = HealthDaily.objects.get(account=account, day=day)
        evaluation = explain_day(account_id=account.pk, day=day).evaluation
        assert evaluation.score == close(row.score)
        assert evaluation.coverage == close(row.coverage)
        assert list(evaluation.contributions) == close(row.contributions)
        if row.score is not None:
            assert evaluation.explained == close(row.score)


def close(value):
    return None if value is None else pytest.approx(value, abs=1e-9)


def forget(account):
    """An example begins with an account nobody knows anything of."""
    for model in TABLES:
        model.objects.filter(account=account).delete()


def write(account: Account, fact, number, *, learned: dt.date | None):
    """Write a fact that was known at once, or only on the day it was learned."""
    kind, days, detail = fact
    day = DAY - days * ONE_DAY
    recorded = {} if learned is None else {"recorded_at": noon(learned)}
    if kind == "talk":
        people = [make_contact(account=account) for _ in range(detail)]
        talk = make_talk(account, day, *people)
        type(talk).objects.filter(pk=talk.pk).update(**{"recorded_at": noon(day), **recorded})
    elif kind == "ticket":
        make_ticket(account=account, opened=day, severity=detail, **recorded)
    elif kind == "invoice":
        paid = None if detail is None else min(day + detail * ONE_DAY, DAY)
        invoice = make_invoice(account=account, due=day, paid=paid)
        type(invoice).objects.filter(pk=invoice.pk).update(
            **({"recorded_at": noon(day)} | recorded)
        )
    else:
        make_usage(
            account=account,
            days=[day],
            users=detail,
            name=f"event-{number}",
            known_on=learned or day,
        )


def test_a_fact_known_later_changes_only_the_restated_value(account):
    make_usage(account=account, days=[DAY - n * ONE_DAY for n in range(40)], users=6)
    make_talk(account, DAY - 60 * ONE_DAY)
    close_day(DAY, account)
    official = HealthDaily.objects.get(account=account, day=DAY).score

    talk = make_talk(account, DAY - ONE_DAY, make_contact(account=account))
    type(talk).objects.filter(pk=talk.pk).update(recorded_at=noon(DAY + 3 * ONE_DAY))
    close_day(DAY, account)

    explained = explain_day(account_id=account.pk, day=DAY)
    restated = restate(explanation=explained, at=slot_after(DAY + 3 * ONE_DAY))
    assert HealthDaily.objects.get(account=account, day=DAY).score == official
    assert explained.evaluation.score == pytest.approx(official, abs=1e-9)
    assert restated.is_restated
    assert restated.score > official + 5
    assert restated.evaluation.explained == pytest.approx(restated.score, abs=1e-9)
