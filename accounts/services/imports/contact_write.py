"""Carry out a plan about contacts: columns, the key of the person, the parts of who has gone."""

from accounts.domain.names import fold_for_search
from accounts.services.departures import GONE
from accounts.services.imports.bulk import Facts, derive, mark_touched, put_facts, upsert
from accounts.services.imports.contact_links import write_reports
from accounts.services.imports.contact_plan import COMPARED
from accounts.services.imports.stage import Stage
from accounts.services.outbox import person_key_of

_KNOWN_AS = (
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "family_name_latin",
    "given_name_latin",
    "email",
    "external_id",
)
_NAMES = """
SELECT p.line, {names} FROM import_plan p LEFT JOIN accounts_contact c ON c.id = p.target_id
WHERE p.target_id IS NULL OR ({stored}) IS DISTINCT FROM ({names})
"""
_ROWS = """
(SELECT p.*, coalesce(d.search_text, c.search_text) AS search_text,
   CASE WHEN d.line IS NULL THEN c.person_key ELSE d.person_key END AS person_key
 FROM import_plan p LEFT JOIN import_derived d ON d.line = p.line
 LEFT JOIN accounts_contact c ON c.id = p.target_id)
"""
_LEAVERS = """
CREATE TEMP TABLE import_leaver ON COMMIT DROP AS
SELECT row_id AS contact_id, account_id, successor_id, coalesce(state_on, %(day)s) AS left_on
FROM import_plan
WHERE state = ANY(%(gone)s) AND (state, successor_id) IS DISTINCT FROM (state_was, successor_was)
"""
#: Whoever left or was transferred puts down their parts on that day, as `end_fact` does it.
_ENDED = """
CREATE TEMP TABLE import_ended ON COMMIT DROP AS
SELECT r.id, l.left_on FROM import_leaver l
JOIN accounts_stakeholderrole r ON r.contact_id = l.contact_id AND r.retracted_at IS NULL
WHERE r.ends_on IS NULL OR r.ends_on > l.left_on
"""
_RETRACT = """
UPDATE accounts_stakeholderrole r SET retracted_at = %(at)s FROM import_ended e WHERE r.id = e.id
"""
_RECORD = """
INSERT INTO accounts_stakeholderrole
  (account_id, contact_id, role, confirmed_on, starts_on, ends_on, recorded_at)
SELECT r.account_id, r.contact_id, r.role, r.confirmed_on, r.starts_on, e.left_on, %(at)s
FROM import_ended e JOIN accounts_stakeholderrole r ON r.id = e.id
WHERE r.starts_on < e.left_on
"""
#: Their successor takes the parts up unconfirmed, as `hand_over` does it, unless they play them.
#: Who leaves by the same file hands on what came to them; of several days the first counts.
_HANDED = """
CREATE TEMP TABLE import_handed ON COMMIT DROP AS
WITH RECURSIVE handed AS (
  SELECT l.successor_id AS contact_id, r.role, l.account_id, l.left_on AS from_on,
    ARRAY[l.contact_id] AS earlier
  FROM import_leaver l
  JOIN accounts_stakeholderrole r ON r.contact_id = l.contact_id AND r.retracted_at IS NULL
  WHERE l.successor_id IS NOT NULL AND (r.ends_on IS NULL OR r.ends_on >= l.left_on)
  UNION
  SELECT l.successor_id, h.role, h.account_id, greatest(h.from_on, l.left_on),
    h.earlier || l.contact_id
  FROM handed h JOIN import_leaver l USING (contact_id)
  WHERE l.successor_id IS NOT NULL AND l.contact_id <> ALL(h.earlier)
)
SELECT DISTINCT ON (h.contact_id, h.role) h.contact_id, h.role, h.account_id,
  NULL::date AS confirmed_on, h.from_on
FROM handed h LEFT JOIN import_leaver l USING (contact_id)
WHERE (l.left_on IS NULL OR l.left_on > h.from_on)
  AND NOT EXISTS (SELECT FROM accounts_stakeholderrole p
    WHERE p.contact_id = h.contact_id AND p.role = h.role AND p.retracted_at IS NULL
      AND p.starts_on <= h.from_on AND (p.ends_on IS NULL OR p.ends_on > h.from_on))
ORDER BY h.contact_id, h.role, h.from_on
"""
_TOUCH = """
UPDATE accounts_contact c SET updated_at = %(at)s FROM import_handed h WHERE c.id = h.contact_id
"""
_PARTS = Facts("accounts_stakeholderrole", ["contact_id", "role"], ["account_id", "confirmed_on"])


def write_contacts(stage: Stage) -> None:
    """Write what the plan holds."""
    _derive()
    columns = [*COMPARED, "account_id", "search_text", "person_key"]
    upsert(stage, table="accounts_contact", plan=_ROWS, columns=columns)
    if {"state", "successor_external_id"} & stage.present:
        _hand_over(stage)
    write_reports(stage)
    mark_touched(stage, touched="SELECT account_id FROM import_plan")


def _hand_over(stage: Stage) -> None:
    stage.run(_LEAVERS, gone=sorted(GONE))
    stage.run("ANALYZE import_leaver")
    stage.run(_ENDED)
    stage.run(_HANDED)
    _end(stage)
    put_facts(stage, _PARTS, wanted="SELECT * FROM import_handed")
    stage.run(_TOUCH)
    stage.run(_ENDED)
    _end(stage)
    stage.run("DROP TABLE import_leaver, import_handed")


def _end(stage: Stage) -> None:
    stage.write(_RETRACT, table="accounts_stakeholderrole", kind="retracted", key="r.id")
    stage.write(_RECORD, table="accounts_stakeholderrole", kind="recorded")
    stage.run("DROP TABLE import_ended")


def _derive() -> None:
    derive(
        source=_NAMES.format(
            names=", ".join(f"p.{name}" for name in _KNOWN_AS),
            stored=", ".join(f"c.{name}" for name in _KNOWN_AS),
        ),
        table="import_derived",
        columns=["search_text text", "person_key bytea"],
        make=_known_as,
    )


def _known_as(texts: list[str]) -> tuple[str, str | None]:
    """Equal to what `accounts.services.contacts` derives from one contact."""
    family, given, family_kana, given_kana, family_latin, given_latin, email, own_id = texts
    known = (
        f"{family}{given}",
        f"{family_kana}{given_kana}",
        f"{given_latin} {family_latin}",
        email,
        own_id,
    )
    key = f"\\x{person_key_of(email).hex()}" if email else None
    return "\n".join(fold_for_search(text) for text in known if text), key


_FOUND_BY = """
SELECT c.id, {names} FROM accounts_contact c JOIN undo_todo u
  ON u.tab = 'accounts_contact' AND u.kind = 'updated' AND u.id = c.id
"""
_REFOLD = """
UPDATE accounts_contact c SET search_text = d.search_text, person_key = d.person_key
FROM undo_derived d WHERE d.line = c.id
"""


def refold_contacts(stage: Stage) -> None:
    """Fold the names of restored contacts anew."""
    derive(
        source=_FOUND_BY.format(names=", ".join(f"c.{name}" for name in _KNOWN_AS)),
        table="undo_derived",
        columns=["search_text text", "person_key bytea"],
        make=_known_as,
    )
    stage.run(_REFOLD)
    stage.run("DROP TABLE undo_derived")
