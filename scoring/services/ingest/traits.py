"""What identify and group calls say about people and accounts, as far as their key may say it."""

import datetime as dt
import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Account, Contact
from accounts.services.accounts import update_account
from accounts.services.contacts import update_contact
from config.lib.problems import Problem
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

logger = logging.getLogger(__name__)

Said = dict[int, dict[str, str]]


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
    _change_people(people, at)
    _change_accounts(accounts, at)
    users = UsageUser.objects.in_bulk(list(heard))
    for pk, user in users.items():
        user.traits_at = heard[pk]
    UsageUser.objects.bulk_update(users.values(), ["traits_at"])


def _change_people(said: Said, at: dt.datetime) -> None:
    for contact in Contact.objects.filter(pk__in=said).order_by("pk"):
        if changes := _differing(contact, said[contact.pk]):
            with _leaving_out_what_is_refused(contact):
                update_contact(contact=contact, changes=changes, at=at)


def _change_accounts(said: Said, at: dt.datetime) -> None:
    for account in Account.objects.filter(pk__in=said).order_by("pk"):
        if changes := _differing(account, said[account.pk]):
            with _leaving_out_what_is_refused(account):
                update_account(account=account, changes=changes, at=at)


def _differing(row: Contact | Account, values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}


@contextmanager
def _leaving_out_what_is_refused(row: Contact | Account) -> Iterator[None]:
    """Let one refused change, of an archived account for instance, not hold up the events."""
    try:
        yield
    except (Problem, ValidationError) as refusal:
        logger.info("traits of %s %d: %s", row._meta.label, row.pk, type(refusal).__name__)
