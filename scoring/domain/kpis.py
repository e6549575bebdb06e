"""What the figures of a report mean, over what each account was worth at both ends of a period.

An account is a customer on a day on which its contracts are worth something. Amounts are yearly
values without tax in the reporting currency, all at the rate of the opening. The SQL of
`scoring.selectors.kpi_sql` adds up the same; `docs/algorithms/kpis.md` works one through.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from accounts.domain.renewals import ONE_DAY, before_end, covered_until, shift_months

ZERO = Decimal(0)
#: A contract that follows within so many days after another ended renews it.
GRACE_DAYS = 90
DAYS_A_YEAR = Decimal("365.25")


@dataclass(frozen=True)
class AccountPeriod:
    """One account over a period: yearly value at both ends, and how much of it was up for renewal.

    :param due: opening value of contracts whose period ran out before the closing.
    """

    opening: Decimal = ZERO
    closing: Decimal = ZERO
    due: Decimal = ZERO
    touches: int = 0
    contacts: int = 0
    stakeholders: int = 0
    active_stakeholders: int = 0


@dataclass(frozen=True)
class Sums:
    """What is added up over the accounts of a report, a team or a segment."""

    opening_accounts: int = 0
    closing_accounts: int = 0
    customers: int = 0
    lost_accounts: int = 0
    new_accounts: int = 0
    grown_accounts: int = 0
    shrunk_accounts: int = 0
    due_accounts: int = 0
    touched_accounts: int = 0
    opening: Decimal = ZERO
    new: Decimal = ZERO
    expansion: Decimal = ZERO
    contraction: Decimal = ZERO
    churn: Decimal = ZERO
    closing: Decimal = ZERO
    due: Decimal = ZERO
    due_kept: Decimal = ZERO
    touches: int = 0
    contacts: int = 0
    stakeholders: int = 0
    active_stakeholders: int = 0


@dataclass(frozen=True)
class RenewalSums:
    """Contracts that were up for renewal: renewed, lost, and those not yet decided."""

    renewed: int = 0
    lost: int = 0
    pending: int = 0
    renewed_worth: Decimal = ZERO
    lost_worth: Decimal = ZERO
    pending_worth: Decimal = ZERO


@dataclass(frozen=True)
class Figure:
    """One KPI; a part is None where there is nothing to divide by.

    :param base: what the rate is divided by, a number of accounts, contracts, people or an amount.
    """

    key: str
    rate: Decimal | None
    count: int
    amount: Decimal | None
    base: Decimal


def add_up(rows: Iterable[AccountPeriod]) -> Sums:
    """Add accounts up; those without value at both ends are no customers and don't count."""
    total: dict[str, int | Decimal] = {field.name: field.default for field in fields(Sums)}  # type: ignore[misc]
    for row in rows:
        if not row.opening and not row.closing:
            continue
        for name, value in _parts(row).items():
            total[name] += value
    return Sums(**total)  # type: ignore[arg-type]


def _parts(row: AccountPeriod) -> dict[str, int | Decimal]:
    was, is_ = row.opening, row.closing
    stays = was > 0 and is_ > 0
    loss = max(was - is_, ZERO)
    return {
        "opening_accounts": int(was > 0),
        "closing_accounts": int(is_ > 0),
        "customers": 1,
        "lost_accounts": int(is_ == 0),
        "new_accounts": int(was == 0),
        "grown_accounts": int(stays and is_ > was),
        "shrunk_accounts": int(stays and is_ < was),
        "due_accounts": int(row.due > 0),
        "touched_accounts": int(row.touches > 0),
        "opening": was,
        "new": is_ if was == 0 else ZERO,
        "expansion": max(is_ - was, ZERO) if stays else ZERO,
        "contraction": loss if stays else ZERO,
        "churn": was if is_ == 0 else ZERO,
        "closing": is_,
        "due": row.due,
        "due_kept": max(row.due - loss, ZERO),
        "touches": row.touches,
        "contacts": row.contacts,
        "stakeholders": row.stakeholders,
        "active_stakeholders": row.active_stakeholders,
    }


