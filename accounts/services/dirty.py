"""Say that facts of accounts changed, so that their health is computed again."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from config.lib.bells import ring

_MARK = """
INSERT INTO accounts_dirtyaccount (account_id, first_at, since, reason)
SELECT id, %(at)s, %(at)s, %(reason)s FROM unnest(%(ids)s::bigint[]) AS id GROUP BY id ORDER BY id
ON CONFLICT (account_id) DO UPDATE SET since = excluded.since, reason = excluded.reason
"""


def mark_accounts_dirty(*, account_ids: Iterable[int], reason: str, at: dt.datetime) -> None:
    """Upsert one row an account in one statement, in key order so that writers never deadlock.

    Call it last in the transaction: a recompute under way holds these rows. Rings `account.dirty`.

    :param reason: a slug such as `touchpoint`, shown to operators only.
    """
    ids = list(account_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"ids": ids, "reason": reason, "at": at})
    ring("account.dirty")
