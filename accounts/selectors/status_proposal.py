"""What contracts say about the status of an account: proposed to people, never set by itself."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.choices import AccountKind, AccountStatus
from accounts.domain.renewals import ONE_DAY, covered_until
from accounts.models import Account, Contract

HERE = (AccountStatus.SIGNED, AccountStatus.ACTIVE, AccountStatus.LEAVING)


@dataclass(frozen=True)
class StatusProposal:
    """A status that fits the contracts better, from day `on`; `last_day` is what they cover."""

    status: AccountStatus
    on: dt.date
    last_day: dt.date


def propose_status(
    account: Account, standing: Sequence[Contract], *, today: dt.date
) -> StatusProposal | None:
    """Return the status to propose: leaving once all has a known end, churned once it has come.

    :param standing: the contracts of the account that are not over; those ahead count, too.
    """
    is_here = account.kind == AccountKind.CUSTOMER and account.status in HERE
    if not is_here or account.archived_at is not None:
        return None
    if not standing:
        return _over(account, today)
    if account.status == AccountStatus.LEAVING or any(
        not row.notice_received_on for row in standing
    ):
        return None
    ends = [_last_day(row) for row in standing]
    known = [day for day in ends if day is not None]
    if len(known) < len(ends):
        return None
    return StatusProposal(AccountStatus.LEAVING, today, max(known))


def standing_contracts(account: Account, *, today: dt.date) -> list[Contract]:
    """Return the contracts of an account that are not over."""
    contracts: Any = Contract.objects.filter(account=account).unarchived()
    return list(contracts.lasting(on=today))


def _over(account: Account, today: dt.date) -> StatusProposal | None:
    contracts: Any = Contract.objects.filter(account=account).unarchived().with_last_day()
    ended = contracts.order_by("-last_day").values_list("last_day", flat=True).first()
    if ended is None:
        return None
    return StatusProposal(AccountStatus.CHURNED, min(ended + ONE_DAY, today), ended)


def _last_day(contract: Contract) -> dt.date | None:
    return covered_until(
        ends_on=contract.ends_on,
        auto_renews=contract.auto_renews,
        notice_on=contract.notice_received_on,
        notice_months=contract.notice_months,
    )