def figures_of(
    sums: Sums, *, by_end: RenewalSums, by_decision: RenewalSums, days: int
) -> list[Figure]:
    """Return every KPI in the order of the report.

    :param days: how long the period is so far, to say what its losses would be in a year.
    """
    return [
        *_retention(sums),
        *_losses(sums),
        _renewal("renewal_end", by_end),
        _renewal("renewal_decision", by_decision),
        _figure("upsell", sums.expansion, sums.opening, sums.grown_accounts),
        *_worth(sums, days),
        *_activity(sums),
    ]


def _retention(sums: Sums) -> list[Figure]:
    kept = sums.opening - sums.contraction - sums.churn
    stayed = sums.opening_accounts - sums.lost_accounts
    return [
        _figure("nrr", kept + sums.expansion, sums.opening, stayed),
        _figure("grr", kept, sums.opening, stayed - sums.shrunk_accounts),
        _figure("grr_due", sums.due_kept, sums.due, sums.due_accounts),
    ]


def _losses(sums: Sums) -> list[Figure]:
    losses = sums.contraction + sums.churn
    stayed = sums.opening_accounts - sums.lost_accounts
    return [
        Figure(
            "logo_churn",
            _share(sums.lost_accounts, sums.opening_accounts),
            sums.lost_accounts,
            sums.churn,
            Decimal(sums.opening_accounts),
        ),
        Figure(
            "mrr_churn",
            _share(losses, sums.opening),
            sums.lost_accounts + sums.shrunk_accounts,
            losses / 12,
            sums.opening / 12,
        ),
        Figure(
            "continuation",
            _share(stayed, sums.opening_accounts),
            stayed,
            sums.opening - sums.churn,
            Decimal(sums.opening_accounts),
        ),
    ]


def _worth(sums: Sums, days: int) -> list[Figure]:
    arpa = _share(sums.closing, sums.closing_accounts)
    before = _share(sums.opening, sums.opening_accounts)
    return [
        Figure(
            "arpa",
            arpa / before - 1 if arpa is not None and before else None,
            sums.closing_accounts,
            arpa,
            Decimal(sums.closing_accounts),
        ),
        _lifetime(sums, arpa, days),
    ]


def _activity(sums: Sums) -> list[Figure]:
    return [
        Figure(
            "contacts",
            _share(sums.touched_accounts, sums.customers),
            sums.touches,
            _share(sums.touches, sums.customers),
            Decimal(sums.customers),
        ),
        Figure(
            "stakeholders",
            _share(sums.active_stakeholders, sums.stakeholders),
            sums.active_stakeholders,
            _share(sums.active_stakeholders, sums.customers),
            Decimal(sums.stakeholders),
        ),
    ]


def yearly_loss(lost: int, of: int, days: int) -> Decimal | None:
    """Return the share of customers that would be lost in a year if each day were like these."""
    if not of or days <= 0:
        return None
    stayed = Decimal(of - lost) / of
    return 1 - stayed ** (DAYS_A_YEAR / days) if stayed else Decimal(1)


def _lifetime(sums: Sums, arpa: Decimal | None, days: int) -> Figure:
    loss = yearly_loss(sums.lost_accounts, sums.opening_accounts, days)
    worth = arpa / loss if arpa is not None and loss else None
    return Figure("ltv", loss, sums.lost_accounts, worth, Decimal(sums.opening_accounts))


def _renewal(key: str, sums: RenewalSums) -> Figure:
    decided = sums.renewed + sums.lost
    rate = _share(sums.renewed, decided)
    return Figure(key, rate, sums.renewed, sums.renewed_worth, Decimal(decided))


def _figure(key: str, amount: Decimal, base: Decimal, count: int) -> Figure:
    return Figure(key, _share(amount, base), count, amount, base)


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


