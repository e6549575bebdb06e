import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import DirtyAccount, Invoice
from accounts.services.invoices import correct_invoice, record_invoice, record_payment
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.factories import make_account, make_contract, make_team, make_user

pytestmark = pytest.mark.django_db
HEADER = ["external_id", "account_external_id", "issued_on", "amount"]
LATER = AT + dt.timedelta(days=2)


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def plain(invoice):
    apart = {"id", "external_id", "account_id", "contract_id", "_state"}
    return {name: value for name, value in vars(invoice).items() if name not in apart}


def payments(invoice):
    columns = ("paid_on", "amount", "recorded_at", "retracted_at")
    return list(invoice.payments.order_by("pk").values_list(*columns))


def paid(key="INV-1"):
    row = Invoice.objects.standing().get(external_id=key)
    return row.paid_amount, row.balance, row.paid_on and str(row.paid_on)


NET = {"payment_days": 60}
CLOSING = {"payment_days": None, "closing_day": 20, "payment_months": 2, "payment_day": 31}


@pytest.mark.parametrize("due", ["", "2026-06-28", "2026-12-31"])
@pytest.mark.parametrize("contract", ["", "C-1"])
@pytest.mark.parametrize("terms", [NET, CLOSING])
def test_a_row_is_what_the_service_would_have_made(account, due, contract, terms):
    twin = make_account(external_id="A-2", team=account.team)
    make_contract(account=account, external_id="C-1", **terms)
    other = make_contract(account=twin, external_id="C-2", **terms)
    made = record_invoice(
        account=twin, external_id="INV-2", amount=Decimal("110000.50"),
        issued_on=dt.date(2026, 5, 25), due_on=dt.date.fromisoformat(due) if due else None,
        contract=other if contract else None, at=AT,
    )  # fmt: skip
    record_payment(invoice=made, paid_on=dt.date(2026, 6, 9), amount=100, at=AT)

    take_in(
        "invoices",
        [*HEADER, "支払期限", "契約番号", "入金日", "入金額"],
        ["INV-1", "A-1", "2026/5/25", "¥110,000.50", due, contract, "2026/6/9", "100"],
    )

    imported = Invoice.objects.get(external_id="INV-1")
    assert plain(imported) == plain(Invoice.objects.get(pk=made.pk))
    assert bool(imported.contract_id) == bool(contract)
    assert payments(imported) == payments(made)
    assert DirtyAccount.objects.filter(account=account).exists()


@pytest.mark.parametrize(
    ("column", "cell", "changes"),
    [
        ("amount", "90000", {"amount": Decimal(90_000)}),
        ("due_on", "2026-07-11", {"due_on": dt.date(2026, 7, 11)}),
        ("issued_on", "2026-05-26", {"issued_on": dt.date(2026, 5, 26)}),
        ("currency", "USD", {"currency": "USD"}),
    ],
)
def test_a_correction_is_what_the_service_would_have_written(account, column, cell, changes):
    twin = make_account(external_id="A-2", team=account.team)
    values = {"amount": Decimal(110_000), "issued_on": dt.date(2026, 5, 25), "at": AT}
    for one, key in ((account, "INV-1"), (twin, "INV-2")):
        invoice = record_invoice(account=one, external_id=key, **values)
        record_payment(invoice=invoice, paid_on=dt.date(2026, 6, 1), amount=7, at=AT)
    correct_invoice(invoice=invoice, changes=changes, at=LATER)

    run = take_in("invoices", ["external_id", column], ["INV-1", cell], at=LATER)

    assert counts(run) == (0, 1, 0, 0)
    ours, theirs = (
        Invoice.objects.filter(external_id=key).order_by("retracted_at")
        for key in ("INV-1", "INV-2")
    )
    assert list(map(plain, ours)) == list(map(plain, theirs))
    assert list(map(payments, ours)) == list(map(payments, theirs))


def test_a_due_day_that_was_moved_is_the_same_the_second_time(account):
    rows = [[*HEADER, "due_on"], ["INV-1", "A-1", "2026-05-25", "100", "2026-06-28"]]
    take_in("invoices", *rows)

    assert counts(take_in("invoices", *rows, at=LATER)) == (0, 0, 1, 0)
    assert Invoice.objects.get().due_on == dt.date(2026, 6, 29)


