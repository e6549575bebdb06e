"""Two names of one user become one, from now on.

What was counted under the old name stays as it was known then; from its arrival on an alias leads
events, the usage user and a contact that was only seen to the new name.
"""

from collections.abc import Iterable

from django.db import connection

from scoring.domain.aliases import merge_aliases
from scoring.domain.messages import Message
from scoring.models import UserAlias

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('scoring.aliases'))"

#: A contact only seen takes the new name, unless somebody of that name is there.
_RENAME_GHOSTS = """
UPDATE accounts_contact c SET external_id = a.user_key, search_text = lower(a.user_key)
FROM (
  SELECT DISTINCT ON (l.user_key) l.user_key, l.previous_key
  FROM scoring_useralias l JOIN accounts_contact p ON p.external_id = l.previous_key
  WHERE l.previous_key = ANY(%(keys)s) AND p.is_ghost AND p.archived_at IS NULL
    AND NOT EXISTS (SELECT FROM accounts_contact t WHERE t.external_id = l.user_key)
  ORDER BY l.user_key, l.occurred_at) a
WHERE c.external_id = a.previous_key
"""

_ARCHIVE_GHOSTS = """
UPDATE accounts_contact c SET archived_at = l.occurred_at, merged_into_id = t.id
FROM scoring_useralias l JOIN accounts_contact t ON t.external_id = l.user_key
WHERE c.external_id = l.previous_key AND l.previous_key = ANY(%(keys)s)
  AND c.is_ghost AND c.archived_at IS NULL AND t.account_id = c.account_id
"""

_USERS = """
INSERT INTO scoring_usageuser (account_id, user_key, contact_id)
SELECT DISTINCT u.account_id, l.user_key, c.id
FROM scoring_useralias l JOIN scoring_usageuser u ON u.user_key = l.previous_key
LEFT JOIN accounts_contact c ON c.external_id = l.user_key AND c.account_id = u.account_id
WHERE l.previous_key = ANY(%(keys)s) ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""

_ALIAS_OF = """
UPDATE scoring_usageuser u SET alias_of_id = t.id
FROM scoring_useralias l JOIN scoring_usageuser t ON t.user_key = l.user_key
WHERE u.user_key = l.previous_key AND l.previous_key = ANY(%(keys)s)
  AND t.account_id = u.account_id AND u.alias_of_id IS DISTINCT FROM t.id
"""


def apply_aliases(messages: Iterable[Message]) -> None:
    """Take up alias messages in the order in which they occurred; older news than known is none."""
    pairs = {
        (message.previous_key or "", message.user_key or ""): message.occurred_at
        for message in messages
    }
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        keys = sorted({key for pair in pairs for key in pair})
        known = {
            row.previous_key: row
            for row in UserAlias.objects.filter(previous_key__in=keys)
            | UserAlias.objects.filter(user_key__in=keys)
        }
        news = sorted((at, pair) for pair, at in pairs.items() if _is_news(known.get(pair[0]), at))
        if not news:
            return
        times = {previous: at for at, (previous, _) in news}
        merged = merge_aliases(
            {key: row.user_key for key, row in known.items()}, [pair for _, pair in news]
        )
        rows = [
            UserAlias(
                previous_key=key,
                user_key=user,
                occurred_at=times.get(key) or known[key].occurred_at,
            )
            for key, user in sorted(merged.items())
            if key in times or known[key].user_key != user
        ]
        UserAlias.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["previous_key"],
            update_fields=["user_key", "occurred_at"],
        )
        for statement in (_RENAME_GHOSTS, _ARCHIVE_GHOSTS, _USERS, _ALIAS_OF):
            cursor.execute(statement, {"keys": [row.previous_key for row in rows]})


def _is_news(row: UserAlias | None, at: object) -> bool:
    return row is None or row.occurred_at < at  # type: ignore[operator]
