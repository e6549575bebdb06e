"""What identify and group calls say about people and accounts, as far as their key may say it."""

import datetime as dt
import json
from collections import defaultdict
from typing import Any

from django.db import connection

from accounts.models import Account, Contact
from scoring.domain.traits import read_traits
from scoring.models import UsageUser

#: The oldest first, so that the newest has the last word. What an older call says that arrives
#: after a newer one is left out (`traits_at`).
_SAID = """
SELECT i.kind, i.account_id, i.user_id, u.contact_id, i.occurred_at, i.properties::text,
  w.allowed_traits
FROM ingest_item i
JOIN scoring_writekey w ON w.id = i.write_key_id AND w.allowed_traits <> '{}'
LEFT JOIN scoring_usageuser u ON u.id = i.user_id
WHERE i.kind IN ('identify', 'group') AND i.account_id IS NOT NULL AND i.properties IS NOT NULL
  AND (i.kind = 'group' OR u.traits_at IS NULL OR u.traits_at < i.occurred_at)
ORDER BY i.occurred_at, i.message_id
"""

Said = dict[int, dict[str, Any]]


def apply_traits(*, at: dt.datetime) -> None:
    """Write the traits of fresh messages to contacts and accounts, the newest winning."""
    people: Said = defaultdict(dict)
    accounts: Said = defaultdict(dict)
    heard: dict[int, dt.datetime] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID)
        for kind, account, user, contact, occurred_at, text, allowed in cursor.fetchall():
            values = read_traits(kind, json.loads(text), allowed=allowed)
            if kind == "group":
                accounts[account].update(values)
            elif contact is not None:
                people[contact].update(values)
                heard[user] = occurred_at
    _write(Contact, people, at)
    _write(Account, accounts, at)
    users = UsageUser.objects.in_bulk(list(heard))
    for pk, user in users.items():
        user.traits_at = heard[pk]
    UsageUser.objects.bulk_update(users.values(), ["traits_at"])


def _write(model: type[Contact] | type[Account], said: Said, at: dt.datetime) -> None:
    """Change what differs, all rows in one statement."""
    rows = model._default_manager.in_bulk([pk for pk, values in said.items() if values])
    names: set[str] = set()
    changed = []
    for pk, row in sorted(rows.items()):
        news = {name: value for name, value in said[pk].items() if getattr(row, name) != value}
        if news:
            for name, value in {**news, "updated_at": at}.items():
                setattr(row, name, value)
            names |= news.keys()
            changed.append(row)
    if changed:
        model._default_manager.bulk_update(changed, [*sorted(names), "updated_at"])
