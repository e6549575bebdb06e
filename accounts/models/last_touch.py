"""The last two-way touch of each account, kept by the database itself.

A list of 100,000 accounts can't be sorted by the newest of a million talks within a page's time.
Triggers keep that one value beside the account, whoever writes talks: forms, imports, undo, merges.
Each is a few statements however many rows changed. A talk that is added can only raise the value;
after any other change it is read anew, under a lock, so that two at once end up with the truth.
"""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account

_RAISE = """
INSERT INTO accounts_accounttouch AS kept (account_id, last_two_way_at)
SELECT n.account_id, max(n.occurred_at) FROM new_rows n
WHERE n.direction = 'two_way' AND NOT n.is_draft AND n.retracted_at IS NULL
GROUP BY n.account_id ORDER BY n.account_id
ON CONFLICT (account_id) DO UPDATE SET last_two_way_at = excluded.last_two_way_at
WHERE kept.last_two_way_at IS NULL OR kept.last_two_way_at < excluded.last_two_way_at;
RETURN NULL;
"""
_READ_ANEW = """
IF concerned IS NULL THEN RETURN NULL; END IF;
PERFORM 1 FROM accounts_accounttouch k WHERE k.account_id = ANY(concerned)
ORDER BY k.account_id FOR UPDATE;
UPDATE accounts_accounttouch k SET last_two_way_at = t.last
FROM unnest(concerned) AS a(id) CROSS JOIN LATERAL (
  SELECT max(p.occurred_at) AS last FROM accounts_touchpoint p
  WHERE p.account_id = a.id AND p.direction = 'two_way' AND NOT p.is_draft
    AND p.retracted_at IS NULL
) t
WHERE k.account_id = a.id AND k.last_two_way_at IS DISTINCT FROM t.last;
RETURN NULL;
"""
_CHANGED = """
SELECT array_agg(DISTINCT c.account_id) INTO concerned FROM (
  SELECT unnest(ARRAY[o.account_id, n.account_id]) AS account_id
  FROM old_rows o JOIN new_rows n ON n.id = o.id
  WHERE (o.direction = 'two_way' AND NOT o.is_draft AND o.retracted_at IS NULL
    OR n.direction = 'two_way' AND NOT n.is_draft AND n.retracted_at IS NULL) AND
    (o.account_id, o.direction, o.occurred_at, o.is_draft, o.retracted_at) IS DISTINCT FROM
    (n.account_id, n.direction, n.occurred_at, n.is_draft, n.retracted_at)
) c;
INSERT INTO accounts_accounttouch (account_id)
SELECT DISTINCT id FROM unnest(concerned) AS a(id) ORDER BY id ON CONFLICT DO NOTHING;
"""
_GONE = """
SELECT array_agg(DISTINCT o.account_id) INTO concerned FROM old_rows o
WHERE o.direction = 'two_way' AND NOT o.is_draft AND o.retracted_at IS NULL;
"""
_rows: Any = pgtrigger.Referencing  # untyped over there
_CONCERNED = [("concerned", "bigint[]")]

KEEP_LAST_TOUCH = [
    pgtrigger.Trigger(
        name="last_touch_insert", level=pgtrigger.Statement, when=pgtrigger.After,
        operation=pgtrigger.Insert, func=_RAISE,
        referencing=_rows(new="new_rows"),
    ),
    pgtrigger.Trigger(
        name="last_touch_update", level=pgtrigger.Statement, when=pgtrigger.After,
        operation=pgtrigger.Update, func=_CHANGED + _READ_ANEW, declare=_CONCERNED,
        referencing=_rows(old="old_rows", new="new_rows"),
    ),
    pgtrigger.Trigger(
        name="last_touch_delete", level=pgtrigger.Statement, when=pgtrigger.After,
        operation=pgtrigger.Delete, func=_GONE + _READ_ANEW, declare=_CONCERNED,
        referencing=_rows(old="old_rows"),
    ),
]  # fmt: skip


class AccountTouch(models.Model):
    """When people of both sides last talked; no row or no value where they never did.

    The key is not held by the database: triggers write here while accounts are being deleted.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="touch", db_constraint=False
    )
    last_two_way_at = models.DateTimeField(_("last talk"), null=True, editable=False)

    class Meta:
        verbose_name = _("last talk of an account")
        verbose_name_plural = _("last talks of accounts")
        indexes = [
            models.Index(fields=["last_two_way_at", "account"], name="accounts_touch_last"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.last_two_way_at}"
