"""What a file of ids in other systems does: one more id leads to a record.

A row names its record by the account and, for all but accounts themselves, by the record's own id.
An id that leads to the record already is unchanged; one that leads to another record stays there.
"""

from dataclasses import replace

from accounts.choices import IdentifiedKind
from accounts.services.imports.references import find_accounts, find_contacts
from accounts.services.imports.stage import Stage
from accounts.services.imports.talk_reach import may_read
from accounts.services.own_codes import code_of, number_in

#: Kinds a row names by an id of its own, and what of them is put away.
_STANDING = {
    IdentifiedKind.CONTRACT: "t.archived_at IS NULL",
    IdentifiedKind.TOUCHPOINT: "t.retracted_at IS NULL AND {reads}",
    IdentifiedKind.TICKET: "t.retracted_at IS NULL",
    IdentifiedKind.INVOICE: "t.retracted_at IS NULL",
}
_HOME = """
CREATE TEMP TABLE import_home (line integer, account_id bigint, is_reached boolean,
  is_account_archived boolean) ON COMMIT DROP
"""
_AT_HOME = """
INSERT INTO import_home
SELECT s.line, a.id, coalesce({reaches}, false), coalesce(a.archived_at IS NOT NULL, false)
FROM import_stage s LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
LEFT JOIN accounts_account a ON a.id = ref.id
WHERE NOT s.is_ragged AND {which}
"""
_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT account_id FROM import_home)
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""
_PEOPLE = """
SELECT k.line, 'record_external_id', k.account_id, s.record_external_id
FROM import_home k JOIN import_stage s USING (line) WHERE k.is_reached AND s.kind = 'contact'
"""
_RECORDS = """
CREATE TEMP TABLE import_record ON COMMIT DROP AS
SELECT k.line, k.account_id AS id FROM import_home k JOIN import_stage s USING (line)
WHERE s.kind = 'account'
UNION ALL
SELECT k.line, c.id FROM import_home k JOIN import_stage s USING (line)
JOIN import_contact_ref r ON r.account_id = k.account_id AND r.word = s.record_external_id
JOIN accounts_contact c ON c.id = r.id AND c.archived_at IS NULL WHERE s.kind = 'contact'
"""
_MORE_RECORDS = """
INSERT INTO import_record
SELECT k.line, t.id FROM import_home k JOIN import_stage s USING (line)
JOIN accounts_account a ON a.id = k.account_id
JOIN {table} t ON t.account_id = a.id AND t.external_id = s.record_external_id AND {standing}
WHERE s.kind = '{kind}' AND k.is_reached
UNION ALL
SELECT k.line, t.id FROM import_home k JOIN import_stage s USING (line)
JOIN accounts_account a ON a.id = k.account_id
JOIN {table} t ON t.account_id = a.id AND t.id = {number} AND t.external_id IS NULL
  AND {code} = s.record_external_id AND {standing}
WHERE s.kind = '{kind}' AND k.is_reached
"""
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
SELECT k.*, r.id AS record_id, s.kind, s.source, s.value, e.object_id AS holder_id,
  CASE WHEN e.object_id = r.id THEN e.id END AS target_id,
  CASE WHEN e.object_id = r.id THEN e.id
       WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_externalref', 'id'))
       ELSE -k.line END AS row_id,
  e.object_id IS DISTINCT FROM r.id AS is_changed,
  coalesce(min(k.line) FILTER (WHERE s.faults IS NULL)
    OVER (PARTITION BY s.kind, s.source, s.value), k.line) AS first_alike
FROM import_home k JOIN import_stage s USING (line)
LEFT JOIN import_record r ON r.line = k.line
LEFT JOIN accounts_externalref e ON e.kind = s.kind AND e.source = s.source AND e.value = s.value
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, f.column_key, f.code, f.hint
FROM import_plan p JOIN import_stage s USING (line) CROSS JOIN LATERAL (VALUES
  ('account_external_id', 'required', '', s.account_external_id IS NULL),
  ('account_external_id', 'unknown_account', s.account_external_id,
    s.account_external_id IS NOT NULL AND NOT p.is_reached),
  ('account_external_id', 'archived', '', p.is_reached AND p.is_account_archived),
  ('kind', 'required', '', p.kind IS NULL),
  ('record_external_id', 'required', '',
    p.kind <> 'account' AND s.record_external_id IS NULL),
  ('record_external_id', 'unknown_record', s.record_external_id,
    p.is_reached AND s.record_external_id IS NOT NULL AND p.record_id IS NULL),
  ('source', 'required', '', p.source IS NULL),
  ('value', 'required', '', p.value IS NULL),
  ('value', 'duplicate', p.first_alike::text, p.kind IS NOT NULL AND p.source IS NOT NULL
    AND p.value IS NOT NULL AND p.first_alike <> p.line),
  ('value', 'id_taken', '', p.record_id IS NOT NULL AND p.holder_id <> p.record_id)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
_CREATE = """
INSERT INTO accounts_externalref (id, kind, object_id, source, value)
SELECT row_id, kind, record_id, source, value FROM import_plan
WHERE target_id IS NULL ORDER BY row_id
"""
#: Its ids are part of what is read of a record: whoever asks what changed must be told.
_TOUCH = """
UPDATE {table} t SET updated_at = %(at)s
WHERE t.id IN (SELECT record_id FROM import_plan WHERE kind = '{kind}')
"""
_OWNER = "WHEN '{kind}' THEN (SELECT r.account_id FROM {table} r WHERE r.id = {ref}.object_id)"


def plan_external_ids(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    find_accounts(stage, "account_external_id")
    stage.run(_HOME)
    stage.run(_AT_HOME.format(reaches=stage.reaches("a"), which="s.kind IS NULL"))
    for kind in IdentifiedKind.values:
        of_kind = replace(stage, record_kind=kind)
        of_kind.run(_AT_HOME.format(reaches=stage.reaches("a"), which=f"s.kind = '{kind}'"))
    stage.run("ANALYZE import_home")
    if stage.is_writing:
        stage.one(_LOCK)
    find_contacts(replace(stage, record_kind=IdentifiedKind.CONTACT), _PEOPLE)
    stage.run(_RECORDS)
    reads = may_read(stage, "t", "a")
    for one, standing in _STANDING.items():
        made = "t" if one == IdentifiedKind.CONTRACT else "a"
        stage.run(
            _MORE_RECORDS.format(
                table=table_of(one),
                kind=one,
                standing=standing.format(reads=reads),
                number=number_in("s.record_external_id"),
                code=code_of("t", made),
            )
        )
    stage.run(_PLAN)
    stage.run(_CHECK)


def write_external_ids(stage: Stage) -> None:
    """Write what the plan holds."""
    stage.write(_CREATE, table="accounts_externalref", kind="created")
    for kind in IdentifiedKind.values:
        stage.run(_TOUCH.format(table=table_of(kind), kind=kind))


def table_of(kind: str) -> str:
    """Return where records of a kind are stored; kinds are named as their models."""
    return f"accounts_{kind}"


def account_of(ref: str) -> str:
    """Return the SQL id of the account of the record an id leads to."""
    others = " ".join(
        _OWNER.format(kind=kind, table=table_of(kind), ref=ref)
        for kind in IdentifiedKind.values
        if kind != IdentifiedKind.ACCOUNT
    )
    return f"CASE {ref}.kind WHEN 'account' THEN {ref}.object_id {others} END"
