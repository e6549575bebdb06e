"""Whose record a row is: the account, and the people it names, for every kind that has them.

`import_parent` holds for each right row the account of its file or of the record it is about,
whether the user reaches it, and the contact it names.
"""

from accounts.services.imports.references import find_accounts, find_contacts, find_own
from accounts.services.imports.stage import Stage

_PARENT = """
CREATE TEMP TABLE {name} ON COMMIT DROP AS
SELECT s.line, coalesce(known.id, coded.id) AS target_id, named.id AS account_given,
  a.id AS account_id, coalesce({reaches}, false) AS is_reached,
  coalesce(a.archived_at IS NOT NULL, false) AS is_account_archived,
  coalesce(twice.first_line, s.line) AS first_line
FROM import_stage s
LEFT JOIN import_account_ref ref ON ref.word = s.account_external_id
LEFT JOIN accounts_account named ON named.id = ref.id
LEFT JOIN import_own own ON own.word = s.external_id
LEFT JOIN {table} coded ON coded.id = own.id
LEFT JOIN LATERAL ({known}) known ON true
LEFT JOIN accounts_account a ON a.id = coalesce(known.account_id, coded.account_id, named.id)
LEFT JOIN (
  SELECT external_id, min(line) AS first_line FROM import_stage
  WHERE faults IS NULL AND external_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
) twice ON {is_unique} AND twice.external_id = s.external_id
WHERE NOT s.is_ragged
"""
_WITHOUT = """
ALTER TABLE import_parent ADD COLUMN contact_given bigint, ADD COLUMN contact_named text,
  ADD COLUMN is_two boolean DEFAULT false
"""
_GIVEN = """
SELECT k.line, 'contact_external_id', k.account_id, s.contact_external_id
FROM import_home k JOIN import_stage s USING (line) WHERE k.is_reached
"""
_WITH_CONTACT = """
CREATE TEMP TABLE import_parent ON COMMIT DROP AS
SELECT k.*, coalesce(person.id, by_mail.id) AS contact_given,
  coalesce(s.contact_external_id, s.contact_email) AS contact_named,
  coalesce(person.id <> by_mail.id, false) AS is_two
FROM import_home k JOIN import_stage s USING (line)
LEFT JOIN import_contact_ref person ON person.account_id = k.account_id
 AND person.word = s.contact_external_id
LEFT JOIN accounts_contact by_mail ON by_mail.account_id = k.account_id AND by_mail.email <> ''
 AND lower(by_mail.email) = s.contact_email AND by_mail.archived_at IS NULL
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT k.line, f.column_key, f.code, f.hint
FROM import_parent k JOIN import_stage s USING (line) CROSS JOIN LATERAL (VALUES
  ('external_id', 'duplicate', k.first_line::text, k.first_line <> k.line),
  ('account_external_id', 'required', '',
    k.account_id IS NULL AND s.account_external_id IS NULL),
  ('account_external_id', 'unknown_account', s.account_external_id,
    s.account_external_id IS NOT NULL AND (k.account_given IS NULL OR NOT k.is_reached)),
  ('account_external_id', 'archived', '', k.is_reached AND k.is_account_archived),
  ('account_external_id', 'foreign', '', k.is_reached AND k.account_given <> k.account_id),
  ('external_id', 'not_found', '', s.account_external_id IS NULL AND k.target_id IS NOT NULL
    AND NOT k.is_reached),
  ('{contact_column}', 'unknown_contact', k.contact_named, k.is_reached
    AND k.contact_named IS NOT NULL AND k.contact_given IS NULL),
  ('{contact_column}', 'two_contacts', '', k.is_two)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
_REQUIRED = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT line, 'external_id', 'required', '' FROM import_stage
WHERE external_id IS NULL AND NOT is_ragged
"""
_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT account_id FROM import_parent)
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""


def find_parents(
    stage: Stage,
    *,
    table: str,
    known: str,
    has_contact: bool = False,
    is_id_needed: bool = True,
) -> None:
    """Fill `import_parent`, note whose account or person can't be used, and lock the accounts.

    :param table: where the records are stored.
    :param known: a SELECT of `id` and `account_id` of the record the stage row `s` is about, unless
        a code of ours says it.
    :param is_id_needed: every row has an own-system id, and no two the same.
    """
    find_accounts(stage, "account_external_id")
    standing = "t.retracted_at IS NULL"
    find_own(stage, table=table, holder="accounts_account", key="account_id", standing=standing)
    stage.run(
        _PARENT.format(
            name="import_home" if has_contact else "import_parent",
            table=table,
            reaches=stage.reaches("a"),
            known=known,
            is_unique=str(is_id_needed).lower(),
        )
    )
    if has_contact:
        find_contacts(stage, _GIVEN)
        stage.run(_WITH_CONTACT)
    else:
        stage.run(_WITHOUT)
    stage.run("CREATE INDEX ON import_parent (line)")
    stage.run("ANALYZE import_parent")
    if is_id_needed:
        stage.run(_REQUIRED)
    given = "contact_external_id" in stage.present
    column = "contact_external_id" if given else "contact_email"
    stage.run(_CHECK.format(contact_column=column))
    if stage.is_writing:
        stage.one(_LOCK)
