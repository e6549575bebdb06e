"""Pieces of SQL that every source is made of: rows in use as they were known, days, counts."""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

from collections.abc import Mapping, Sequence

from accounts.models.known import CONTACT, CONTRACT
from accounts.selectors.contracts import covered_until_sql
from accounts.selectors.losses import lost_sql


def in_use(alias: str) -> str:
    """Leave out contacts and contracts that were archived, as known at k.

    The planner holds `IS NULL` of what it has no statistics for, as of a CASE, for one row in two
    hundred, and then looks up thousands of rows one by one; of a CASE it expects one in two.
    """
    return f"CASE WHEN {alias}.archived_at IS NULL THEN true ELSE false END"


def local(column: str) -> str:
    """Return the day of the organisation on which an instant lies."""
    return f"({column} AT TIME ZONE %(zone)s)::date"


def workday(day: str) -> str:
    """Count the business days up to a day; differences of it are business days between."""
    return f"width_bucket({day}, %(workdays)s::date[])"


def case(column: str, values: Mapping[str, int]) -> str:
    """Translate the values of a column into numbers."""
    whens = " ".join(f"WHEN '{key}' THEN {value}" for key, value in values.items())
    return f"CASE {column} {whens} END"


def contracts(of: str = "= ANY(%(ids)s)") -> str:
    """Return the contracts as their rows read at k (`accounts.models.known`).

    Each has `until`, the last day it covers, NULL while neither notice nor a loss ends it.

    :param of: whose contracts: a comparison with an account.
    """
    lost = lost_sql("%(day)s::date", where=f"f.account_id {of}")
    return f"""(
  SELECT known.*, least({covered_until_sql("known")}, lost.lost_on - 1) AS until
  FROM {_as_known("contract", ("id", "account_id", "currency"), CONTRACT, of)} known
  LEFT JOIN ({lost}) lost ON lost.account_id = known.account_id
)"""


def lasts(alias: str, day: str) -> str:
    """Keep contracts that cover a day or one after it."""
    return f"({alias}.until IS NULL OR {alias}.until >= {day})"


def people() -> str:
    """Return the contacts as their rows read at k."""
    return _as_known("contact", ("id", "account_id", "person_key"), CONTACT, "= ANY(%(ids)s)")


def _as_known(kind: str, kept: Sequence[str], changing: Sequence[str], of: str) -> str:
    then = ", ".join(
        f"CASE WHEN b.id IS NULL THEN r.{name} ELSE b.{name} END AS {name}" for name in changing
    )
    return f"""(
  SELECT {", ".join(f"r.{name}" for name in kept)}, {then}
  FROM accounts_{kind} r LEFT JOIN (
    SELECT DISTINCT ON ({kind}_id) * FROM accounts_{kind}before
    WHERE retracted_at > %(k)s ORDER BY {kind}_id, retracted_at, id
  ) b ON b.{kind}_id = r.id
  WHERE r.account_id {of}
)"""
