"""Invoices and what was paid for them: written, corrected, paid, taken back.

Health counts late money, so a correction must not change what was known before: the row keeps its
id and takes the new values, beside it stays a retracted copy with its payments.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.domain.due_dates import due_day
from accounts.models import Account, Invoice, InvoicePayment, Organisation, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.corrections import Kept
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import refuse_future
from config.lib.problems import Conflict, FieldError, Problem
from config.lib.workdays import WorkCalendar, bank_calendar

PLAIN = {"external_id", "contract", "issued_on", "due_on", "amount", "currency"}
#: What health is computed from.
WEIGHTY = {"issued_on", "due_on", "amount"}


class DueBeforeIssued(Problem):
    """Nobody owes money before they were asked."""

    code = "due_before_issued"
    title = _("The due date lies before the date of the invoice.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/due_on", self.title)])


class NothingToPay(Problem):
    """An invoice and a payment are about some money."""

    code = "nothing_to_pay"
    title = _("The amount must be more than 0.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/amount", self.title)])


class ForeignContract(Problem):
    """The contract belongs to another account."""

    code = "foreign_contract"
    title = _("This contract belongs to another account.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/contract", self.title)])


class InvoiceRetracted(Conflict):
    """A retracted invoice takes no changes and no money."""

    code = "invoice_retracted"
    title = _("The invoice was taken back.")


_CONFLICTS: Mapping[str, type[Problem]] = {
    "accounts_invoice_external_id": ExternalIdTaken,
    "accounts_invoice_amount": NothingToPay,
    "accounts_invoice_due": DueBeforeIssued,
    "accounts_payment_amount": NothingToPay,
}
_KEPT = Kept("invoice", InvoiceRetracted, WEIGHTY, _CONFLICTS, parts="payments")


def record_invoice(
    *,
    account: Account,
    amount: Decimal | int,
    issued_on: dt.date,
    at: dt.datetime,
    by: User | None = None,
    due_on: dt.date | None = None,
    **fields: Any,
) -> Invoice:
    """Note an invoice; without a due date the payment terms of its contract say it.

    :param amount: with tax, in the account's currency unless another is given.
    :param due_on: moved to the next banking day where no bank works on it.
    :raises AccountArchived: for an account that is archived, or went into another.
    :raises ForeignContract: for a contract of another account.
    """
    invoice = Invoice(account=account, recorded_at=at, updated_at=at)
    given = {"currency": account.currency, **fields, "amount": amount, "issued_on": issued_on}
    apply_changes(invoice, given, allowed=PLAIN - {"due_on"})
    _check_contract(invoice)
    invoice.due_on = _due(invoice, due_on)
    check_columns(invoice)
    with written_by(by), refusing(_CONFLICTS):
        lock_account(account)
        invoice.save()
        mark_accounts_dirty(account_ids=[account.pk], reason="invoice", at=at)
    return invoice


def correct_invoice(
    *, invoice: Invoice, changes: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> Invoice:
    """Correct an invoice; its payments stay.

    :param changes: plain columns; an empty `due_on` asks the payment terms again.
    :raises AccountArchived: when it would be open at an account that is archived or has gone.
    :raises InvoiceRetracted: when it was taken back.
    """
    changes = dict(changes)
    with _KEPT.correcting(invoice, at=at, by=by) as locked:
        was_paid = locked.amount <= locked.paid_amount
        asked = changes.pop("due_on", locked.due_on)
        apply_changes(locked, changes, allowed=PLAIN)
        _check_contract(locked)
        locked.due_on = _due(locked, asked)
        if was_paid and locked.amount > locked.paid_amount:
            lock_account(locked.account)
    return locked


def record_payment(
    *,
    invoice: Invoice,
    paid_on: dt.date,
    at: dt.datetime,
    amount: Decimal | int | None = None,
    by: User | None = None,
) -> InvoicePayment:
    """Note money that came in; all that is still open unless an amount is given.

    :raises InTheFuture: for a day after today.
    :raises NothingToPay: when nothing is open, or for an amount of 0 or less.
    """
    refuse_future(on=paid_on, today=Organisation.objects.day_of(at), member="paid_on")
    with written_by(by), refusing(_CONFLICTS):
        locked = _KEPT.lock(invoice)
        if amount is None:
            amount = locked.balance
        payment = InvoicePayment(
            invoice=locked, paid_on=paid_on, amount=max(Decimal(amount), Decimal(0)), recorded_at=at
        )
        check_columns(payment)
        payment.save()
        _touch(locked, at=at)
    return payment


def retract_payment(
    *, payment: InvoicePayment, at: dt.datetime, by: User | None = None
) -> InvoicePayment:
    """Say that the money did not come in; earlier days can still be computed with it.

    :raises AccountArchived: for an account that is archived, or went into another.
    """
    with written_by(by):
        lock_account(payment.invoice.account)
        invoice = _KEPT.lock(payment.invoice)
        payment.refresh_from_db()
        if payment.retracted_at is None:
            payment.retracted_at = at
            payment.save(update_fields=["retracted_at"])
            _touch(invoice, at=at)
    return payment


def retract_invoice(*, invoice: Invoice, at: dt.datetime, by: User | None = None) -> Invoice:
    """Take an invoice back, with its payments; earlier days still see it. Twice is once."""
    return _KEPT.retract(invoice, at=at, by=by)


def restore_invoice(*, invoice: Invoice, at: dt.datetime, by: User | None = None) -> Invoice:
    """Undo that an invoice was taken back: it is known again from now on."""
    return _KEPT.restore(invoice, at=at, by=by)


def banks() -> WorkCalendar:
    """Return the calendar of the banks where the organisation is."""
    country = Organisation.objects.values_list("country", flat=True).first()
    return bank_calendar(country or "JP")


def _check_contract(invoice: Invoice) -> None:
    if invoice.contract is not None and invoice.contract.account_id != invoice.account_id:
        raise ForeignContract


def _due(invoice: Invoice, due_on: dt.date | None) -> dt.date:
    """Return the day to be paid until.

    :raises DueBeforeIssued: for an agreed day before the invoice.
    """
    if due_on is not None and due_on < invoice.issued_on:
        raise DueBeforeIssued
    return due_day(
        issued_on=invoice.issued_on,
        terms=invoice.contract.payment_terms if invoice.contract else None,
        due_on=due_on,
        banks=banks(),
    )


def _touch(invoice: Invoice, *, at: dt.datetime) -> None:
    """Let the invoice change with its payments: programs compare its version."""
    invoice.updated_at = at
    invoice.save(update_fields=["updated_at"])
    mark_accounts_dirty(account_ids=[invoice.account_id], reason="invoice", at=at)