@dataclass(frozen=True)
class Term:
    """A contract is worth `arr` a year from `starts_on` until the day before `ends_on`."""

    arr: Decimal
    starts_on: dt.date
    ends_on: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Say whether these terms hold on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Agreement:
    """A contract as it is known, with the last days it ever had; one it outlived was a renewal."""

    product: str
    starts_on: dt.date
    ends_on: dt.date | None
    notice_months: int
    auto_renews: bool
    notice_on: dt.date | None
    terms: tuple[Term, ...]
    past_ends: tuple[dt.date, ...] = ()
    lost_on: dt.date | None = None

    @property
    def given_up_on(self) -> dt.date | None:
        """Return the day of the notice, or of the loss of the customer where that came first."""
        return min(filter(None, (self.notice_on, self.lost_on)), default=None)

    @property
    def runs_to(self) -> dt.date:
        """Return the last day agreed on; notice stops the year that was running when it came."""
        last = covered_until(
            ends_on=self.ends_on,
            auto_renews=self.auto_renews,
            notice_on=self.given_up_on,
            notice_months=self.notice_months,
        )
        return last or dt.date.max

    @property
    def until(self) -> dt.date:
        """Return the last day it covers: it ends with its customer."""
        return min(self.runs_to, self.lost_on - ONE_DAY) if self.lost_on else self.runs_to

    def worth_on(self, day: dt.date) -> Decimal:
        """Return the yearly value on a day, 0 outside of the contract."""
        return self.agreed_on(day) if self.starts_on <= day <= self.until else ZERO

    def agreed_on(self, day: dt.date) -> Decimal:
        """Return the yearly value that was agreed on for a day, also after the customer left."""
        if not self.starts_on <= day <= self.runs_to:
            return ZERO
        return sum((term.arr for term in self.terms if term.holds_on(day)), ZERO)

    def turning_days(self, last: dt.date) -> set[dt.date]:
        """Return the last days of its periods, up to `last`: each was up for renewal once."""
        if self.ends_on is None:
            return {day for day in self.past_ends if day <= last}
        found = {day for day in self.past_ends if day <= min(self.ends_on, last)}
        if self.ends_on <= last:
            found.add(self.ends_on)
        if self.auto_renews:
            for day in _anniversaries(self.ends_on):
                if day > min(last, self.runs_to):
                    break
                found.add(day)
        return found


def _anniversaries(day: dt.date) -> Iterable[dt.date]:
    for years in range(500):
        yield shift_months(day + ONE_DAY, 12 * years) - ONE_DAY


def account_period(
    agreements: Iterable[Agreement], *, opening: dt.date, closing: dt.date
) -> AccountPeriod:
    """Say what an account was worth at both ends, all in one currency."""
    was = is_ = due = ZERO
    for one in agreements:
        worth = one.worth_on(opening)
        was, is_ = was + worth, is_ + one.worth_on(closing)
        if any(opening <= day < closing for day in one.turning_days(closing)):
            due += worth
    return AccountPeriod(was, is_, due)


def renewal_sums(
    agreements: list[Agreement],
    *,
    first: dt.date,
    last: dt.date,
    today: dt.date,
    by_decision: bool,
) -> RenewalSums:
    """Count the contracts of one account whose last day, or day to decide, lies in a period."""
    found = {"renewed": 0, "lost": 0, "pending": 0}
    worth = dict.fromkeys(found, ZERO)
    horizon = shift_months(last, 36)
    for one in agreements:
        for day in one.turning_days(horizon):
            decide_on = before_end(day, one.notice_months)
            if not first <= (decide_on if by_decision else day) <= last:
                continue
            if not one.agreed_on(day):
                continue
            state = _outcome(one, agreements, day, decide_on, today)
            found[state] += 1
            worth[state] += one.agreed_on(day)
    counted: dict[str, Any] = found | {f"{key}_worth": value for key, value in worth.items()}
    return RenewalSums(**counted)


def _outcome(
    one: Agreement,
    agreements: list[Agreement],
    day: dt.date,
    decide_on: dt.date,
    today: dt.date,
) -> str:
    prolonged = one.ends_on is None or one.ends_on > day
    rolled = one.runs_to > day and (decide_on < today or one.given_up_on is not None)
    followed = any(
        other is not one
        and other.product == one.product
        and one.starts_on < other.starts_on <= day + GRACE_DAYS * ONE_DAY
        and other.until > day
        for other in agreements
    )
    if prolonged or rolled or followed:
        return "renewed"
    return "lost" if day < today or one.given_up_on is not None else "pending"
