"""Contracts as they are read: what each is worth on a day, and by when it must be decided."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from accounts.choices import AccountStatus
from accounts.domain.renewals import Decision, covered_until, decision
from accounts.models import Account, Contract, ContractTerm, FxRate, Organisation
from accounts.selectors import OrganisationDay


def covered_until_sql(contract: str, notice: str = "") -> str:
    """Write the last day a contract covers, NULL while nothing ends it.

    :param contract: an alias of a row with the columns of a contract.
    :param notice: an expression for the day of the notice, where it is not the column's.
    """
    notice = notice or f"{contract}.notice_received_on"
    agreed = f"{contract}.ends_on, {contract}.auto_renews, {notice}, {contract}.notice_months"
    return f"accounts_covered_until({agreed})"


class DecideOn(Func):
    """The day by which a contract must be decided, seen from a day."""

    function = "accounts_decide_on"
    output_field = DateField()


#: A customer that churned; for a few contracts, or for all of the house.
LOST = Q(account__status=AccountStatus.CHURNED)


def lost_accounts() -> Q:
    """Return the same rule without a join: looked up for a few rows, gathered first for many."""
    churned = Account.objects.filter(pk=OuterRef("account"), status=AccountStatus.CHURNED)
    return Q(Exists(churned))


def with_worth(contracts: Any, *, at: dt.datetime, lost: Q = LOST) -> QuerySet[Contract]:
    """Annotate `arr_now`, `seats_now`, `decide_on` and `is_lost` of each contract.

    Before its first day a contract is worth what its first terms say; one that ended, was given
    notice, that another follows, or whose customer churned (`is_lost`), needs no decision.

    :param lost: the rule for contracts of a customer that churned.
    """
    day = OrganisationDay(at)
    terms: Any = ContractTerm.objects.filter(contract=OuterRef("pk")).current()
    begun = terms.filter(Q(starts_on__lte=day) | Q(starts_on=OuterRef("starts_on")))
    latest = begun.order_by("-starts_on", "-pk")
    # The last terms of all stand in the row; others are looked for only where those lie ahead.
    are_last = Q(last_from__lte=day) | Q(last_from=F("starts_on"))
    goes_on = ExpressionWrapper(
        Q(auto_renews=True, notice_received_on__isnull=True), BooleanField()
    )
    # Asked in this order: what a row says by itself, then its account.
    is_open = (Q(ends_on__gte=day) | Q(auto_renews=True)) & Q(notice_received_on__isnull=True)
    needs_decision = is_open & Q(is_followed=False) & Q(is_lost=False)
    is_first_year = Q(auto_renews=False) | Q(decide_by__gte=day)
    in_later_year = DecideOn(F("ends_on"), F("notice_months"), goes_on, day)
    annotated: QuerySet[Contract] = contracts.annotate(
        arr_now=Case(
            When(are_last, then=F("last_arr")), default=Subquery(latest.values("arr")[:1])
        ),
        seats_now=Case(
            When(are_last, then=F("last_seats")), default=Subquery(latest.values("seats")[:1])
        ),
        is_lost=ExpressionWrapper(lost, BooleanField()),
        decide_on=Case(
            When(
                needs_decision,
                then=Case(When(is_first_year, then=F("decide_by")), default=in_later_year),
            ),
            output_field=DateField(),
        ),
    )
    return annotated


@dataclass(frozen=True)
class Renewal:
    """What is to be decided about a contract, or why nothing is.

    `state` is `open`, `missed` (the day has passed), `followed`, `notice_given`, `open_ended`,
    `ended`, `lost` (the customer churned) or `archived`.
    """

    state: str
    decision: Decision | None = None


def renewal_of(
    contract: Contract, *, today: dt.date, is_followed: bool = False, is_lost: bool = False
) -> Renewal:
    """Say by when the contract must be decided, and how that day is reckoned."""
    noticed = contract.notice_received_on
    found = decision(
        ends_on=covered_until(
            ends_on=contract.ends_on,
            auto_renews=contract.auto_renews,
            notice_on=noticed,
            notice_months=contract.notice_months,
        )
        if noticed
        else contract.ends_on,
        notice_months=contract.notice_months,
        goes_on=contract.auto_renews and noticed is None,
        today=today,
    )
    if contract.archived_at is not None:
        return Renewal("archived")
    if is_lost:
        return Renewal("lost", found)
    if noticed is not None:
        return Renewal("notice_given", found)
    if found is None:
        return Renewal("open_ended")
    if is_followed:
        return Renewal("followed", found)
    if found.last_day < today:
        return Renewal("ended", found)
    return Renewal("missed" if found.decide_on < today else "open", found)


def reporting_worth(amount: Decimal, currency: str, *, on: dt.date) -> tuple[Decimal, str] | None:
    """Return an amount in the reporting currency at the latest rate; None without a rate."""
    own = Organisation.objects.values_list("currency", flat=True).first() or "JPY"
    if currency == own:
        return amount, own
    rates = FxRate.objects.filter(currency=currency, on__lte=on).order_by("-on", "-recorded_at")
    rate = rates.values_list("rate", flat=True).first()
    return (round(amount * rate, 2), own) if rate is not None else None
