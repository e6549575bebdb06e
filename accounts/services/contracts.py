"""Contracts and their terms; ARR, MRR, seats and the renewal date of an account follow them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import ApprovalState, ChurnReason, ContractKind
from accounts.domain.payment_terms import NetDays, PaymentTerms
from accounts.models import Account, Contract, ContractTerm, Organisation, User
from accounts.models.contract import IMPOSSIBLE_TERMS, TWO_TERMS
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.facts import put_fact, revise_fact
from config.lib.problems import Conflict, FieldError, Problem

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
    "closing_day",
    "payment_months",
    "payment_day",
    "notice_received_on",
    "forecast",
    "approval_state",
}
#: Payment terms by a closing day; they stand in place of `payment_days`.
CLOSING = ("closing_day", "payment_months", "payment_day")
#: What the terms of a contract say.
WORTH = ("arr", "seats", "reason")
ONE_DAY = dt.timedelta(days=1)
#: What a renewal by a new contract takes over from the one before.
CARRIED_OVER = (
    "product",
    "currency",
    "notice_months",
    "auto_renews",
    "is_public_yearly",
    "payment_days",
    *CLOSING,
)


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


class RenewsPublicContract(Problem):
    """What is tendered anew each year ends with the year."""

    code = "renews_public_contract"
    title = _("A yearly public contract is tendered anew and does not renew by itself.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/auto_renews", self.title)])


class OutsideContract(Problem):
    """Terms can't begin before the contract or after it."""

    code = "outside_contract"
    title = _("The day lies outside the contract.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/terms_on", self.title)])


class NothingToRenew(Conflict):
    """A contract without an end goes on by itself."""

    code = "nothing_to_renew"
    title = _("A contract without an end goes on by itself.")


class NegativeWorth(Problem):
    """A contract is worth nothing or something."""

    code = "negative_worth"
    title = _("The amount must not be negative.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/arr", self.title)])


class UnknownReason(Problem):
    """Why a contract is worth less is one of the reasons there are."""

    code = "unknown_reason"
    title = _("There is no such reason.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/reason", self.title)])


class TwoPaymentTerms(Problem):
    """Payment is due so many days after the invoice, or on a day after a closing day."""

    code = "two_payment_terms"
    title = TWO_TERMS

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/payment_days", self.title)])


class ImpossiblePaymentTerms(Problem):
    """Nothing is paid before it is closed, nor on a day that not every month has."""

    code = "impossible_payment_terms"
    title = IMPOSSIBLE_TERMS

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/closing_day", self.title)])