def test_what_was_paid_so_far_is_brought_in_step(account):
    take_in("invoices", HEADER, ["INV-1", "A-1", "2026-05-25", "100"])
    header = ["external_id", "paid_on", "paid_amount"]

    def pay(day, amount):
        return counts(take_in("invoices", header, ["INV-1", day, amount], at=LATER))

    assert pay("2026-06-01", "40") == (0, 1, 0, 0)
    assert paid() == (40, 60, None)
    assert pay("2026-06-01", "40") == (0, 0, 1, 0)
    assert pay("2026-06-08", "100") == (0, 1, 0, 0)
    assert paid() == (100, 0, "2026-06-08")
    assert Invoice.objects.get().payments.count() == 2
    assert pay("2026-06-08", "30") == (0, 1, 0, 0)
    assert paid() == (30, 70, None)
    assert pay("", "") == (0, 0, 1, 0)
    assert pay("2026-06-09", "") == (0, 1, 0, 0)
    assert paid() == (100, 0, "2026-06-09")


def test_nothing_paid_is_no_payment(account):
    header = [*HEADER, "paid_on", "paid_amount"]
    take_in("invoices", header, ["INV-1", "A-1", "2026-05-25", "100", "", "0"])

    assert paid() == (0, 100, None)


def test_the_currency_is_the_accounts(team):
    make_account(external_id="A-9", team=team, currency="GBP")
    take_in("invoices", HEADER, ["INV-1", "A-9", "2026-05-25", "100"])

    assert Invoice.objects.get().currency == "GBP"


def test_every_fault_is_named_with_its_row_and_column(account):
    make_contract(account=make_account(), external_id="FOREIGN")
    header = [*HEADER, "due_on", "contract_external_id", "paid_on", "paid_amount"]
    day = "2026-05-25"
    run = take_in(
        "invoices",
        header,
        ["", "A-1", day, "100", "", "", "", ""],
        ["I-1", "A-1", "", "100", "", "", "", ""],
        ["I-2", "A-1", day, "", "", "", "", ""],
        ["I-3", "A-1", day, "0", "", "", "", ""],
        ["I-4", "A-1", day, "100", "2026-05-24", "", "", ""],
        ["I-5", "A-1", day, "100", "", "FOREIGN", "", ""],
        ["I-6", "A-1", day, "100", "", "", "", "50"],
        ["I-7", "A-1", day, "100", "", "", "2026-12-01", "50"],
        ["I-8", "A-1", day, "100", "", "", "2026-06-01", "0"],
        ["I-9", "NOBODY", day, "100", "", "", "", ""],
        ["I-10", "A-1", day, "100", "", "", "", ""],
        ["I-10", "A-1", day, "100", "", "", "", ""],
        ["I-11", "A-1", "R8.5.25", "100", "", "", "", ""],
    )

    assert faults(run) == [
        (2, "external_id", "required"),
        (3, "issued_on", "required"),
        (4, "amount", "required"),
        (5, "amount", "above_zero"),
        (6, "due_on", "due_before_issued"),
        (7, "contract_external_id", "unknown_contract"),
        (8, "paid_on", "required"),
        (9, "paid_on", "future"),
        (10, "paid_amount", "above_zero"),
        (11, "account_external_id", "unknown_account"),
        (13, "external_id", "duplicate"),
        (14, "issued_on", "era"),
    ]
    assert counts(run) == (1, 0, 0, 12)


def test_an_invoice_of_another_team_is_out_of_reach(account):
    take_in("invoices", HEADER, ["INV-1", "A-1", "2026-05-25", "100"])

    run = take_in(
        "invoices", ["external_id", "amount"], ["INV-1", "1"], by=make_user(team=make_team())
    )

    assert faults(run) == [(2, "external_id", "not_found")]


def test_thirty_rows_take_as_many_statements_as_three(account):
    def rows(stem, count):
        return [[f"{stem}-{n}", "A-1", "2026-05-25", "100"] for n in range(count)]

    statements("invoices", HEADER, *rows("W", 1))
    assert statements("invoices", HEADER, *rows("A", 3)) == statements(
        "invoices", HEADER, *rows("B", 30)
    )
