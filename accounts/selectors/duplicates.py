"""Records that may be one, found by the database: pairs with the reasons that speak for it.

An equal corporate number decides; where both numbers are known and differ, an equal name or domain
says nothing. What somebody called no duplicate stays away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from accounts.choices import DuplicateReason, MergeKind
from accounts.models import Account, AccountDomain, Contact

_ACCOUNTS = """
seen AS MATERIALIZED (
  SELECT a.id, a.corporate_number, a.name_key FROM accounts_account a WHERE a.id IN ({visible})
), pair(low, high, reason) AS (
  SELECT a.id, b.id, 'corporate_number' FROM seen a
  JOIN seen b ON b.corporate_number = a.corporate_number AND a.id < b.id
  WHERE a.corporate_number <> ''
  UNION ALL
  SELECT a.id, b.id, 'name_key' FROM seen a JOIN seen b ON b.name_key = a.name_key AND a.id < b.id
  WHERE a.name_key <> '' AND {same_firm}
  UNION ALL
  SELECT a.id, b.id, 'domain'
  FROM accounts_accountdomain d
  JOIN accounts_accountdomain e ON e.domain = d.domain AND d.account_id < e.account_id
  JOIN seen a ON a.id = d.account_id JOIN seen b ON b.id = e.account_id
  WHERE d.is_verified AND e.is_verified AND {same_firm}
)
"""
_SAME_FIRM = (
    "(a.corporate_number = '' OR b.corporate_number = ''"
    " OR a.corporate_number = b.corporate_number)"
)
_CONTACTS = """
seen AS MATERIALIZED (
  SELECT c.id, c.account_id, c.person_key, c.family_name, c.given_name,
    split_part(c.search_text, E'\\n', 1) AS folded,
    regexp_replace(normalize(c.phone, NFKC), '[^0-9]', '', 'g') AS digits
  FROM accounts_contact c WHERE c.id IN ({visible})
), pair(low, high, reason) AS (
  SELECT a.id, b.id, 'email' FROM seen a
  JOIN seen b ON b.person_key = a.person_key AND a.id < b.id
  UNION ALL
  SELECT a.id, b.id, 'name' FROM seen a
  JOIN seen b ON b.account_id = a.account_id AND b.folded = a.folded AND a.id < b.id
  WHERE a.family_name <> '' AND a.given_name <> '' AND b.family_name <> '' AND b.given_name <> ''
  UNION ALL
  SELECT a.id, b.id, 'phone' FROM seen a
  JOIN seen b ON b.digits = a.digits AND b.family_name = a.family_name AND a.id < b.id
  WHERE length(a.digits) >= 9 AND a.family_name <> ''
)
"""
_FIND = """
WITH {pairs}
SELECT p.low, p.high, array_agg(DISTINCT p.reason ORDER BY p.reason) FROM pair p
WHERE (p.low, p.high) > (%s, %s) AND (%s = 0 OR %s IN (p.low, p.high)) AND NOT EXISTS (
  SELECT FROM accounts_duplicatedismissal d
  WHERE d.kind = %s AND d.low_id = p.low AND d.high_id = p.high)
GROUP BY p.low, p.high HAVING %s = '' OR %s = ANY(array_agg(p.reason))
ORDER BY p.low, p.high LIMIT %s
"""


@dataclass(frozen=True)
class DuplicatePair:
    """Two records, the older one first, and why they may be one."""

    kind: MergeKind
    low: Any
    high: Any
    reasons: Sequence[DuplicateReason]

    @property
    def pk(self) -> str:
        """Return both keys as one, by which pages go on."""
        return f"{self.low.pk}-{self.high.pk}"


def duplicate_pairs(
    *,
    kind: MergeKind,
    user: Any,
    reason: DuplicateReason | str = "",
    after: tuple[int, int] = (0, 0),
    size: int,
) -> list[DuplicatePair]:
    """Return pairs among what the user sees, in the order of their keys, one statement for all.

    :param reason: only pairs for which this speaks.
    :param after: the keys of the last pair of the page before.
    """
    rows: Any = _visible(kind, user)
    found = _found(kind, rows, [*after, 0, 0, kind, reason, reason, size])
    records = rows.select_related("team" if kind == MergeKind.ACCOUNT else "account").in_bulk(
        {pk for low, high, _ in found for pk in (low, high)}
    )
    return [
        DuplicatePair(kind, records[low], records[high], reasons) for low, high, reasons in found
    ]


def likely_twins(
    source: Account | Contact, *, among: QuerySet[Any], size: int
) -> dict[Any, Sequence[DuplicateReason]]:
    """Return which records among some may be the same as one, and why, in the order of their keys.

    Only what has something in common with it is compared, not every pair of the book.
    """
    kind = MergeKind.ACCOUNT if isinstance(source, Account) else MergeKind.CONTACT
    near = among.filter(_in_common(source)).order_by()
    rows: Any = type(source)._default_manager.filter(Q(pk=source.pk) | Q(pk__in=near.values("pk")))
    found = _found(kind, rows, [0, 0, source.pk, source.pk, kind, "", "", size])
    reasons = {high if low == source.pk else low: why for low, high, why in found}
    records = among.in_bulk(reasons)
    return {records[pk]: why for pk, why in reasons.items()}


def _in_common(source: Account | Contact) -> Q:
    if isinstance(source, Contact):
        return Q(account=source.account_id)
    domains = AccountDomain.objects.filter(domain__in=source.domains.values("domain"))
    rule = Q(pk__in=domains.values("account"))
    for name in ("corporate_number", "name_key"):
        if value := getattr(source, name):
            rule |= Q(**{name: value})
    return rule


def _found(
    kind: MergeKind, rows: Any, asked: list[Any]
) -> list[tuple[int, int, list[DuplicateReason]]]:
    try:
        visible, values = rows.values("pk").query.sql_with_params()
    except EmptyResultSet:  # a policy that shows none of them has no statement
        return []
    template = _ACCOUNTS if kind == MergeKind.ACCOUNT else _CONTACTS
    pairs = template.format(visible=visible, same_firm=_SAME_FIRM)
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(pairs=pairs), [*values, *asked])
        found = cursor.fetchall()
    return [(low, high, [DuplicateReason(reason) for reason in why]) for low, high, why in found]


def _visible(kind: MergeKind, user: Any) -> Any:
    if kind == MergeKind.ACCOUNT:
        return Account.objects.visible_to(user).unarchived()
    people = Contact.objects.visible_to(user).filter(archived_at__isnull=True)
    return people.filter(account__archived_at__isnull=True)
