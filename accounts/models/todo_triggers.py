"""What a to-do keeps of its talk, by the database itself: the account, and whether it stands.

A list of the to-dos of 2,500 accounts can't look for each of their 25,000 talks within a page's
time. Each to-do reads both of its talk whenever it is written, under a lock, so that a talk taken
back at that moment is waited for; a talk that changes tells its to-dos, however many talks did.
"""

from typing import Any

import pgtrigger

_READ = """
SELECT t.account_id, NOT t.is_draft AND t.retracted_at IS NULL
INTO NEW.talk_account, NEW.is_standing
FROM accounts_touchpoint t WHERE t.id = NEW.touchpoint_id FOR SHARE;
RETURN NEW;
"""
_TELL = """
UPDATE accounts_touchpointtodo d
SET talk_account = n.account_id, is_standing = NOT n.is_draft AND n.retracted_at IS NULL
FROM old_rows o JOIN new_rows n ON n.id = o.id
WHERE (o.account_id, o.is_draft, o.retracted_at IS NULL) IS DISTINCT FROM
  (n.account_id, n.is_draft, n.retracted_at IS NULL) AND d.touchpoint_id = n.id;
RETURN NULL;
"""
_rows: Any = pgtrigger.Referencing  # untyped over there

READ_OF_TALK = [
    pgtrigger.Trigger(
        name="talk_insert", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_READ
    ),
    pgtrigger.Trigger(
        name="talk_update", when=pgtrigger.Before, operation=pgtrigger.Update, func=_READ,
        condition=pgtrigger.Condition(
            "((OLD.touchpoint_id, OLD.talk_account, OLD.is_standing) IS DISTINCT FROM "
            "(NEW.touchpoint_id, NEW.talk_account, NEW.is_standing))"
        ),
    ),
]  # fmt: skip
TELL_TODOS = pgtrigger.Trigger(
    name="tell_todos", level=pgtrigger.Statement, when=pgtrigger.After,
    operation=pgtrigger.Update, func=_TELL,
    referencing=_rows(old="old_rows", new="new_rows"),
)  # fmt: skip
