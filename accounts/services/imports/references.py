"""Whom a row names: an account or a contact by own-system id, by our code, or by a name of one.

A word is looked up once, however many rows hold it. The own-system id comes first. Only words that
are none are looked up further, in this order; the first that finds anything counts: our code, the
id in another system (`hubspot:7` or `7` alone), of contacts the mail address, the formal or short
name as it is written, the name without company form, width and case. Several records under one word
are told with their number.
"""

from collections.abc import Callable

from accounts.domain.names import fold_for_search, name_key
from accounts.services.imports.bulk import derive
from accounts.services.imports.stage import Stage
from accounts.services.own_codes import code_of, number_in

_GIVEN = "SELECT line, '{column}', NULL::bigint, {column} FROM import_stage"
_ACCOUNTS = """
CREATE TEMP TABLE import_account_ref ON COMMIT DROP AS
SELECT w.word, coalesce(met.merged_into_id, met.id) AS id, 1::bigint AS matches
FROM (SELECT DISTINCT word FROM ({given}) AS g(line, column_key, account_id, word)
  WHERE word IS NOT NULL) AS w
LEFT JOIN accounts_account met ON met.external_id = w.word
"""
_OPEN = "SELECT EXISTS (SELECT FROM {table} WHERE id IS NULL{rows})"
_WORDS = "SELECT DISTINCT 0, word FROM {table} WHERE id IS NULL"
#: New accounts of the file are no words to be looked for among those there are.
_NOT_NEW = " AND NOT EXISTS (SELECT FROM import_stage n WHERE n.external_id = word)"
_SEARCH_ACCOUNTS = f"""
WITH open AS (
  SELECT word, k.name_key FROM import_account_ref r LEFT JOIN import_word k USING (word)
  WHERE r.id IS NULL{{rows}}
), known AS (
  SELECT o.word, e.object_id FROM open o
  JOIN accounts_externalref e ON e.kind = 'account' AND e.value = o.word
  UNION ALL
  SELECT o.word, e.object_id FROM open o
  JOIN accounts_externalref e ON e.kind = 'account' AND e.source = split_part(o.word, ':', 1)
   AND e.value = substr(o.word, strpos(o.word, ':') + 1)
), found AS (
  SELECT o.word, a.id, 1 AS place FROM open o JOIN accounts_account a
    ON a.id = {number_in("o.word")} AND {code_of("a")} = o.word
  UNION ALL
  SELECT k.word, a.id, 2 FROM known k JOIN accounts_account met ON met.id = k.object_id
  JOIN accounts_account a ON a.id = coalesce(met.merged_into_id, met.id) AND {{reaches}}
  UNION ALL
  SELECT o.word, a.id, CASE WHEN o.word = a.name THEN 3 ELSE 4 END
  FROM open o JOIN accounts_account a ON a.name_key = o.name_key AND o.name_key <> ''
  WHERE a.merged_into_id IS NULL AND a.archived_at IS NULL AND {{reaches}}
  UNION ALL
  SELECT o.word, a.id, 3 FROM open o JOIN accounts_account a ON a.short_name = o.word
  WHERE a.merged_into_id IS NULL AND a.archived_at IS NULL AND {{reaches}}
), ranked AS (
  SELECT f.word, coalesce(a.merged_into_id, a.id) AS id, place, min(place) OVER (PARTITION BY word)
    AS first FROM found f JOIN accounts_account a ON a.id = f.id
), named AS (
  SELECT word, min(id) AS id, count(DISTINCT id) AS matches FROM ranked
  WHERE place = first GROUP BY word
)
UPDATE import_account_ref r SET matches = n.matches,
  id = CASE WHEN n.matches = 1 THEN n.id END
FROM named n WHERE n.word = r.word
"""  # noqa: S608
_CONTACTS = """
CREATE TEMP TABLE import_contact_ref ON COMMIT DROP AS
SELECT w.account_id, w.word, c.id, 1::bigint AS matches
FROM (SELECT DISTINCT account_id, word FROM ({given}) AS g(line, column_key, account_id, word)
  WHERE word IS NOT NULL) AS w
LEFT JOIN accounts_contact carried ON carried.external_id = w.word
LEFT JOIN accounts_contact c ON c.id = coalesce(carried.merged_into_id, carried.id)
  AND (w.account_id IS NULL OR c.account_id = w.account_id)
"""
#: The first line a contact is found by is the name, without the space between its parts.
_NAME = "replace(split_part(c.search_text, E'\\n', 1), ' ', '')"
_SEARCH_CONTACTS = f"""
WITH open AS (
  SELECT r.account_id, word, k.folded FROM import_contact_ref r
  LEFT JOIN import_word k USING (word) WHERE r.id IS NULL{{rows}}
), known AS (
  SELECT o.account_id, o.word, e.object_id FROM open o
  JOIN accounts_externalref e ON e.kind = 'contact' AND e.value = o.word
  UNION ALL
  SELECT o.account_id, o.word, e.object_id FROM open o
  JOIN accounts_externalref e ON e.kind = 'contact' AND e.source = split_part(o.word, ':', 1)
   AND e.value = substr(o.word, strpos(o.word, ':') + 1)
), found AS (
  SELECT o.account_id, o.word, c.id, CASE WHEN {code_of("c")} = o.word THEN 1
    WHEN lower(c.email) = lower(o.word) THEN 3 WHEN {_NAME} = o.folded THEN 4 END AS place
  FROM open o JOIN accounts_contact c ON c.account_id = o.account_id
   AND c.archived_at IS NULL AND c.merged_into_id IS NULL
  JOIN accounts_account a ON a.id = c.account_id AND {{reaches}}
  UNION ALL
  SELECT k.account_id, k.word, c.id, 2 FROM known k
  JOIN accounts_contact met ON met.id = k.object_id
  JOIN accounts_contact c ON c.id = coalesce(met.merged_into_id, met.id)
   AND c.account_id = coalesce(k.account_id, c.account_id) AND c.archived_at IS NULL
  JOIN accounts_account a ON a.id = c.account_id AND {{reaches}}
  UNION ALL
  SELECT NULL, o.word, c.id, 1 FROM open o JOIN accounts_contact c
    ON o.account_id IS NULL AND c.id = {number_in("o.word")} AND {code_of("c")} = o.word
), ranked AS (
  SELECT *, min(place) OVER (PARTITION BY account_id, word) AS first FROM found
  WHERE place IS NOT NULL
), named AS (
  SELECT account_id, word, min(id) AS id, count(DISTINCT id) AS matches FROM ranked
  WHERE place = first GROUP BY account_id, word
)
UPDATE import_contact_ref r SET matches = n.matches,
  id = CASE WHEN n.matches = 1 THEN n.id END
FROM named n WHERE n.word = r.word AND n.account_id IS NOT DISTINCT FROM r.account_id
"""  # noqa: S608
#: Told like a cell that can't be taken: what else is said of its column follows only from that.
_AMBIGUOUS = """
INSERT INTO import_fault (line, column_key, code, hint, is_of_cell)
SELECT g.line, g.column_key, '{code}', r.word || ': ' || r.matches, true
FROM ({given}) AS g(line, column_key, account_id, word) JOIN {table} r ON r.word = g.word
WHERE r.matches > 1{same}
"""
_SAME_ACCOUNT = " AND r.account_id IS NOT DISTINCT FROM g.account_id"
_OWN = """
CREATE TEMP TABLE import_own ON COMMIT DROP AS
SELECT DISTINCT s.{column} AS word, t.id FROM import_stage s
JOIN {table} t ON t.id = {number} AND t.external_id IS NULL AND {standing}
JOIN {holder} made ON made.id = t.{key} AND {code} = s.{column}
WHERE s.{column} LIKE 'yorisoi-%%'
"""


