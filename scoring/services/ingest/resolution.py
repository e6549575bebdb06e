"""Whose messages these are: the account, the user; or nobody's yet, and then they wait.

Account = the group's, else the contact's. An unknown user of a known account becomes a *seen*
contact, so that the next event of theirs without a group finds its way.
"""

import datetime as dt
from contextlib import suppress

from django.db import connection

from accounts.domain.names import fold_for_search
from accounts.models import Contact, Team
from accounts.services.accounts import create_account
from accounts.services.conflicts import ExternalIdTaken
from scoring.models import WriteKey

_NEW_GROUPS = """
SELECT DISTINCT ON (s.group_key) s.group_key, w.team_id,
  CASE WHEN s.kind = 'group' AND jsonb_typeof(s.properties -> 'name') = 'string'
    THEN left(trim(s.properties ->> 'name'), 200) END
FROM ingest_stage s JOIN scoring_writekey w ON w.id = s.write_key_id AND w.creates_accounts
WHERE s.kind IN ('group', 'identify') AND s.group_key IS NOT NULL
  AND NOT EXISTS (SELECT FROM accounts_account a WHERE a.external_id = s.group_key)
  AND NOT EXISTS (SELECT FROM accounts_externalref x WHERE x.kind = 'account'
    AND x.source IN ('external_id', 'usage') AND x.value = s.group_key)
ORDER BY s.group_key, s.kind, s.occurred_at DESC
"""

_NEW_PEOPLE = """
SELECT DISTINCT ON (i.user_key) i.account_id, i.user_key
FROM ingest_item i
WHERE i.user_id IS NULL AND i.account_id IS NOT NULL AND i.user_key IS NOT NULL
  AND NOT EXISTS (SELECT FROM accounts_contact c WHERE c.external_id = i.user_key)
ORDER BY i.user_key, i.occurred_at, i.account_id
"""

_LATE_ACCOUNTS = """
UPDATE ingest_item i SET account_id = coalesce(a.merged_into_id, a.id)
FROM accounts_contact c JOIN accounts_account a ON a.id = c.account_id
WHERE i.account_id IS NULL AND i.group_key IS NULL AND c.external_id = i.user_key
"""

_USERS = """
WITH new_user AS (
  INSERT INTO scoring_usageuser (account_id, user_key, contact_id)
  SELECT DISTINCT i.account_id, i.user_key, c.id
  FROM ingest_item i
  LEFT JOIN accounts_contact p ON p.external_id = i.user_key
  LEFT JOIN accounts_contact c
    ON c.id = coalesce(p.merged_into_id, p.id) AND c.account_id = i.account_id
  WHERE i.user_id IS NULL AND i.account_id IS NOT NULL AND i.user_key IS NOT NULL
  ORDER BY 1, 2
  ON CONFLICT (account_id, user_key) DO UPDATE SET user_key = excluded.user_key
  RETURNING id, account_id, user_key)
UPDATE ingest_item i SET user_id = u.id FROM new_user u
WHERE i.user_id IS NULL AND u.account_id = i.account_id AND u.user_key = i.user_key
"""

_QUARANTINE = """
INSERT INTO scoring_eventquarantine (write_key_id, batch_id, message_id, kind, group_key, user_key,
  name, occurred_at, received_at, properties)
SELECT write_key_id, batch_id, message_id, kind, group_key, user_key, coalesce(name, ''),
  occurred_at, received_at, properties
FROM ingest_item WHERE account_id IS NULL
"""


_LINK = """
UPDATE scoring_usageuser u SET contact_id = c.id FROM accounts_contact c
WHERE u.contact_id IS NULL AND c.external_id = u.user_key AND c.account_id = u.account_id
"""


def create_accounts(*, at: dt.datetime) -> None:
    """Create the accounts that staged group and identify calls name, where their key may."""
    if not WriteKey.objects.filter(creates_accounts=True).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_NEW_GROUPS)
        rows = cursor.fetchall()
    teams = Team.objects.in_bulk({team for _, team, _ in rows})
    for key, team, name in rows:
        with suppress(ExternalIdTaken):  # another worker was quicker
            create_account(external_id=key, name=name or key, team=teams[team], tracked=True, at=at)


def resolve_people() -> None:
    """Give every message of a known account its user; introduce people never seen before."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW_PEOPLE)
        people = cursor.fetchall()
        Contact.objects.bulk_create(
            [
                Contact(
                    account_id=account,
                    external_id=key,
                    is_ghost=True,
                    search_text=fold_for_search(key),
                )
                for account, key in people
            ],
            ignore_conflicts=True,
        )
        cursor.execute(_LATE_ACCOUNTS)
        cursor.execute(_USERS)


def link_people() -> int:
    """Link users to contacts introduced after their first event; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_LINK)
        linked: int = cursor.rowcount
    return linked


def set_unknown_aside() -> None:
    """Keep messages whose account nobody knows until somebody does."""
    with connection.cursor() as cursor:
        cursor.execute(_QUARANTINE)
