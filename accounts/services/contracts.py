"""Contracts and their terms; ARR, MRR, seats and the renewal date of an account follow them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contract, ContractTerm, Organisation, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import put_fact, revise_fact
from config.lib.problems import FieldError, Problem

PLAIN = {
    "external_id",
    "product",
    "kind",
    "currency",
    "starts_on",
    "ends_on",
    "notice_months",
    "auto_renews",
    "is_public_yearly",
    "payment_days",
    "notice_received_on",
    "forecast",
    "approval_state",
}


class EndsBeforeStart(Problem):
    """The last day lies before the first."""

    code = "ends_before_start"
    title = _("The last day lies before the first.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/ends_on", self.title)])


class FixedWithoutEnd(Problem):
    """A contract over a fixed period needs a last day."""

    code = "fixed_without_end"
    title = _("A contract over a fixed period needs a last day.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/ends_on", self.title)])


class OutsideContract(Problem):
    """Terms can't begin before the contract or after it."""

    code = "outside_contract"
    title = _("The day lies outside the contract.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/terms_on", self.title)])


class NegativeWorth(Problem):
    """A contract is worth nothing or something."""

    code = "negative_worth"
    title = _("The amount must not be negative.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/arr", self.title)])


_CONFLICTS: Mapping[str, type[Problem]] = {
    "accounts_contract_external_id": ExternalIdTaken,
    "accounts_contract_ends_after_start": EndsBeforeStart,
    "accounts_contract_fixed_has_end": FixedWithoutEnd,
    "accounts_term_arr_positive": NegativeWorth,
}


def create_contract(
    *,
    account: Account,
    arr: Decimal | int,
    at: dt.datetime,
    seats: int | None = None,
    by: User | None = None,
    **fields: Any,
) -> Contract:
    """Make a contract with its first terms, which hold from its first day.

    :param arr: yearly value without tax in the contract's currency.
    :raises EndsBeforeStart: when the last day lies before the first.
    :raises FixedWithoutEnd: when a fixed period has no last day.
    """
    contract = Contract(account=account, created_at=at, updated_at=at)
    apply_changes(contract, fields, allowed=PLAIN)
    check_columns(contract)
    with written_by(by), refusing(_CONFLICTS):
        lock_account(account)
        contract.save()
        ContractTerm.objects.create(
            contract=contract, arr=arr, seats=seats, starts_on=contract.starts_on, recorded_at=at
        )
        _follow(contract, at=at)
    return contract


def update_contract(
    *, contract: Contract, changes: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> Contract:
    """Change a contract; what it is worth has a service of its own.

    A new first day moves the first terms with it.
    """
    with written_by(by), refusing(_CONFLICTS):
        locked = _lock(contract)
        first_day = locked.starts_on
        apply_changes(locked, changes, allowed=PLAIN)
        locked.updated_at = at
        locked.save()
        if locked.starts_on != first_day:
            _move_first_terms(locked, was=first_day, at=at)
        _follow(locked, at=at)
    return locked


def change_terms(
    *,
    contract: Contract,
    arr: Decimal | int,
    at: dt.datetime,
    seats: int | None = None,
    on: dt.date | None = None,
    by: User | None = None,
) -> Contract:
    """Say what the contract is worth from day `on`, which may lie ahead.

    :raises OutsideContract: for a day before its first or after its last.
    """
    on = on or Organisation.objects.day_of(at)
    with written_by(by), refusing(_CONFLICTS):
        locked = _lock(contract)
        if on < locked.starts_on or (locked.ends_on and on > locked.ends_on):
            raise OutsideContract
        values = {"arr": Decimal(arr), "seats": seats}
        put_fact(ContractTerm, owner={"contract": locked}, values=values, on=on, at=at)
        locked.updated_at = at
        locked.save(update_fields=["updated_at"])
        _follow(locked, at=at)
    return locked


def archive_contract(*, contract: Contract, at: dt.datetime, by: User | None = None) -> Contract:
    """Take a contract entered by mistake out of every list and figure."""
    with written_by(by):
        locked = _lock(contract)
        locked.archived_at = locked.updated_at = at
        locked.save(update_fields=["archived_at", "updated_at"])
        _follow(locked, at=at)
    return locked


def _lock(contract: Contract) -> Contract:
    """Lock account, then contract: the order every writer keeps."""
    lock_account(contract.account)
    locked: Contract = Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    return locked


def _move_first_terms(contract: Contract, *, was: dt.date, at: dt.datetime) -> None:
    first = contract.terms.filter(retracted_at=None, starts_on=was).first()
    if first is not None:
        revise_fact(first, starts_on=contract.starts_on, at=at)


def _follow(contract: Contract, *, at: dt.datetime) -> None:
    refresh_contract_figures(account_ids=[contract.account_id], at=at)
    mark_accounts_dirty(account_ids=[contract.account_id], reason="contract", at=at)