def find_accounts(stage: Stage, *columns: str, may_be_new: bool = False) -> None:
    """Fill `import_account_ref` (word, id) with the accounts that columns of the stage name.

    :param may_be_new: accounts may be rows of this very file, which count before names.
    """
    given = " UNION ALL ".join(_GIVEN.format(column=column) for column in columns)
    stage.run(_ACCOUNTS.format(given=given))
    stage.run("ANALYZE import_account_ref")
    rows = _NOT_NEW if may_be_new else ""
    if stage.is_exact or not stage.one(_OPEN.format(table="import_account_ref", rows=rows))[0]:
        return
    _fold_words("import_account_ref", "name_key", name_key)
    stage.run(_SEARCH_ACCOUNTS.format(rows=rows, reaches=stage.reaches("a")))
    stage.run("DROP TABLE import_word")
    _tell_ambiguous(stage, given, code="ambiguous_account", table="import_account_ref")


def find_contacts(stage: Stage, given: str, *, new: str = "") -> None:
    """Fill `import_contact_ref` (account_id, word, id) with the people that rows name.

    :param given: SELECT of line, column, account (NULL where only the person is named) and word.
    :param new: SQL condition on `word` that it is another row of the file.
    """
    stage.run(_CONTACTS.format(given=given))
    stage.run("ANALYZE import_contact_ref")
    rows = f" AND NOT ({new})" if new else ""
    if stage.is_exact or not stage.one(_OPEN.format(table="import_contact_ref", rows=rows))[0]:
        return
    _fold_words("import_contact_ref", "folded", _unspaced)
    stage.run(_SEARCH_CONTACTS.format(rows=rows, reaches=stage.reaches("a")))
    stage.run("DROP TABLE import_word")
    _tell_ambiguous(stage, given, code="ambiguous_contact", table="import_contact_ref")


def find_own(
    stage: Stage,
    *,
    table: str,
    column: str = "external_id",
    holder: str = "",
    key: str = "id",
    standing: str = "true",
) -> None:
    """Fill `import_own` (word, id) with the records that rows name by our code.

    :param column: of the stage, which names them.
    :param holder: the table whose `created_at` the code holds, `key` the column that leads there.
    :param standing: SQL condition on a record `t` that may be named.
    """
    code = code_of("t", "made")
    stage.run(
        _OWN.format(
            table=table,
            standing=standing,
            column=column,
            number=number_in(f"s.{column}"),
            holder=holder or table,
            key=key,
            code=code,
        )
    )
    stage.run("ANALYZE import_own")


def _fold_words(table: str, column: str, fold: Callable[[str], str]) -> None:
    """Fill `import_word` with what Python makes of the words that are not found yet."""
    derive(
        source=_WORDS.format(table=table),
        table="import_word",
        columns=["word text", f"{column} text"],
        make=lambda texts: (texts[0], fold(texts[0])),
    )


def _unspaced(word: str) -> str:
    return fold_for_search(word).replace(" ", "")


def _tell_ambiguous(stage: Stage, given: str, *, code: str, table: str) -> None:
    same = "" if table == "import_account_ref" else _SAME_ACCOUNT
    stage.run(_AMBIGUOUS.format(given=given, code=code, table=table, same=same))
