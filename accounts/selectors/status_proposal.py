"""What contracts say about the status of an account: proposed to people, never set by itself."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.choices import AccountKind, AccountStatus
from accounts.domain.renewals import ONE_DAY
from accounts.models import Account, Contract

HERE = (AccountStatus.SIGNED, AccountStatus.ACTIVE, AccountStatus.LEAVING)


@dataclass(frozen=True)
class StatusProposal:
    """A status that fits the contracts better, from day `on`; `last_day` is what they cover."""

    status: AccountStatus
    on: dt.date
    last_day: dt.date


def contracts_of(account: Account) -> list[Any]:
    """Return the contracts of an account with the last day each covers."""
    contracts: Any = Contract.objects.filter(account=account).unarchived()
    return list(contracts.with_last_day())


def stands(contract: Any, today: dt.date) -> bool:
    """Say whether a contract is not over; one ahead stands, too. Needs `with_last_day`."""
    return contract.last_day is None or contract.last_day >= today


def propose_status(
    account: Account, contracts: Sequence[Any], *, today: dt.date
) -> StatusProposal | None:
    """Return the status to propose: leaving once all has a known end, churned once it has come.

    :param contracts: all that were not archived, annotated by `with_last_day`.
    """
    is_here = account.kind == AccountKind.CUSTOMER and account.status in HERE
    if not contracts or not is_here or account.archived_at is not None:
        return None
    standing = [row for row in contracts if stands(row, today)]
    if not standing:
        last_day = max(row.last_day for row in contracts)
        return StatusProposal(AccountStatus.CHURNED, min(last_day + ONE_DAY, today), last_day)
    goes_on = any(not row.notice_received_on or row.last_day is None for row in standing)
    if goes_on or account.status == AccountStatus.LEAVING:
        return None
    return StatusProposal(AccountStatus.LEAVING, today, max(row.last_day for row in standing))
