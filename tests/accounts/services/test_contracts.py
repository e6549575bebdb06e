import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.payment_terms import ClosingTerms, NetDays
from accounts.models import Contract, FxRate
from accounts.selectors.contracts import renewal_of
from accounts.selectors.losses import losses
from accounts.services.accounts import change_status
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.contracts import (
    EndsBeforeStart,
    FixedWithoutEnd,
    ImpossiblePaymentTerms,
    OutsideContract,
    RenewsPublicContract,
    TwoPaymentTerms,
    archive_contract,
    change_terms,
    create_contract,
    renew_contract,
    update_contract,
)
from config.lib.clock import app_now
from tests.factories import make_account, make_contract, make_organisation, make_user

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
YEAR = {"starts_on": dt.date(2026, 4, 1), "ends_on": dt.date(2027, 3, 31)}


def test_a_yearly_public_contract_is_tendered_anew_and_never_renews_by_itself(api):
    make_organisation()
    account = make_account()
    public = {"is_public_yearly": True, "auto_renews": True}
    with pytest.raises(RenewsPublicContract):
        create_contract(account=account, arr=100, at=AT, **YEAR, **public)
    contract = create_contract(account=account, arr=100, at=AT, is_public_yearly=True, **YEAR)

    answer = api(make_user(role="administrator")).patch(
        f"/api/v1/contracts/{contract.pk}/", {"auto_renews": True}, format="json"
    )

    assert answer.data["errors"][0]["pointer"] == "/auto_renews"
    contract.refresh_from_db()
    assert not contract.auto_renews
    refresh_contract_figures(at=AT + dt.timedelta(days=365))
    account.refresh_from_db()
    assert account.arr == 0


def test_a_contract_gives_its_account_arr_seats_and_the_day_to_decide():
    account = make_account()

    create_contract(account=account, arr=1_200_000, seats=30, notice_months=2, at=AT, **YEAR)

    account.refresh_from_db()
    assert (account.arr, account.mrr, account.licensed_users) == (1_200_000, 100_000, 30)
    assert account.renewal_on == dt.date(2027, 1, 31)
    assert account.customer_since_on == dt.date(2026, 4, 1)


def test_new_terms_count_from_their_day_on_and_the_old_ones_stay_known():
    account = make_account()
    contract = create_contract(account=account, arr=1_200_000, at=AT, **YEAR)

    change_terms(contract=contract, arr=600_000, on=dt.date(2026, 10, 1), at=AT)

    account.refresh_from_db()
    assert account.arr == 1_200_000
    later = dt.datetime(2026, 10, 1, 3, 0, tzinfo=dt.UTC)
    assert refresh_contract_figures(at=later) == [account.pk]
    account.refresh_from_db()
    assert account.arr == 600_000


def test_terms_can_not_begin_before_the_contract():
    contract = make_contract(account=make_account())

    with pytest.raises(OutsideContract):
        change_terms(contract=contract, arr=1, on=dt.date(2026, 3, 31), at=AT)


def test_an_ended_contract_is_worth_nothing_unless_it_renews_by_itself():
    ended, rolling, told = make_account(), make_account(), make_account()
    last_year = {"starts_on": dt.date(2025, 4, 1), "ends_on": dt.date(2026, 3, 31)}
    make_contract(account=ended, **last_year)
    make_contract(account=rolling, auto_renews=True, notice_months=1, **last_year)
    notice = dt.date(2026, 1, 5)
    make_contract(account=told, auto_renews=True, notice_received_on=notice, **last_year)

    refresh_contract_figures(at=AT)

    for account in (ended, rolling, told):
        account.refresh_from_db()
    assert (ended.arr, ended.renewal_on) == (0, None)
    assert (rolling.arr, rolling.renewal_on) == (1_200_000, dt.date(2027, 2, 28))
    assert (told.arr, told.renewal_on) == (0, None)


@pytest.mark.parametrize(
    ("notice", "last"),
    [
        (dt.date(2026, 3, 31), dt.date(2026, 3, 31)),
        (dt.date(2026, 4, 1), dt.date(2027, 3, 31)),
        (dt.date(2026, 6, 10), dt.date(2027, 3, 31)),
    ],
)
def test_notice_holds_a_contract_that_renewed_itself_to_the_end_of_its_year(notice, last):
    account = make_account()
    contract = make_contract(
        account=account, starts_on=dt.date(2025, 4, 1), ends_on=dt.date(2026, 3, 31),
        auto_renews=True, notice_received_on=notice,
    )  # fmt: skip

    for day, arr in ((last, 1_200_000), (last + dt.timedelta(days=1), 0)):
        refresh_contract_figures(at=dt.datetime.combine(day, dt.time(3), dt.UTC))
        account.refresh_from_db()
        assert account.arr == arr
        assert Contract.objects.in_force(on=day).exists() is bool(arr)
    renewal = renewal_of(contract, today=dt.date(2026, 6, 20))
    assert (renewal.state, renewal.decision.last_day) == ("notice_given", last)


