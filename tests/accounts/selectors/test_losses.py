"""Churn and downgrade are facts with a day, a reason and since when they are known."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Account, Organisation
from accounts.selectors.losses import Loss, LossKind, losses
from accounts.services.accounts import change_status, create_account, update_account
from accounts.services.contracts import change_terms, create_contract, update_contract
from accounts.services.rates import record_rate
from tests.factories import make_organisation, make_team

pytestmark = pytest.mark.django_db

TOKYO = dt.timezone(dt.timedelta(hours=9))
START = dt.date(2025, 4, 1)


def at(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 10, tzinfo=TOKYO)


NOW = at(2026, 6, 19)


@pytest.fixture
def account() -> Account:
    make_organisation()
    account = create_account(name="青嶺精機", team=make_team(), at=at(2025, 4, 1))
    create_contract(
        account=account, arr=1000, kind="open_ended", starts_on=START, at=at(2025, 4, 1)
    )
    return account


def contract_of(account):
    return account.contracts.get()


def test_a_customer_lost_is_one_loss_with_its_reason(account):
    change_status(account=account, status="churned", reason="budget", at=at(2026, 3, 31))
    update_contract(
        contract=contract_of(account),
        changes={"kind": "fixed", "ends_on": dt.date(2026, 3, 20)},
        at=at(2026, 4, 2),
    )

    assert losses(at=NOW) == [
        Loss(
            account.pk,
            LossKind.CHURN,
            dt.date(2026, 3, 31),
            "budget",
            Decimal(1000),
            Decimal(1000),
            at(2026, 3, 31),
            False,
        )
    ]


def test_a_reason_told_later_is_not_known_before(account):
    change_status(account=account, status="churned", at=at(2026, 3, 31))
    update_account(account=account, changes={"churn_reason": "price"}, at=at(2026, 5, 1))

    (before,), (after,) = losses(at=at(2026, 4, 30)), losses(at=NOW)
    assert (before.reason, after.reason) == ("", "price")
    assert before.on == after.on == dt.date(2026, 3, 31)


def test_a_loss_is_not_known_before_it_was_entered(account):
    on = dt.date(2026, 2, 1)
    change_status(account=account, status="churned", on=on, at=at(2026, 3, 31))

    assert losses(at=at(2026, 3, 30)) == []
    assert [loss.on for loss in losses(at=NOW)] == [on]


def test_a_contract_worth_less_is_a_downgrade_with_its_reason(account):
    change_terms(
        contract=contract_of(account),
        arr=700,
        reason="missing_feature",
        on=dt.date(2026, 1, 1),
        at=at(2025, 12, 20),
    )

    (loss,) = losses(at=NOW)
    assert (loss.kind, loss.on, loss.reason) == (
        LossKind.DOWNGRADE,
        dt.date(2026, 1, 1),
        "missing_feature",
    )
    assert (loss.arr_before, loss.arr_lost) == (1000, 300)
    assert loss.known_at == dt.datetime(2026, 1, 1, tzinfo=TOKYO)


def test_a_contract_worth_more_and_one_replaced_by_its_like_are_none(account):
    create_contract(
        account=account,
        arr=400,
        kind="fixed",
        starts_on=dt.date(2025, 6, 1),
        ends_on=dt.date(2025, 12, 31),
        at=at(2025, 6, 1),
    )
    create_contract(
        account=account,
        arr=400,
        kind="open_ended",
        starts_on=dt.date(2026, 1, 1),
        at=at(2025, 12, 1),
    )

    assert losses(at=NOW) == []


def test_a_contract_that_ran_out_while_the_customer_stays_is_a_downgrade(account):
    create_contract(
        account=account,
        arr=400,
        kind="fixed",
        starts_on=dt.date(2025, 6, 1),
        ends_on=dt.date(2025, 12, 31),
        at=at(2025, 6, 1),
    )

    (loss,) = losses(at=NOW)
    assert (loss.kind, loss.on, loss.arr_lost) == (LossKind.DOWNGRADE, dt.date(2026, 1, 1), 400)


def test_a_customer_who_came_back_and_left_again_was_lost_twice(account):
    change_status(account=account, status="churned", reason="price", at=at(2025, 9, 1))
    change_status(account=account, status="active", at=at(2025, 11, 1))
    change_status(account=account, status="churned", reason="competitor", at=at(2026, 2, 1))

    assert [(loss.on.month, loss.reason) for loss in losses(at=NOW)] == [
        (9, "price"),
        (2, "competitor"),
    ]


def test_amounts_are_in_the_reporting_currency(account):
    record_rate(currency="USD", on=START, rate=Decimal(150), at=at(2025, 4, 1))
    update_contract(contract=contract_of(account), changes={"currency": "USD"}, at=at(2025, 4, 2))
    change_terms(contract=contract_of(account), arr=600, on=dt.date(2026, 1, 1), at=at(2026, 1, 1))

    (loss,) = losses(at=NOW)
    assert (loss.arr_before, loss.arr_lost) == (150_000, 60_000)


def test_losses_can_be_asked_of_some_accounts_and_days(account):
    other = create_account(name="白波ホテルズ", team=account.team, at=at(2025, 4, 1))
    for row in (account, other):
        change_status(account=row, status="churned", at=at(2026, 3, 31))

    assert [loss.account_id for loss in losses(at=NOW, account_ids=[other.pk])] == [other.pk]
    assert losses(at=NOW, since=dt.date(2026, 4, 1)) == []
    assert losses(at=NOW, until=dt.date(2026, 3, 30)) == []


def test_any_number_of_accounts_takes_two_statements(account, django_assert_num_queries):
    for n in range(5):
        row = create_account(name=f"Nr {n}", team=account.team, at=at(2025, 4, 1))
        change_status(account=row, status="churned", at=at(2026, 3, 31))

    assert Organisation.objects.count() == 1
    with django_assert_num_queries(2):
        assert len(losses(at=NOW)) == 5
