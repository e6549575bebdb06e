"""What a file of touchpoints would do: talks nobody noted, corrections, or faults.

A row is the talk of its account with its own-system id; without an id it is the talk without an id
of the same account, moment, type and subject, among those that whoever imports may read. Attendees
and signals are given as a whole.
"""

import json

from accounts.selectors.touchpoint_types import touchpoint_types
from accounts.services.imports.parents import find_parents
from accounts.services.imports.references import find_contacts
from accounts.services.imports.stage import Stage
from accounts.services.imports.talk_reach import may_read
from accounts.services.touchpoints import SLACK

_KNOWN = """
SELECT t.id, t.account_id FROM accounts_touchpoint t
WHERE t.account_id = named.id AND t.retracted_at IS NULL
  AND CASE WHEN s.external_id IS NOT NULL THEN t.external_id = s.external_id
    ELSE t.external_id IS NULL AND {reads} AND t.occurred_at = s.occurred_at AND t.type = s.type
      AND t.subject = s.subject END
ORDER BY t.id LIMIT 1"""
_NAMED = """
SELECT k.line, 'contact_external_ids', k.account_id, given.value
FROM import_parent k JOIN import_stage s USING (line)
CROSS JOIN LATERAL unnest(s.contact_external_ids) AS given(value) WHERE k.is_reached
"""
_ATTENDEES = """
CREATE TEMP TABLE import_attendee ON COMMIT DROP AS
SELECT k.line, 'contact_external_ids' AS column_key, given.value, c.id AS contact_id
FROM import_parent k JOIN import_stage s USING (line)
CROSS JOIN LATERAL unnest(s.contact_external_ids) AS given(value)
LEFT JOIN import_contact_ref c ON c.account_id = k.account_id AND c.word = given.value
UNION ALL
SELECT k.line, 'contact_emails', given.value, c.id
FROM import_parent k JOIN import_stage s USING (line)
CROSS JOIN LATERAL unnest(s.contact_emails) AS given(value)
LEFT JOIN accounts_contact c ON c.account_id = k.account_id AND lower(c.email) = given.value
  AND c.email <> '' AND c.archived_at IS NULL
"""
_COLLEAGUES = """
CREATE TEMP TABLE import_colleague ON COMMIT DROP AS
SELECT k.line, given.value, u.id AS user_id
FROM import_parent k JOIN import_stage s USING (line)
CROSS JOIN LATERAL unnest(s.user_emails) AS given(value)
LEFT JOIN accounts_user u ON lower(u.email) = given.value
"""
_STRANGERS = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT a.line, a.column_key, 'unknown_contact', min(a.value)
FROM import_attendee a JOIN import_parent k USING (line)
WHERE a.contact_id IS NULL AND k.is_reached GROUP BY a.line, a.column_key
UNION ALL
SELECT line, 'user_emails', 'unknown_user', min(value) FROM import_colleague
WHERE user_id IS NULL GROUP BY line
"""
_USUAL = "%(usual)s::jsonb ->> s.type"
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
WITH merged AS (
  SELECT k.line, k.target_id, k.account_id, s.external_id,
    CASE WHEN k.target_id IS NOT NULL THEN k.target_id
         WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_touchpoint', 'id'))
         ELSE -k.line END AS row_id,
    coalesce(s.type, t.type) AS type,
    CASE WHEN s.direction IS NOT NULL THEN s.direction
         WHEN t.id IS NULL OR s.type <> t.type THEN {usual}
         ELSE t.direction END AS direction,
    {plain},
    {contacts} AS contacts, {users} AS users, {signals} AS signals,
    t.id IS NOT NULL AND NOT {reads} AS is_unread,
    t.type AS type_was, t.direction AS direction_was, {plain_was}, t.is_draft,
    {contacts_was} AS contacts_was, {users_was} AS users_was, {signals_was} AS signals_was,
    coalesce(min(k.line) FILTER (WHERE s.faults IS NULL) OVER (
      PARTITION BY k.account_id, s.external_id,
      CASE WHEN s.external_id IS NULL THEN (s.occurred_at, s.type, s.subject)::text END), k.line)
      AS first_alike
  FROM import_parent k JOIN import_stage s USING (line)
  LEFT JOIN accounts_touchpoint t ON t.id = k.target_id
  LEFT JOIN accounts_account a ON a.id = k.account_id
)
SELECT m.*, (type, direction, occurred_at, contacts, users, signals) IS DISTINCT FROM
    (type_was, direction_was, occurred_at_was, contacts_was, users_was, signals_was)
    AND NOT coalesce(is_draft, false) AS is_weighty,
  (type, direction, contacts, users, signals, {names}) IS DISTINCT FROM
    (type_was, direction_was, contacts_was, users_was, signals_was, {names_was}) AS is_changed
FROM merged m
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint FROM import_plan p CROSS JOIN LATERAL (VALUES
  ('external_id', 'not_found', '', p.is_unread),
  ('type', 'required', '', p.type IS NULL),
  ('subject', 'required', '', p.subject IS NULL OR p.subject = ''),
  ('occurred_at', 'required', '', p.occurred_at IS NULL),
  ('occurred_at', 'future', '', p.occurred_at > %(latest)s AND NOT coalesce(p.is_draft, false)),
  ('direction', 'note_is_internal', '',
    (p.type = 'internal_note') <> (p.direction = 'internal')),
  (CASE WHEN p.external_id IS NULL THEN 'subject' ELSE 'external_id' END, 'duplicate',
    p.first_alike::text, p.account_id IS NOT NULL AND p.first_alike <> p.line
    AND (p.external_id IS NOT NULL OR p.occurred_at IS NOT NULL))
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
#: Plain columns and the default of a new one.
PLAIN = {
    "occurred_at": "NULL",
    "duration_minutes": "NULL",
    "subject": "NULL",
    "purpose": "''",
    "next_on": "NULL",
    "body": "''",
    "decisions": "''",
    "sentiment": "''",
    "visibility": "'account'",
}
_PEOPLE = """coalesce((SELECT array_agg(DISTINCT x.{id}::bigint ORDER BY x.{id}::bigint)
  FROM {table} x WHERE x.{link} = {of}), '{{}}')"""
_SIGNALS = """coalesce((SELECT array_agg(DISTINCT x.signal::text ORDER BY x.signal::text)
  FROM {source}), '{{}}')"""


def plan_touchpoints(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    known = _KNOWN.format(reads=may_read(stage, "t", "named"))
    find_parents(stage, table="accounts_touchpoint", known=known, is_id_needed=False)
    find_contacts(stage, _NAMED)
    for statement in (_ATTENDEES, _COLLEAGUES):
        stage.run(statement)
    stage.run("ANALYZE import_attendee")
    stage.run(_STRANGERS)
    usual = {one.key: one.direction for one in touchpoint_types()}
    stage.run(_plan_sql(stage), usual=json.dumps(usual))
    stage.run(_CHECK, latest=stage.at + SLACK)


def _plan_sql(stage: Stage) -> str:
    contacts_was = _stored("contact_id", "accounts_touchpoint_contacts")
    users_was = _stored("user_id", "accounts_touchpoint_users")
    signals_was = _SIGNALS.format(source="accounts_touchpointsignal x WHERE x.touchpoint_id = t.id")
    contacts = _PEOPLE.format(id="contact_id", table="import_attendee", link="line", of="k.line")
    users = _PEOPLE.format(id="user_id", table="import_colleague", link="line", of="k.line")
    signals = _SIGNALS.format(source="unnest(s.signals) AS x(signal)")
    told = "s.contact_external_ids IS NULL AND s.contact_emails IS NULL"
    return _PLAN.format(
        usual=_USUAL,
        reads=may_read(stage, "t", "a"),
        plain=", ".join(
            f"{stage.merged(name, f't.{name}', new)} AS {name}" for name, new in PLAIN.items()
        ),
        plain_was=", ".join(f"t.{name} AS {name}_was" for name in PLAIN),
        names=", ".join(PLAIN),
        names_was=", ".join(f"{name}_was" for name in PLAIN),
        contacts=f"CASE WHEN {told} THEN {contacts_was} ELSE {contacts} END",
        users=f"CASE WHEN s.user_emails IS NULL THEN {users_was} ELSE {users} END",
        signals=f"CASE WHEN s.signals IS NULL THEN {signals_was} ELSE {signals} END",
        contacts_was=contacts_was,
        users_was=users_was,
        signals_was=signals_was,
    )


def _stored(key: str, table: str) -> str:
    return _PEOPLE.format(id=key, table=table, link="touchpoint_id", of="t.id")
