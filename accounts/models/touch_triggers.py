"""The last two-way touch of each account, kept by the database itself.

A list of 100,000 accounts can't be sorted by the newest of a million talks within a page's time.
Triggers keep that one value beside the account, whoever writes talks: forms, imports, undo, merges.
Each is a few statements however many rows changed. A talk that is added can only raise the value;
after any other change it is read anew, under a lock, so that two at once end up with the truth.

Talks with an account that was merged stay with it and count for the account that stayed, too, as
its history shows them; a merge or its undo has the value read anew.
"""

from typing import Any

import pgtrigger

_RAISE = """
INSERT INTO accounts_accounttouch AS kept (account_id, last_two_way_at)
SELECT o.id, max(n.occurred_at) FROM new_rows n JOIN accounts_account a ON a.id = n.account_id
CROSS JOIN LATERAL (VALUES (a.id), (a.merged_into_id)) AS o(id)
WHERE n.direction = 'two_way' AND NOT n.is_draft AND n.retracted_at IS NULL AND o.id IS NOT NULL
GROUP BY o.id ORDER BY o.id
ON CONFLICT (account_id) DO UPDATE SET last_two_way_at = excluded.last_two_way_at
WHERE kept.last_two_way_at IS NULL OR kept.last_two_way_at < excluded.last_two_way_at;
RETURN NULL;
"""
_AND_WHO_STAYED = """
SELECT array_agg(DISTINCT o.id) INTO concerned
FROM unnest(concerned) AS c(id) LEFT JOIN accounts_account a ON a.id = c.id
CROSS JOIN LATERAL (VALUES (c.id), (a.merged_into_id)) AS o(id) WHERE o.id IS NOT NULL;
"""
_KEEP_ROWS = """
INSERT INTO accounts_accounttouch (account_id)
SELECT DISTINCT id FROM unnest(concerned) AS a(id) ORDER BY id ON CONFLICT DO NOTHING;
"""
_READ_ANEW = """
IF concerned IS NULL THEN RETURN NULL; END IF;
PERFORM 1 FROM accounts_accounttouch k WHERE k.account_id = ANY(concerned)
ORDER BY k.account_id FOR UPDATE;
UPDATE accounts_accounttouch k SET last_two_way_at = t.last
FROM unnest(concerned) AS a(id) CROSS JOIN LATERAL (
  SELECT max(x.last) AS last FROM (
    SELECT a.id UNION ALL SELECT m.id FROM accounts_account m WHERE m.merged_into_id = a.id
  ) AS o(id) CROSS JOIN LATERAL (
    SELECT max(p.occurred_at) AS last FROM accounts_touchpoint p
    WHERE p.account_id = o.id AND p.direction = 'two_way' AND NOT p.is_draft
      AND p.retracted_at IS NULL
  ) x
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
"""
_MERGED = """
concerned := array_remove(ARRAY[OLD.merged_into_id, NEW.merged_into_id], NULL);
"""
_GONE = """
SELECT array_agg(DISTINCT o.account_id) INTO concerned FROM old_rows o
WHERE o.direction = 'two_way' AND NOT o.is_draft AND o.retracted_at IS NULL;
"""
_rows: Any = pgtrigger.Referencing  # untyped over there
_update_of: Any = pgtrigger.UpdateOf
_CONCERNED = [("concerned", "bigint[]")]

KEEP_LAST_TOUCH = [
    pgtrigger.Trigger(
        name="last_touch_insert", level=pgtrigger.Statement, when=pgtrigger.After,
        operation=pgtrigger.Insert, func=_RAISE,
        referencing=_rows(new="new_rows"),
    ),
    pgtrigger.Trigger(
        name="last_touch_update", level=pgtrigger.Statement, when=pgtrigger.After,
        operation=pgtrigger.Update, declare=_CONCERNED,
        func=_CHANGED + _AND_WHO_STAYED + _KEEP_ROWS + _READ_ANEW,
        referencing=_rows(old="old_rows", new="new_rows"),
    ),
    pgtrigger.Trigger(
        name="last_touch_delete", level=pgtrigger.Statement, when=pgtrigger.After,
        operation=pgtrigger.Delete, func=_GONE + _AND_WHO_STAYED + _READ_ANEW, declare=_CONCERNED,
        referencing=_rows(old="old_rows"),
    ),
]  # fmt: skip

KEEP_LAST_TOUCH_OF_MERGED = pgtrigger.Trigger(
    name="last_touch_merged", when=pgtrigger.After, operation=_update_of("merged_into_id"),
    condition=pgtrigger.Condition("OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id"),
    func=_MERGED + _KEEP_ROWS + _READ_ANEW, declare=_CONCERNED,
)  # fmt: skip
