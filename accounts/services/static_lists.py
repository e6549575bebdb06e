"""Static lists: accounts put together by hand, many in and out at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from accounts.choices import Sharing
from accounts.models import Account, StaticList, Team, User
from accounts.services.authors import written_by
from accounts.services.saved_views import check_sharing

_ADD = """
INSERT INTO accounts_listmember (list_id, account_id, added_at)
SELECT %s, id, %s FROM unnest(%s::bigint[]) AS wanted(id)
ON CONFLICT (list_id, account_id) DO NOTHING
RETURNING account_id
"""
_REMOVE = """
DELETE FROM accounts_listmember WHERE list_id = %s AND account_id = ANY(%s::bigint[])
RETURNING account_id
"""


def create_list(
    *, name: str, owner: User, at: dt.datetime, note: str = "", sharing: str = Sharing.PRIVATE,
    team: Team | None = None,
) -> StaticList:  # fmt: skip
    """Begin an empty list.

    :raises InvalidView: for a team that does not fit the sharing.
    """
    check_sharing(sharing=sharing, team=team)
    with written_by(owner):
        made: StaticList = StaticList.objects.create(
            name=name.strip(), note=note, owner=owner, sharing=sharing, team=team, updated_at=at
        )
    return made


def change_list(
    *, row: StaticList, changes: Mapping[str, Any], by: User, at: dt.datetime
) -> StaticList:
    """Change the name, the note or who sees a list.

    :raises InvalidView: for a team that does not fit the sharing.
    """
    values = dict(changes)
    if values.get("sharing", Sharing.TEAM) != Sharing.TEAM:
        values.setdefault("team", None)
    for field, value in values.items():
        setattr(row, field, value)
    check_sharing(sharing=row.sharing, team=row.team)
    row.updated_at = at
    with written_by(by):
        row.save(update_fields=[*values, "updated_at"])
    return row


def archive_list(*, row: StaticList, by: User, at: dt.datetime) -> None:
    """Put a list away; its accounts stay on it. Twice is once."""
    with written_by(by):
        StaticList.objects.filter(pk=row.pk, archived_at=None).update(archived_at=at, updated_at=at)


def restore_list(*, row: StaticList, by: User, at: dt.datetime) -> None:
    """Take a list up again. Twice is once."""
    with written_by(by):
        put_away = StaticList.objects.filter(pk=row.pk).exclude(archived_at=None)
        put_away.update(archived_at=None, updated_at=at)


def add_to_list(
    *, row: StaticList, accounts: Iterable[int], by: User, at: dt.datetime
) -> dict[int, str]:
    """Put accounts the user sees on a list, one statement; return added, unchanged or not_found."""
    wanted = sorted(set(accounts))
    seen = set(Account.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True))
    with written_by(by), connection.cursor() as cursor:
        cursor.execute(_ADD, [row.pk, at, sorted(seen)])
        added = {account for (account,) in cursor.fetchall()}
    return {
        account: "added" if account in added else "unchanged" if account in seen else "not_found"
        for account in wanted
    }


def remove_from_list(*, row: StaticList, accounts: Iterable[int], by: User) -> dict[int, str]:
    """Take accounts the user sees off a list; return removed, unchanged or not_found for each."""
    wanted = sorted(set(accounts))
    seen = set(Account.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True))
    with written_by(by), connection.cursor() as cursor:
        cursor.execute(_REMOVE, [row.pk, sorted(seen)])
        removed = {account for (account,) in cursor.fetchall()}
    return {
        account: "removed"
        if account in removed
        else "unchanged"
        if account in seen
        else "not_found"
        for account in wanted
    }