_CONFLICTS: Mapping[str, type[Problem]] = {
    "accounts_contract_external_id": ExternalIdTaken,
    "accounts_contract_ends_after_start": EndsBeforeStart,
    "accounts_contract_fixed_has_end": FixedWithoutEnd,
    "accounts_term_arr_positive": NegativeWorth,
    "accounts_contract_one_kind_of_terms": TwoPaymentTerms,
    "accounts_contract_possible_terms": ImpossiblePaymentTerms,
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
    :raises RenewsPublicContract: for a yearly public contract that is to renew by itself.
    :raises TwoPaymentTerms: for days until payment and a closing day at once, or half of one.
    :raises ImpossiblePaymentTerms: for a day not every month has, or payment before closing.
    """
    contract = Contract(account=account, created_at=at, updated_at=at)
    apply_changes(contract, _one_kind_of_terms(fields), allowed=PLAIN)
    check_columns(contract)
    _refuse_public_renewal(contract, fields)
    with written_by(by), refusing(_CONFLICTS):
        lock_account(account)
        contract.save()
        ContractTerm.objects.create(
            contract=contract, arr=arr, seats=seats, starts_on=contract.starts_on, recorded_at=at
        )
        _follow(contract, at=at)
    return contract


def update_contract(
    *,
    contract: Contract,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
    on: dt.date | None = None,
) -> Contract:
    """Change any part of a contract at once; a new first day moves the first terms with it.

    :param changes: plain columns, and `arr`, `seats` and `reason` (why it is worth less), which
        hold from day `on`.
    :param on: today unless given, or the nearest day of the contract; it may lie ahead.
    :raises OutsideContract: for a day before its first or after its last.
    :raises RenewsPublicContract: for a yearly public contract that is to renew by itself.
    """
    plain = dict(changes)
    worth: dict[str, Any] = {name: plain.pop(name) for name in WORTH if name in plain}
    with written_by(by), refusing(_CONFLICTS):
        locked = _lock(contract)
        first_day = locked.starts_on
        apply_changes(locked, _one_kind_of_terms(plain), allowed=PLAIN)
        _refuse_public_renewal(locked, plain)
        locked.updated_at = at
        locked.save()
        if locked.starts_on != first_day:
            _move_first_terms(locked, was=first_day, at=at)
        if worth:
            _put_terms(locked, worth, on=on or _nearest_day(locked, at), at=at)
        _follow(locked, at=at)
    return locked


def change_terms(
    *,
    contract: Contract,
    arr: Decimal | int,
    at: dt.datetime,
    seats: int | None = None,
    reason: str = "",
    on: dt.date | None = None,
    by: User | None = None,
) -> Contract:
    """Say what the contract is worth from day `on`, and why where that is less.

    :raises OutsideContract: for a day before its first or after its last.
    """
    worth = {"arr": arr, "seats": seats, "reason": reason}
    return update_contract(contract=contract, changes=worth, on=on, at=at, by=by)


def renew_contract(
    *,
    contract: Contract,
    ends_on: dt.date | None,
    at: dt.datetime,
    as_new: bool = False,
    arr: Decimal | int | None = None,
    seats: int | None = None,
    external_id: str | None = None,
    by: User | None = None,
) -> Contract:
    """Renew a contract and return the one that holds the next period.

    :param ends_on: the last day of the next period; None goes on without an end.
    :param as_new: sign a new contract from the day after the last, else prolong this one.
    :param arr: yearly value from the first day of the next period; as it was unless given.
    :raises NothingToRenew: for a contract without an end.
    :raises EndsBeforeStart: when the next period ends before it begins.
    """
    if contract.ends_on is None:
        raise NothingToRenew
    first_day = contract.ends_on + ONE_DAY
    if ends_on is not None and ends_on < first_day:
        raise EndsBeforeStart
    kind = ContractKind.FIXED if ends_on else ContractKind.OPEN_ENDED
    period: dict[str, Any] = {"ends_on": ends_on, "kind": kind, "notice_received_on": None}
    terms = _terms_before(contract, first_day)
    worth: dict[str, Any] = {"arr": arr, "seats": seats or terms["seats"]}
    if arr is None:
        worth["arr"] = terms["arr"]
    begun = {"forecast": "", "approval_state": ApprovalState.NOT_STARTED}
    with written_by(by):
        if as_new:
            kept = {name: getattr(contract, name) for name in CARRIED_OVER}
            fields = kept | period | begun | {"starts_on": first_day, "external_id": external_id}
            return create_contract(account=contract.account, at=at, by=by, **worth, **fields)
        update_contract(contract=contract, changes=period | begun, at=at, by=by)
        return update_contract(contract=contract, changes=worth, on=first_day, at=at, by=by)


def archive_contract(*, contract: Contract, at: dt.datetime, by: User | None = None) -> Contract:
    """Take a contract entered by mistake out of every list and figure."""
    with written_by(by):
        locked = _lock(contract)
        locked.archived_at = locked.updated_at = at
        locked.save(update_fields=["archived_at", "updated_at"])
        _follow(locked, at=at)
    return locked


def restore_contract(*, contract: Contract, at: dt.datetime, by: User | None = None) -> Contract:
    """Bring an archived contract back into every list and figure."""
    with written_by(by):
        locked = _lock(contract)
        locked.archived_at, locked.updated_at = None, at
        locked.save(update_fields=["archived_at", "updated_at"])
        _follow(locked, at=at)
    return locked


def terms_as_columns(terms: PaymentTerms) -> dict[str, int | None]:
    """Return payment terms as the columns of a contract."""
    if isinstance(terms, NetDays):
        return {"payment_days": terms.days, **dict.fromkeys(CLOSING)}
    days = (terms.closing_day, terms.months, terms.payment_day)
    return {"payment_days": None, **dict(zip(CLOSING, days, strict=True))}


def _one_kind_of_terms(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Let payment terms of one kind take the place of the other, where only one is given."""
    given = dict(changes)
    if "payment_days" not in given and any(given.get(name) is not None for name in CLOSING):
        given["payment_days"] = None
    elif given.get("payment_days") is not None and not given.keys() & set(CLOSING):
        given |= dict.fromkeys(CLOSING)
    return given


def _refuse_public_renewal(contract: Contract, changes: Mapping[str, Any]) -> None:
    """Refuse to make it both; one that was both already takes other changes."""
    both = contract.is_public_yearly and contract.auto_renews
    if both and {"is_public_yearly", "auto_renews"} & changes.keys():
        raise RenewsPublicContract


def _lock(contract: Contract) -> Contract:
    """Lock account, then contract: the order every writer keeps."""
    lock_account(contract.account)
    locked: Contract = Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    return locked


def _nearest_day(contract: Contract, at: dt.datetime) -> dt.date:
    day: dt.date = max(Organisation.objects.day_of(at), contract.starts_on)
    return min(day, contract.ends_on) if contract.ends_on and not contract.auto_renews else day


def _put_terms(
    contract: Contract, worth: Mapping[str, Any], *, on: dt.date, at: dt.datetime
) -> None:
    """Record the terms from day `on`; a figure that is not given stays as it was then."""
    ended = contract.ends_on and on > contract.ends_on and not contract.auto_renews
    if on < contract.starts_on or ended:
        raise OutsideContract
    before = _terms_before(contract, on)
    values = {**before, "reason": "", **worth}
    values["arr"] = Decimal(values["arr"])
    if (values["arr"], values["seats"]) == (before["arr"], before["seats"]):
        values["reason"] = before["reason"]
    if values["reason"] not in ("", *ChurnReason.values):
        raise UnknownReason
    put_fact(ContractTerm, owner={"contract": contract}, values=values, on=on, at=at)


def _terms_before(contract: Contract, on: dt.date) -> dict[str, Any]:
    terms: Any = contract.terms.filter(retracted_at=None, starts_on__lte=on)
    found = terms.order_by("-starts_on").values(*WORTH).first()
    return found or {"arr": Decimal(0), "seats": None, "reason": ""}


def _move_first_terms(contract: Contract, *, was: dt.date, at: dt.datetime) -> None:
    first = contract.terms.filter(retracted_at=None, starts_on=was).first()
    if first is not None:
        revise_fact(first, starts_on=contract.starts_on, at=at)


def _follow(contract: Contract, *, at: dt.datetime) -> None:
    refresh_contract_figures(account_ids=[contract.account_id], at=at)
    mark_accounts_dirty(account_ids=[contract.account_id], reason="contract", at=at)
