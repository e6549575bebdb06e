"""What the database keeps beside invoices and contracts is what their standing facts say."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.domain.renewals import decision
from accounts.models import Contract, ContractTerm, Invoice, InvoicePayment
from accounts.selectors.contracts import lost_accounts, with_worth
from accounts.services.invoices import correct_invoice, record_payment
from tests.factories import make_account, make_contract, make_invoice, make_payment, make_team

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 18, 3, 0, tzinfo=dt.UTC)
ANY_STATEMENTS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "shift", "retract", "restore", "delete"]),
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(1, 9),
    ),
    max_size=10,
)


def day(number):
    return dt.date(2026, 5, number)


def apply(facts, added, owner, verb, place, shift):
    """Change all facts from a place on with one statement, as any writer might."""
    rows = facts.objects.filter(pk__in=facts.objects.order_by("pk").values("pk")[place:])
    done = {
        "add": lambda: facts.objects.bulk_create(added[:place]),
        "move": lambda: rows.update(**owner),
        "shift": lambda: rows.update(**shift),
        "retract": lambda: rows.update(retracted_at=NOW),
        "restore": lambda: rows.update(retracted_at=None),
        "delete": rows.delete,
    }
    done[verb]()


@pytest.fixture
def account():
    return make_account(team=make_team())


@pytest.fixture
def invoices(account):
    return [make_invoice(account=account, amount=50 * (n + 1)) for n in range(3)]


@ANY_STATEMENTS
@given(changes=CHANGES)
def test_any_statements_leave_what_was_paid(invoices, changes):
    InvoicePayment.objects.all().delete()

    for verb, place, which, number in changes:
        added = [
            InvoicePayment(invoice=invoices[(which + n) % 3], paid_on=day(n + 1), amount=9 * number)
            for n in range(3)
        ]
        shift = {"paid_on": day(number), "amount": number}
        apply(InvoicePayment, added, {"invoice": invoices[which]}, verb, place, shift)

    for invoice in Invoice.objects.all():
        paid = list(invoice.payments.filter(retracted_at=None))
        total = sum(one.amount for one in paid)
        last = max((one.paid_on for one in paid), default=None)
        assert (invoice.paid_amount, invoice.last_paid_on) == (total, last)
        assert invoice.balance == invoice.amount - total
        assert invoice.paid_on == (last if total >= invoice.amount else None)


@pytest.fixture
def contracts(account):
    return [make_contract(account=account, starts_on=day(1)) for _ in range(3)]


@ANY_STATEMENTS
@given(changes=CHANGES)
def test_any_statements_leave_the_last_terms_and_what_is_worth_now(contracts, changes):
    ContractTerm.objects.all().delete()

    for verb, place, which, number in changes:
        dates = {"starts_on": day(number), "ends_on": day(number + 1)}
        added = [
            ContractTerm(contract=contracts[(which + n) % 3], arr=9 * number, seats=n, **dates)
            for n in range(3)
        ]
        shift = {**dates, "arr": number}
        apply(ContractTerm, added, {"contract": contracts[which]}, verb, place, shift)

    on = dt.datetime(2026, 5, 5, 3, 0, tzinfo=dt.UTC)
    for contract in with_worth(Contract.objects.all(), at=on):
        terms = contract.terms.filter(retracted_at=None).order_by("-starts_on", "-pk")
        last = terms.values_list("starts_on", "arr", "seats").first() or (None, None, None)
        assert (contract.last_from, contract.last_arr, contract.last_seats) == last
        begun = terms.filter(starts_on__lte=day(5)) | terms.filter(starts_on=contract.starts_on)
        now = begun.values_list("arr", "seats").first() or (None, None)
        assert (contract.arr_now, contract.seats_now) == now


SPANS = st.lists(
    st.tuples(
        st.dates(dt.date(2023, 1, 1), dt.date(2026, 12, 31)),
        st.integers(20, 900),
        st.integers(0, 14),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@ANY_STATEMENTS
@given(
    spans=SPANS, dropped=st.integers(0, 4), today=st.dates(dt.date(2025, 1, 1), dt.date(2027, 1, 1))
)
def test_what_is_to_be_decided_by_when_is_what_the_rule_says(account, spans, dropped, today):
    Contract.objects.all().delete()
    made = Contract.objects.bulk_create(
        Contract(
            account=account,
            product="ABAB"[n],
            starts_on=start,
            ends_on=start + dt.timedelta(days=days),
            notice_months=months,
            auto_renews=renews,
        )
        for n, (start, days, months, renews) in enumerate(spans)
    )
    Contract.objects.filter(pk__in=[one.pk for one in made[dropped:]][:1]).update(archived_at=NOW)

    at = dt.datetime.combine(today, dt.time(3), dt.UTC)
    rows = list(with_worth(Contract.objects.all(), at=at))
    gathered = with_worth(Contract.objects.all(), at=at, lost=lost_accounts())

    assert {row.pk: row.decide_on for row in gathered} == {row.pk: row.decide_on for row in rows}
    for row in rows:
        others = [one for one in rows if one.product == row.product and one.archived_at is None]
        row_followed = any(
            one.starts_on > row.starts_on and one.starts_on >= row.ends_on for one in others
        )
        assert row.is_followed == row_followed
        found = decision(
            ends_on=row.ends_on,
            notice_months=row.notice_months,
            goes_on=row.auto_renews,
            today=today,
        )
        is_open = not row_followed and (row.auto_renews or row.ends_on >= today)
        assert row.decide_on == (found.decide_on if is_open else None)


def test_a_row_saved_as_it_was_read_keeps_what_was_paid_meanwhile(account):
    invoice = make_invoice(account=account)
    stale = Invoice.objects.get(pk=invoice.pk)
    make_payment(invoice=invoice)

    stale.save()

    kept = Invoice.objects.get(pk=invoice.pk)
    assert (kept.paid_amount, kept.balance) == (110_000, 0)


def test_a_correction_leaves_a_copy_with_what_was_paid(account):
    invoice = make_invoice(account=account)
    record_payment(invoice=invoice, paid_on=day(20), amount=60_000, at=NOW)

    correct_invoice(invoice=invoice, changes={"amount": 50_000}, at=NOW)

    rows = Invoice.objects.order_by("amount").values_list("amount", "balance", "paid_on")
    assert list(rows) == [(50_000, -10_000, day(20)), (110_000, 50_000, None)]


def test_history_holds_what_people_wrote_and_not_what_follows_from_it(account):
    invoice = make_invoice(account=account)

    make_payment(invoice=invoice)

    assert Invoice.pgh_event_model.objects.filter(pgh_obj_id=invoice.pk).count() == 1