def test_notice_ends_an_open_ended_contract_with_its_notice_period():
    account, last = make_account(), dt.date(2026, 8, 31)
    contract = make_contract(
        account=account, kind="open_ended", ends_on=None, notice_months=2,
        notice_received_on=dt.date(2026, 6, 30),
    )  # fmt: skip

    for day, arr in ((last, 1_200_000), (last + dt.timedelta(days=1), 0)):
        refresh_contract_figures(at=dt.datetime.combine(day, dt.time(3), dt.UTC))
        account.refresh_from_db()
        assert account.arr == arr
        assert Contract.objects.in_force(on=day).exists() is bool(arr)
    renewal = renewal_of(contract, today=dt.date(2026, 7, 20))
    assert (renewal.state, renewal.decision.last_day) == ("notice_given", last)
    at = app_now() + dt.timedelta(days=9999)
    (loss,) = losses(at=at, account_ids=[account.pk])
    assert (loss.on, loss.arr_lost) == (last + dt.timedelta(days=1), 1_200_000)


def test_a_customer_that_churned_has_no_contract_in_force_until_it_comes_back():
    account = make_account()
    make_contract(account=account, auto_renews=True)

    lost = change_status(account=account, status="churned", at=AT)

    assert (lost.arr, lost.renewal_on) == (0, None)
    back = change_status(account=account, status="active", at=AT)
    assert (back.arr, back.renewal_on) == (1_200_000, dt.date(2027, 3, 31))


def test_a_contract_that_is_followed_by_another_needs_no_decision():
    account = make_account()
    make_contract(account=account)
    next_year = {"starts_on": dt.date(2027, 4, 1), "ends_on": dt.date(2028, 3, 31)}
    make_contract(account=account, arr=5, **next_year)

    refresh_contract_figures(at=AT)

    account.refresh_from_db()
    assert (account.renewal_on, account.arr) == (dt.date(2028, 3, 31), 1_200_000)


def test_several_currencies_meet_in_the_reporting_currency():
    make_organisation(currency="JPY")
    account = make_account()
    FxRate.objects.create(currency="GBP", on=dt.date(2026, 1, 1), rate=Decimal(190))
    make_contract(account=account, arr=1_000, currency="GBP", product="One")
    make_contract(account=account, arr=10_000, currency="JPY", product="Two")

    refresh_contract_figures(at=AT)

    account.refresh_from_db()
    assert (account.currency, account.arr) == ("JPY", 200_000)


def test_one_foreign_currency_stays_itself():
    account = make_account()
    make_contract(account=account, arr=1_000, currency="GBP")

    refresh_contract_figures(at=AT)

    account.refresh_from_db()
    assert (account.currency, account.arr) == ("GBP", 1_000)


def test_without_a_rate_the_account_keeps_its_figures():
    account = make_account(arr=7)
    make_contract(account=account, arr=1_000, currency="GBP")
    make_contract(account=account, arr=1_000, currency="USD")

    assert refresh_contract_figures(at=AT) == []


def test_all_accounts_cost_as_many_statements_as_one(django_assert_num_queries):
    for _ in range(7):
        make_contract(account=make_account())

    with django_assert_num_queries(2):
        assert len(refresh_contract_figures(at=AT)) == 7
    assert refresh_contract_figures(at=AT) == []


def test_a_new_first_day_takes_the_first_terms_along():
    contract = create_contract(account=make_account(), arr=5, at=AT, **YEAR)

    update_contract(contract=contract, changes={"starts_on": dt.date(2026, 5, 1)}, at=AT)

    assert contract.terms.get(retracted_at=None).starts_on == dt.date(2026, 5, 1)


def test_an_archived_contract_counts_nowhere():
    account = make_account()
    contract = create_contract(account=account, arr=5, at=AT, **YEAR)

    archive_contract(contract=contract, at=AT)

    account.refresh_from_db()
    assert (account.arr, account.renewal_on) == (0, None)


def closing(day, months, payment_day):
    return {"closing_day": day, "payment_months": months, "payment_day": payment_day}


def test_payment_terms_of_one_kind_take_the_place_of_the_other():
    contract = create_contract(account=make_account(), arr=5, at=AT, **YEAR, **closing(31, 1, 31))
    assert contract.payment_terms == ClosingTerms(31, 1, 31)

    contract = update_contract(contract=contract, changes={"payment_days": 45}, at=AT)
    assert contract.payment_terms == NetDays(45)

    contract = update_contract(contract=contract, changes=closing(20, 1, 10), at=AT)
    assert contract.payment_terms == ClosingTerms(20, 1, 10)
    renewed = renew_contract(
        contract=contract, ends_on=dt.date(2028, 3, 31), as_new=True, external_id="next", at=AT
    )
    assert renewed.payment_terms == ClosingTerms(20, 1, 10)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"starts_on": dt.date(2026, 4, 1), "ends_on": dt.date(2026, 3, 1)}, EndsBeforeStart),
        ({"starts_on": dt.date(2026, 4, 1)}, FixedWithoutEnd),
        ({**YEAR, **closing(30, 1, 10)}, ImpossiblePaymentTerms),
        ({**YEAR, **closing(20, 0, 10)}, ImpossiblePaymentTerms),
        ({**YEAR, **closing(20, 1, 10), "payment_days": 30}, TwoPaymentTerms),
        ({**YEAR, "closing_day": 20}, TwoPaymentTerms),
        ({**YEAR, "payment_days": None}, TwoPaymentTerms),
    ],
)
def test_days_that_make_no_contract_are_refused(fields, problem):
    with pytest.raises(problem):
        create_contract(account=make_account(), arr=5, at=AT, **fields)
