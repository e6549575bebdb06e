"""One change to many accounts picked from the list, with what became of each and the way back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.choices import ROLE_FIELDS, AccountRoleKind
from accounts.models import Account, StaticList, User
from accounts.services.bulk import ACCOUNTS, write_in_bulk
from accounts.services.facts import ChangedSince
from accounts.services.roles import assign_account_role, take_back_assignment
from accounts.services.static_lists import add_to_list, remove_from_list

MOST = 200
COLUMNS = {"tier": "tier", "phase": "phase", "touch_model": "touch_model", "team": "team_id"}
LIST, UNLIST = "list", "unlist"


@dataclass(frozen=True)
class BulkOutcome:
    """Ids of accounts by what became of them; `before` is what an undo writes again.

    Of a handover that is the instant it was written at, as text.
    """

    changed: list[int]
    unchanged: list[int]
    refused: list[int]
    before: list[tuple[int, Any]]


def change_accounts(
    *, accounts: Sequence[int], field: str, value: Any, by: User, at: dt.datetime
) -> BulkOutcome:
    """Set a column of accounts the user may change; the others are told apart, not stopped at."""
    own = Account.objects.editable_by(by).unarchived().filter(pk__in=accounts)
    if field in (LIST, UNLIST):
        return _listed(accounts, field, value, by, at)
    if field in ROLE_FIELDS:
        return _handed_over(own, accounts, ROLE_FIELDS[field], value, by, at)
    before = dict(own.values_list("pk", COLUMNS[field]))
    items = [{"id": pk, field: value} for pk in before]
    results = write_in_bulk(kind=ACCOUNTS, items=items, at=at, by=by) if items else []
    outcomes = {pk: row.outcome for pk, row in zip(before, results, strict=True)}
    changed = [pk for pk, outcome in outcomes.items() if outcome == "updated"]
    failed = [pk for pk, outcome in outcomes.items() if outcome == "failed"]
    return BulkOutcome(
        changed,
        [pk for pk, outcome in outcomes.items() if outcome == "unchanged"],
        failed + [pk for pk in accounts if pk not in before],
        [(pk, before[pk]) for pk in changed],
    )


def take_back(*, field: str, value: Any, before: Sequence[tuple[int, Any]], by: User,
              at: dt.datetime) -> int:  # fmt: skip
    """Write again what accounts held before a change; return how many were changed back.

    What somebody else set since stays, and so does a list that is no longer theirs to change.
    """
    accounts = [pk for pk, _old in before]
    if field in (LIST, UNLIST):
        row = StaticList.objects.editable_by(by).filter(pk=value).first()
        return (
            len(_moved(row, UNLIST if field == LIST else LIST, accounts, by, at)[0]) if row else 0
        )
    rows = Account.objects.editable_by(by).filter(pk__in=accounts)
    if field in ROLE_FIELDS:
        return _handed_back(rows.unarchived(), ROLE_FIELDS[field], dict(before), by, at)
    own = set(rows.filter(**{COLUMNS[field]: value}).values_list("pk", flat=True))
    items = [{"id": pk, field: old} for pk, old in before if pk in own]
    results = write_in_bulk(kind=ACCOUNTS, items=items, at=at, by=by) if items else []
    return sum(row.outcome == "updated" for row in results)


def _listed(
    accounts: Sequence[int], field: str, value: Any, by: User, at: dt.datetime
) -> BulkOutcome:
    row = StaticList.objects.editable_by(by).get(pk=value)
    moved, unchanged, unseen = _moved(row, field, accounts, by, at)
    return BulkOutcome(moved, unchanged, unseen, [(pk, None) for pk in moved])


def _moved(
    row: StaticList, field: str, accounts: Sequence[int], by: User, at: dt.datetime
) -> tuple[list[int], list[int], list[int]]:
    """Put accounts on a list or take them off; return those that moved, did not, are not seen."""
    if field == LIST:
        outcomes = add_to_list(row=row, accounts=accounts, by=by, at=at)
    else:
        outcomes = remove_from_list(row=row, accounts=accounts, by=by)
    moved, unchanged, unseen = (
        [pk for pk, outcome in outcomes.items() if outcome in asked]
        for asked in (("added", "removed"), ("unchanged",), ("not_found",))
    )
    return moved, unchanged, unseen


def _handed_over(
    own: Any,
    accounts: Sequence[int],
    role: AccountRoleKind,
    value: Any,
    by: User,
    at: dt.datetime,
) -> BulkOutcome:
    """Hand accounts over one by one: each handover dates the end of the role before."""
    user = User.objects.get(pk=value, is_active=True)
    held = set(
        own.filter(
            roles__user=user,
            roles__role=role,
            roles__retracted_at=None,
            roles__ends_on=None,
        ).values_list("pk", flat=True)
    )
    changed = []
    for account in own.exclude(pk__in=held):
        assign_account_role(account=account, user=user, role=role, at=at, by=by)
        changed.append(account.pk)
    reached = {*changed, *held}
    refused = [pk for pk in accounts if pk not in reached]
    return BulkOutcome(changed, sorted(held), refused, [(pk, at.isoformat()) for pk in changed])


def _handed_back(
    own: Any, role: AccountRoleKind, written: Mapping[int, str], by: User, at: dt.datetime
) -> int:
    """Let who held the role before hold it as if nothing had happened, unless it changed since."""
    number = 0
    for account in own.order_by("pk"):
        try:
            take_back_assignment(
                account=account,
                role=role,
                written_at=dt.datetime.fromisoformat(written[account.pk]),
                at=at,
                by=by,
            )
        except ChangedSince:
            continue
        number += 1
    return number
