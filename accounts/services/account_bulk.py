"""One change to many accounts picked from the list, with what became of each and the way back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.choices import AccountRoleKind
from accounts.models import Account, StaticList, User
from accounts.services.bulk import ACCOUNTS, write_in_bulk
from accounts.services.roles import assign_account_role
from accounts.services.static_lists import add_to_list, remove_from_list

MOST = 200
COLUMNS = {"tier": "tier", "phase": "phase", "touch_model": "touch_model", "team": "team_id"}
MANAGER, LIST = "manager", "list"


@dataclass(frozen=True)
class BulkOutcome:
    """Ids of accounts by what became of them; `before` is what an undo writes again."""

    changed: list[int]
    unchanged: list[int]
    refused: list[int]
    before: list[tuple[int, Any]]


def change_accounts(
    *, accounts: Sequence[int], field: str, value: Any, by: User, at: dt.datetime
) -> BulkOutcome:
    """Set a column of accounts the user may change; the others are told apart, not stopped at."""
    own = Account.objects.editable_by(by).unarchived().filter(pk__in=accounts)
    if field == LIST:
        return _listed(accounts, value, by, at)
    if field == MANAGER:
        return _handed_over(own, accounts, value, by, at)
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
    if field == LIST:
        row = StaticList.objects.editable_by(by).filter(pk=value).first()
        if row is None:
            return 0
        taken = remove_from_list(row=row, accounts=[pk for pk, _old in before], by=by)
        return list(taken.values()).count("removed")
    own = set(
        Account.objects.editable_by(by)
        .filter(pk__in=[pk for pk, _old in before], **{COLUMNS[field]: value})
        .values_list("pk", flat=True)
    )
    items = [{"id": pk, field: old} for pk, old in before if pk in own]
    results = write_in_bulk(kind=ACCOUNTS, items=items, at=at, by=by) if items else []
    return sum(row.outcome == "updated" for row in results)


def _listed(accounts: Sequence[int], value: Any, by: User, at: dt.datetime) -> BulkOutcome:
    row = StaticList.objects.editable_by(by).get(pk=value)
    outcomes = add_to_list(row=row, accounts=accounts, by=by, at=at)
    added = [pk for pk, outcome in outcomes.items() if outcome == "added"]
    return BulkOutcome(
        added,
        [pk for pk, outcome in outcomes.items() if outcome == "unchanged"],
        [pk for pk, outcome in outcomes.items() if outcome == "not_found"],
        [(pk, None) for pk in added],
    )


def _handed_over(
    own: Any, accounts: Sequence[int], value: Any, by: User, at: dt.datetime
) -> BulkOutcome:
    """Hand accounts over one by one: each handover dates the end of the role before."""
    manager = User.objects.get(pk=value, is_active=True)
    held = set(
        own.filter(
            roles__user=manager,
            roles__role=AccountRoleKind.MANAGER,
            roles__retracted_at=None,
            roles__ends_on=None,
        ).values_list("pk", flat=True)
    )
    changed = []
    for account in own.exclude(pk__in=held):
        assign_account_role(
            account=account, user=manager, role=AccountRoleKind.MANAGER, at=at, by=by
        )
        changed.append(account.pk)
    reached = {*changed, *held}
    return BulkOutcome(changed, sorted(held), [pk for pk in accounts if pk not in reached], [])
