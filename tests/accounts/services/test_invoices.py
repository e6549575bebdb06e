import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import DirtyAccount, Invoice, InvoicePayment
from accounts.services.conflicts import ExternalIdTaken
from accounts.services.facts import InTheFuture
from accounts.services.invoices import (
    DueBeforeIssued,
    ForeignContract,
    InvoiceRetracted,
    NothingToPay,
    correct_invoice,
    record_invoice,
    record_payment,
    restore_invoice,
    retract_invoice,
    retract_payment,
)
from tests.factories import make_account, make_contract, make_organisation

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 19, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 19)
DAY = dt.timedelta(days=1)


def bill(**fields):
    values = {"account": make_account(), "amount": 110_000, "issued_on": TODAY, **fields}
    return record_invoice(**values, at=AT)


def figures(invoice):
    row = Invoice.objects.get(pk=invoice.pk)
    return row.paid_amount, row.balance, row.paid_on


def test_the_terms_of_the_contract_say_when_it_is_due():
    account = make_account()
    contract = make_contract(account=account, payment_days=60)

    assert bill(account=account, contract=contract).due_on == dt.date(2026, 8, 18)
    assert bill(account=account).due_on == dt.date(2026, 7, 21)  # 19 July is a Sunday, 20 a holiday
    assert DirtyAccount.objects.filter(account=account, reason="invoice").exists()


@pytest.mark.parametrize(
    ("terms", "due_on"),
    [
        ((31, 1, 31), dt.date(2026, 7, 31)),
        ((15, 1, 10), dt.date(2026, 8, 10)),
        ((20, 0, 28), dt.date(2026, 6, 29)),  # 28 June is a Sunday
    ],
)
def test_closing_terms_say_when_it_is_due(terms, due_on):
    account = make_account()
    names = ("closing_day", "payment_months", "payment_day")
    columns = dict(zip(names, terms, strict=True))
    contract = make_contract(account=account, payment_days=None, **columns)

    assert bill(account=account, contract=contract).due_on == due_on


def test_an_agreed_day_on_a_bank_holiday_moves_to_the_next_banking_day():
    assert bill(due_on=dt.date(2026, 6, 28)).due_on == dt.date(2026, 6, 29)


def test_banks_are_those_of_the_organisation():
    make_organisation(country="SG")

    assert bill(due_on=dt.date(2026, 7, 20)).due_on == dt.date(2026, 7, 20)


def test_the_currency_is_the_accounts_unless_another_is_given():
    account = make_account(currency="GBP")

    assert [bill(account=account).currency, bill(account=account, currency="EUR").currency] == [
        "GBP",
        "EUR",
    ]


def test_it_is_paid_when_the_payments_cover_it():
    invoice = bill()
    record_payment(invoice=invoice, amount=10_000, paid_on=TODAY - DAY, at=AT)
    assert figures(invoice) == (10_000, 100_000, None)

    rest = record_payment(invoice=invoice, paid_on=TODAY, at=AT)

    assert rest.amount == 100_000
    assert figures(invoice) == (110_000, 0, TODAY)


def test_money_that_did_not_come_in_is_open_again():
    invoice = bill()
    payment = record_payment(invoice=invoice, paid_on=TODAY, at=AT)

    retract_payment(payment=payment, at=AT + DAY)

    assert figures(invoice) == (0, 110_000, None)
    assert InvoicePayment.objects.get().retracted_at == AT + DAY


def test_late_is_what_is_past_due_and_not_paid():
    late, paid, young = (bill(due_on=dt.date(2026, 6, 22)) for _ in range(3))
    record_payment(invoice=paid, paid_on=TODAY, at=AT)
    correct_invoice(invoice=young, changes={"due_on": dt.date(2026, 6, 30)}, at=AT)

    assert list(Invoice.objects.late(on=dt.date(2026, 6, 23))) == [late]
    assert list(Invoice.objects.late(on=dt.date(2026, 6, 22))) == []


def test_a_correction_leaves_what_was_known_with_its_payments():
    invoice = bill(external_id="INV-1")
    record_payment(invoice=invoice, amount=5, paid_on=TODAY, at=AT)

    correct_invoice(invoice=invoice, changes={"amount": Decimal(90_000)}, at=AT + DAY)

    kept = Invoice.objects.get(retracted_at=AT + DAY)
    assert (kept.amount, kept.recorded_at, kept.payments.get().amount) == (110_000, AT, 5)
    now = Invoice.objects.get(pk=invoice.pk)
    assert (now.amount, now.external_id, now.payments.count()) == (90_000, "INV-1", 1)


def test_the_same_again_is_no_correction():
    invoice = bill()

    correct_invoice(
        invoice=invoice, changes={"amount": invoice.amount, "due_on": invoice.due_on}, at=AT + DAY
    )

    assert Invoice.objects.count() == 1


def test_an_empty_due_date_asks_the_terms_again():
    invoice = bill(due_on=dt.date(2026, 6, 30))

    assert correct_invoice(invoice=invoice, changes={"due_on": None}, at=AT).due_on == dt.date(
        2026, 7, 21
    )


def test_what_was_taken_back_takes_no_money_until_it_is_back():
    invoice = bill()
    retract_invoice(invoice=invoice, at=AT + DAY)
    with pytest.raises(InvoiceRetracted):
        record_payment(invoice=invoice, paid_on=TODAY, at=AT + DAY)

    restore_invoice(invoice=invoice, at=AT + 2 * DAY)

    assert record_payment(invoice=invoice, paid_on=TODAY, at=AT + 2 * DAY).amount == 110_000


def test_what_can_not_be_is_refused():
    account = make_account()
    foreign = make_contract(account=make_account())
    invoice = bill(external_id="INV-1")

    with pytest.raises(DueBeforeIssued):
        bill(due_on=TODAY - DAY)
    with pytest.raises(NothingToPay):
        bill(amount=0)
    with pytest.raises(ForeignContract):
        bill(account=account, contract=foreign)
    with pytest.raises(ExternalIdTaken):
        bill(external_id="INV-1")
    with pytest.raises(InTheFuture):
        record_payment(invoice=invoice, paid_on=TODAY + DAY, at=AT)
    with pytest.raises(NothingToPay):
        record_payment(invoice=invoice, amount=-1, paid_on=TODAY, at=AT)
    assert not InvoicePayment.objects.exists()
