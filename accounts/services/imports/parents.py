"""Whose record a row is: the account, and the people it names, for every kind that has them.

`import_parent` holds for each right row the account of its file or of the record it is about,
whether the user reaches it, and the contact it names by own-system id or mail address.
"""

from accounts.services.imports.stage import Stage

_NO_CONTACT = "NULL::bigint AS contact_given, NULL::text AS contact_named, false AS is_two"
_CONTACT = """
  coalesce(person.id, by_mail.id) AS contact_given,
  coalesce(s.contact_external_id, s.contact_email) AS contact_named,
  coalesce(person.id <> by_mail.id, false) AS is_two"""
_JOINS = """
LEFT JOIN accounts_contact carried ON carried.external_id = s.contact_external_id
LEFT JOIN accounts_contact person ON person.id = coalesce(carried.merged_into_id, carried.id)
 AND person.account_id = a.id
LEFT JOIN accounts_contact by_mail ON by_mail.account_id = a.id AND by_mail.email <> ''
 AND lower(by_mail.email) = s.contact_email AND by_mail.archived_at IS NULL
"""
_PARENT = """
CREATE TEMP TABLE import_parent ON COMMIT DROP AS
SELECT s.line, known.id AS target_id, named.id AS account_given, a.id AS account_id,
  coalesce({reaches}, false) AS is_reached,
  coalesce(a.archived_at IS NOT NULL, false) AS is_account_archived,
  coalesce(twice.first_line, s.line) AS first_line, {contact}
FROM import_stage s
LEFT JOIN accounts_account met ON met.external_id = s.account_external_id
LEFT JOIN accounts_account named ON named.id = coalesce(met.merged_into_id, met.id)
LEFT JOIN LATERAL ({known}) known ON true
LEFT JOIN accounts_account a ON a.id = coalesce(known.account_id, named.id)
LEFT JOIN (
  SELECT {identity}, min(line) AS first_line FROM import_stage
  WHERE faults IS NULL AND {identified} GROUP BY {identity} HAVING count(*) > 1
) twice ON {twice}
{joins}
WHERE NOT s.is_ragged
"""
_CHECK = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT k.line, f.column_key, f.code, f.hint
FROM import_parent k JOIN import_stage s USING (line) CROSS JOIN LATERAL (VALUES
  ('{id}', 'duplicate', k.first_line::text, k.first_line <> k.line),
  ('account_external_id', 'required', '',
    k.account_id IS NULL AND s.account_external_id IS NULL),
  ('account_external_id', 'unknown_account', s.account_external_id,
    s.account_external_id IS NOT NULL AND (k.account_given IS NULL OR NOT k.is_reached)),
  ('account_external_id', 'archived', '', k.is_reached AND k.is_account_archived),
  ('account_external_id', 'foreign', '', k.is_reached AND k.account_given <> k.account_id),
  ('{id}', 'not_found', '', s.account_external_id IS NULL AND k.target_id IS NOT NULL
    AND NOT k.is_reached),
  ('{contact_column}', 'unknown_contact', k.contact_named, k.is_reached
    AND k.contact_named IS NOT NULL AND k.contact_given IS NULL),
  ('{contact_column}', 'two_contacts', '', k.is_two)
) AS f(column_key, code, hint, is_wrong) WHERE f.is_wrong
"""
_REQUIRED = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT line, '{id}', 'required', '' FROM import_stage WHERE {id} IS NULL AND NOT is_ragged
"""
_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT account_id FROM import_parent)
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""


def find_parents(
    stage: Stage,
    *,
    known: str,
    identity: tuple[str, ...] = ("external_id",),
    has_contact: bool = False,
    is_id_required: bool = True,
) -> None:
    """Fill `import_parent`, note whose account or person can't be used, and lock the accounts.

    :param known: a SELECT of `id` and `account_id` of the record the stage row `s` is about.
    :param identity: the columns that two rows of one file must not share.
    """
    identified = " AND ".join(f"{name} IS NOT NULL" for name in identity)
    stage.run(
        _PARENT.format(
            reaches=stage.reaches("a"),
            known=known,
            identity=", ".join(identity),
            identified=identified,
            twice=" AND ".join(f"twice.{name} = s.{name}" for name in identity),
            contact=_CONTACT if has_contact else _NO_CONTACT,
            joins=_JOINS if has_contact else "",
        )
    )
    stage.run("CREATE INDEX ON import_parent (line)")
    stage.run("ANALYZE import_parent")
    if is_id_required:
        stage.run(_REQUIRED.format(id=identity[-1]))
    given = "contact_external_id" in stage.present
    column = "contact_external_id" if given else "contact_email"
    stage.run(_CHECK.format(id=identity[-1], contact_column=column))
    if stage.is_writing:
        stage.one(_LOCK)
