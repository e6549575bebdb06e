"""What the facts of a row add up to today, kept beside it by the database itself.

A list of 300,000 invoices can't add up the payments of each within a page's time, nor one of
contracts look for the terms of each. Triggers keep such figures in columns of the row, whoever
writes facts: forms, imports, undo, merges. Each is two statements however many facts changed; the
rows are locked first and then read anew, so that two writers at once end up with the truth.

The facts stay the truth: a past day is computed from them alone, and history leaves these columns
out. Nobody else writes the columns; a row that is saved as it was read a moment ago keeps what the
database says.
"""

# ruff: noqa: S608 -- SQL is composed of our own text.

from collections.abc import Mapping
from typing import Any

import pgtrigger

_READ_ANEW = """
IF concerned IS NULL THEN RETURN NULL; END IF;
PERFORM 1 FROM {table} r WHERE r.id = ANY(concerned) ORDER BY r.id FOR NO KEY UPDATE;
UPDATE {table} r SET {taken}
FROM unnest(concerned) AS c(id) CROSS JOIN LATERAL (
  SELECT {figures} FROM {facts} f WHERE f.{link} = c.id AND f.retracted_at IS NULL
) k
WHERE r.id = c.id AND ({own}) IS DISTINCT FROM ({kept});
RETURN NULL;
"""
_CONCERNED = "SELECT array_agg(DISTINCT id) INTO concerned FROM ({ids}) c(id);"
_rows: Any = pgtrigger.Referencing  # untyped over there
_EVENTS = {
    "insert": (pgtrigger.Insert, _rows(new="new_rows")),
    "update": (pgtrigger.Update, _rows(old="old_rows", new="new_rows")),
    "delete": (pgtrigger.Delete, _rows(old="old_rows")),
}


def keep_figures(
    table: str, facts: str, link: str, figures: Mapping[str, str]
) -> list[pgtrigger.Trigger]:
    """Return the triggers of the facts that keep figures in the columns of their row.

    :param link: the column of a fact that leads to its row.
    :param figures: each column with what the row's standing facts `f` add up to.
    """
    anew = _READ_ANEW.format(
        table=table,
        facts=facts,
        link=link,
        taken=", ".join(f"{name} = k.{name}" for name in figures),
        figures=", ".join(f"{sql} AS {name}" for name, sql in figures.items()),
        own=", ".join(f"r.{name}" for name in figures),
        kept=", ".join(f"k.{name}" for name in figures),
    )
    return [
        pgtrigger.Trigger(
            name=f"keep_figures_{event}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=rows,
            declare=[("concerned", "bigint[]")],
            func=_CONCERNED.format(ids=_ids(link, rows)) + anew,
        )
        for event, (operation, rows) in _EVENTS.items()
    ]


def _ids(link: str, rows: Any) -> str:
    return " UNION ALL ".join(f"SELECT {link} FROM {name}" for name in (rows.old, rows.new) if name)


_FOLLOWED = """
IF concerned IS NULL THEN RETURN NULL; END IF;
PERFORM 1 FROM accounts_contract c WHERE c.account_id = ANY(concerned)
ORDER BY c.id FOR NO KEY UPDATE;
UPDATE accounts_contract c SET is_followed = k.is_followed
FROM accounts_contract r CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM accounts_contract n WHERE n.account_id = r.account_id AND n.id <> r.id
      AND n.product = r.product AND n.archived_at IS NULL
      AND n.starts_on > r.starts_on AND n.starts_on >= r.ends_on
  ) AS is_followed
) k
WHERE r.account_id = ANY(concerned) AND c.id = r.id AND c.is_followed <> k.is_followed;
RETURN NULL;
"""
#: Also answers the statement above, which changes none of these columns.
_MOVED = """
SELECT o.account_id, n.account_id FROM old_rows o JOIN new_rows n ON n.id = o.id
WHERE (o.account_id, o.product, o.starts_on, o.ends_on, o.archived_at) IS DISTINCT FROM
  (n.account_id, n.product, n.starts_on, n.ends_on, n.archived_at)
"""
_ACCOUNTS = {
    "insert": "SELECT account_id FROM new_rows",
    "update": f"SELECT unnest(ARRAY[x.was, x.now]) FROM ({_MOVED}) x(was, now)",
    "delete": "SELECT account_id FROM old_rows",
}

KEEP_FOLLOWED = [
    pgtrigger.Trigger(
        name=f"keep_followed_{event}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=rows,
        declare=[("concerned", "bigint[]")],
        func=_CONCERNED.format(ids=_ACCOUNTS[event]) + _FOLLOWED,
    )
    for event, (operation, rows) in _EVENTS.items()
]


def leave_figures(*columns: str) -> pgtrigger.Trigger:
    """Return the trigger of the row that keeps all but the triggers of its facts off figures."""
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    return pgtrigger.Trigger(
        name="leave_figures",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"pg_trigger_depth() = 0 AND ({changed})"),
        func=" ".join(f"NEW.{name} := OLD.{name};" for name in columns) + " RETURN NEW;",
    )
