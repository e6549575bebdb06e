"""What a file of accounts would do: which rows are new, changed or wrong, in a dozen statements."""

from accounts.choices import AccountRoleKind
from accounts.services.hierarchy import hold_tree
from accounts.services.imports.attributes import attribute_keys, attributes_sql
from accounts.services.imports.checks import Check, note_faults
from accounts.services.imports.contract_plan import plan_contracts
from accounts.services.imports.references import find_accounts, find_own
from accounts.services.imports.stage import Stage

#: Plain columns of the file that are columns of the account; the default of a new account.
PLAIN = {
    "name": "''",
    "short_name": "''",
    "name_kana": "''",
    "name_latin": "''",
    "kind": "'customer'",
    "language": "'ja'",
    "corporate_number": "''",
    "country": "'JP'",
    "fiscal_year_end_month": "NULL",
    "budget_month": "NULL",
    "tracked": "false",
    "customer_since_on": "NULL",
    "live_on": "NULL",
    "currency": "(SELECT coalesce(min(currency), 'JPY') FROM accounts_organisation)",
    "status": "'active'",
    "phase": "'adoption'",
    "tier": "'c'",
    "touch_model": "'tech'",
}
LINKS = ("parent", "sold_via", "billed_via")
ROLES = tuple(AccountRoleKind.values)
#: What a search finds an account by; the stage holds each folded, as `<name>_folded`.
KNOWN_AS = ("name", "short_name", "name_kana", "name_latin", "external_id")
COMPARED = (*PLAIN, "churn_reason", "churned_on", "team_id", *(f"{name}_id" for name in LINKS))

_LOCK = """
SELECT count(*) FROM (SELECT a.id FROM accounts_account a
  WHERE a.id IN (SELECT coalesce(met.merged_into_id, met.id) FROM accounts_account met
    WHERE met.external_id IN (SELECT external_id FROM import_stage)
    UNION ALL SELECT id FROM import_own)
  ORDER BY a.id FOR NO KEY UPDATE) AS locked
"""
#: One row a line: the account it means, the id it has or will have, the first line that means it.
#: The id of an account that was merged leads to the one that stayed, whose own row comes first.
_KEYS = """
CREATE TEMP TABLE import_key ON COMMIT DROP AS
WITH found AS MATERIALIZED (
  SELECT s.line, s.external_id, s.faults IS NULL AS is_clean, a.id AS target_id,
    coalesce(met.id <> a.id, false) AS is_merged,
    CASE WHEN a.id IS NULL THEN s.external_id END AS new_id
  FROM import_stage s LEFT JOIN accounts_account met ON met.external_id = s.external_id
  LEFT JOIN import_own own ON own.word = s.external_id
  LEFT JOIN accounts_account a ON a.id = coalesce(met.merged_into_id, met.id, own.id)
  WHERE NOT s.is_ragged AND s.external_id IS NOT NULL
)
SELECT f.line, f.external_id, f.target_id,
  coalesce(known.first_line, new.first_line, f.line) AS first_line,
  CASE WHEN f.target_id IS NOT NULL THEN f.target_id
       WHEN %(is_writing)s THEN nextval(pg_get_serial_sequence('accounts_account', 'id'))
       ELSE -f.line END AS row_id
FROM found f
LEFT JOIN (SELECT target_id, (array_agg(line ORDER BY is_merged, line))[1] AS first_line
  FROM found WHERE is_clean AND target_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
) AS known ON known.target_id = f.target_id
LEFT JOIN (SELECT new_id, min(line) AS first_line FROM found
  WHERE is_clean AND new_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
) AS new ON new.new_id = f.new_id
ORDER BY f.line
"""
_PLAN = """
CREATE TEMP TABLE import_plan ON COMMIT DROP AS
SELECT m.*, ({compared}) IS DISTINCT FROM ({stored})
  OR NOT m.old_attributes @> m.new_attributes OR {roles_changed} OR m.adds_domains AS is_changed
FROM (
SELECT k.line, k.external_id AS named_id, k.first_line, k.target_id, k.row_id,
  CASE WHEN k.target_id IS NULL THEN k.external_id ELSE a.external_id END AS external_id,
  a.archived_at IS NOT NULL AS is_archived,
  k.target_id IS NULL OR {reaches} AS is_reached,
  {plain},
  CASE WHEN {status} = 'churned' THEN coalesce(s.churn_reason, a.churn_reason, '') ELSE ''
    END AS churn_reason,
  CASE WHEN {status} <> 'churned' THEN NULL
       WHEN a.status = 'churned' THEN a.churned_on ELSE %(day)s::date END AS churned_on,
  s.team, team.matches AS team_matches, coalesce(team.id, a.team_id, %(default_team)s) AS team_id,
  {links},
  {roles},
  s.domains, coalesce(EXISTS (
    SELECT FROM string_to_table(s.domains, ';') AS d(domain) WHERE NOT EXISTS (
      SELECT FROM accounts_accountdomain o
      WHERE o.account_id = k.target_id AND o.domain = d.domain)), false) AS adds_domains,
  s.name_key AS made_key, {known_as} AS made_text,
  {attributes} AS new_attributes,
  coalesce(a.attributes, '{{}}'::jsonb) AS old_attributes,
  a.parent_id AS parent_was,
  s.arr, s.seats, s.contract_starts_on, s.contract_ends_on, s.currency AS contract_currency
FROM import_key k JOIN import_stage s ON s.line = k.line
LEFT JOIN accounts_account a ON a.id = k.target_id
LEFT JOIN (
  SELECT word, min(id) AS id, count(*) AS matches FROM (
    SELECT name AS word, id FROM accounts_team UNION
    SELECT name_en, id FROM accounts_team WHERE name_en <> '') AS words
  WHERE %(everything)s OR id = ANY(%(teams)s::bigint[]) GROUP BY word
) AS team ON team.word = s.team
{joins}
) AS m LEFT JOIN accounts_account a ON a.id = m.target_id
"""
_LINK = """
LEFT JOIN LATERAL (
  SELECT l.id FROM import_account_ref r JOIN accounts_account l ON l.id = r.id
  WHERE r.word = s.{name}_external_id AND l.archived_at IS NULL AND {reaches}
  UNION ALL
  SELECT n.row_id FROM import_key n
  WHERE n.external_id = s.{name}_external_id AND n.target_id IS NULL AND n.line = n.first_line
  LIMIT 1
) AS {name} ON s.{name}_external_id IS NOT NULL
"""
_ROLE = """
LEFT JOIN (SELECT lower(email) AS email, min(id) AS id FROM accounts_user WHERE is_active
  GROUP BY 1) AS {name}_user ON {name}_user.email = s.{name}
LEFT JOIN accounts_accountrole {name}_held ON {name}_held.account_id = k.target_id
 AND {name}_held.role = '{name}' AND {name}_held.retracted_at IS NULL
 AND {name}_held.starts_on <= %(day)s
 AND ({name}_held.ends_on IS NULL OR {name}_held.ends_on > %(day)s)
"""
CHECKS = (
    Check("external_id", "duplicate", "p.first_line <> p.line", "p.first_line::text"),
    Check("external_id", "not_found", "NOT p.is_reached"),
    Check("external_id", "archived", "p.is_archived AND p.is_reached"),
    Check("name", "required", "p.name = ''"),
    Check("team", "unknown_team", "p.team IS NOT NULL AND p.team_matches IS NULL", "p.team"),
    Check("team", "ambiguous_team", "p.team_matches > 1", "p.team"),
    Check("team", "required", "p.team IS NULL AND p.team_id IS NULL"),
)
_NAMELESS = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT line, 'external_id', 'required', '' FROM import_stage
WHERE external_id IS NULL AND NOT is_ragged
"""
#: A row below a new account that is refused is refused with it, and so on down.
_ORPHANS = """
WITH RECURSIVE refused(external_id) AS (
  SELECT k.external_id FROM import_key k JOIN import_fault f ON f.line = k.line
  WHERE k.target_id IS NULL AND k.line = k.first_line
  UNION
  SELECT k.external_id FROM refused r
  JOIN import_stage s ON r.external_id IN ({named}) JOIN import_key k ON k.line = s.line
  WHERE k.target_id IS NULL AND k.line = k.first_line
)
INSERT INTO import_fault (line, column_key, code, hint)
SELECT s.line, r.name || '_external_id', 'refused_account', r.external_id
FROM import_stage s JOIN import_key k ON k.line = s.line
CROSS JOIN LATERAL (VALUES {pairs}) AS r(name, external_id)
WHERE r.external_id IN (SELECT external_id FROM refused)
"""
#: Follow the parents as they would stand with the file's good rows; who comes back to itself is
#: in a circle. A refused row keeps its parent, which may close another one: look again.
_CIRCLES = """
WITH RECURSIVE proposed AS (
  SELECT p.row_id, p.parent_id, p.parent_was, p.line FROM import_plan p
  WHERE NOT EXISTS (SELECT FROM import_fault f WHERE f.line = p.line)
), up(start, above) AS (
  SELECT row_id, parent_id FROM proposed
  WHERE parent_id IS NOT NULL AND parent_id IS DISTINCT FROM parent_was
  UNION
  SELECT u.start, coalesce(p.parent_id, a.parent_id) FROM up u
  LEFT JOIN proposed p ON p.row_id = u.above
  LEFT JOIN accounts_account a ON a.id = u.above AND p.row_id IS NULL
  WHERE u.above <> u.start AND coalesce(p.parent_id, a.parent_id) IS NOT NULL
)
INSERT INTO import_fault (line, column_key, code, hint)
SELECT DISTINCT p.line, 'parent_external_id', 'cyclic', '' FROM up u
JOIN proposed p ON p.row_id = u.start WHERE u.above = u.start
"""


#: Columns that speak of the contract behind the account's ARR.
CONTRACTUAL = frozenset({"arr", "seats", "contract_starts_on", "contract_ends_on"})
_WORTH_COLUMNS = {
    "external_id": "external_id",
    "account_external_id": "external_id",
    "arr": "arr",
    "no_arr": "needs_arr",
    "terms_on": "contract_starts_on",
    "starts_on": "contract_starts_on",
    "ends_on": "contract_ends_on",
}
_WORTH = """
CREATE TEMP TABLE import_worth ON COMMIT DROP AS
SELECT p.line, NULL::jsonb AS faults, 'account:' || p.named_id AS external_id,
  p.named_id AS account_external_id,
  p.row_id AS account_id, c.id AS contract_id, true AS is_reached, false AS is_account_archived,
  NULL::text AS product, NULL::text AS kind, coalesce(p.contract_currency, p.currency) AS currency,
  p.contract_starts_on AS starts_on, coalesce(p.customer_since_on, %(day)s::date) AS starts_default,
  p.contract_ends_on AS ends_on, NULL::int AS notice_months, NULL::boolean AS auto_renews,
  NULL::boolean AS is_public_yearly, NULL::int AS payment_days,
  NULL::smallint[] AS payment_terms,
  NULL::date AS notice_received_on, NULL::text AS forecast, NULL::text AS approval_state,
  p.arr, p.seats, NULL::date AS terms_on
FROM import_plan p LEFT JOIN accounts_contract c ON c.external_id = 'account:' || p.named_id
WHERE coalesce(p.arr::text, p.seats::text, p.contract_starts_on::text, p.contract_ends_on::text)
  IS NOT NULL AND p.line = p.first_line
"""
_SEVERAL = """
INSERT INTO import_fault (line, column_key, code, hint)
SELECT p.line, 'arr', CASE WHEN length(p.external_id) > 128 THEN 'long_id' ELSE 'has_contracts' END,
  '' FROM import_contract p
WHERE length(p.external_id) > 128 OR p.target_id IS NULL AND EXISTS (
  SELECT FROM accounts_contract c WHERE c.account_id = p.account_id AND c.archived_at IS NULL
  AND (c.ends_on IS NULL OR c.ends_on >= %(day)s OR c.auto_renews))
"""
_WORTH_CHANGED = """
UPDATE import_plan p SET is_changed = true FROM import_contract c
WHERE c.line = p.line AND c.is_changed AND NOT p.is_changed
"""


def plan_accounts(stage: Stage) -> None:
    """Fill `import_plan` and note the faults; rows that are wrong are not taken out yet."""
    links = [name for name in LINKS if f"{name}_external_id" in stage.present]
    find_own(stage, table="accounts_account")
    if links:
        find_accounts(stage, *(f"{name}_external_id" for name in links), may_be_new=True)
        stage.run("CREATE INDEX ON import_account_ref (word)")
    if stage.is_writing:
        if "parent_external_id" in stage.present:
            hold_tree("accounts_account")
        stage.one(_LOCK)
    stage.run(_KEYS)
    if links:
        stage.run("CREATE INDEX ON import_key (external_id)")
    stage.run("ANALYZE import_key")
    stage.run(_plan_sql(stage))
    stage.run(_NAMELESS)
    note_faults(stage, [*CHECKS, *_named_checks()])
    if CONTRACTUAL & stage.present:
        _plan_worth(stage)
    if links:
        named = ", ".join(f"s.{name}_external_id" for name in links)
        pairs = ", ".join(f"('{name}', s.{name}_external_id)" for name in links)
        stage.run(_ORPHANS.format(named=named, pairs=pairs))
    if "parent_external_id" in stage.present:
        while stage.run(_CIRCLES):
            pass


def _plan_worth(stage: Stage) -> None:
    """An ARR in a file of accounts is a contract of its own, the only one the account has."""
    stage.run(_WORTH)
    plan_contracts(stage, source="import_worth", plan="import_contract", names=_WORTH_COLUMNS)
    stage.run(_SEVERAL)
    stage.run(_WORTH_CHANGED)


def _plan_sql(stage: Stage) -> str:
    plain = [f"{stage.merged(name, f'a.{name}', new)} AS {name}" for name, new in PLAIN.items()]
    links = [_link(stage, name) for name in LINKS]
    roles = [_role(stage, name) for name in ROLES]
    joins = [join for _columns, join in (*links, *roles)]
    changes = [f"coalesce(m.{name}_id <> coalesce(m.{name}_was, 0), false)" for name in ROLES]
    return _PLAN.format(
        compared=", ".join(f"m.{name}" for name in COMPARED),
        stored=", ".join(f"a.{name}" for name in COMPARED),
        roles_changed=" OR ".join(changes),
        reaches=stage.reaches("a"),
        plain=", ".join(plain),
        status=stage.merged("status", "a.status", "'active'"),
        links=", ".join(columns for columns, _join in links),
        roles=", ".join(columns for columns, _join in roles),
        known_as=f"concat_ws(E'\\n', {', '.join(f's.{name}_folded' for name in KNOWN_AS)})",
        attributes=attributes_sql(attribute_keys(stage.present)),
        joins="".join(joins),
    )


def _link(stage: Stage, name: str) -> tuple[str, str]:
    """Return columns and join that find the account a row names; nothing is joined in vain."""
    if f"{name}_external_id" not in stage.present:
        return f"NULL::text AS {name}, a.{name}_id AS {name}_id", ""
    given = f"s.{name}_external_id"
    kept = "NULL" if f"{name}_external_id" in stage.cleared else f"a.{name}_id"
    found = f"CASE WHEN {given} IS NULL THEN {kept} ELSE {name}.id END"
    columns = f"{given} AS {name}, {found} AS {name}_id"
    return columns, _LINK.format(name=name, reaches=stage.reaches("l"))


def _role(stage: Stage, name: str) -> tuple[str, str]:
    """Return columns and join that find who is named and who holds the role today."""
    if name not in stage.present:
        return f"NULL::text AS {name}, NULL::bigint AS {name}_id, NULL::bigint AS {name}_was", ""
    columns = f"s.{name}, {name}_user.id AS {name}_id, {name}_held.user_id AS {name}_was"
    return columns, _ROLE.format(name=name)


def _named_checks() -> list[Check]:
    """Return the checks that whoever a row names was found."""
    named = [(name, f"{name}_external_id", "unknown_account") for name in LINKS]
    named += [(name, name, "unknown_user") for name in ROLES]
    return [
        Check(column, code, f"p.{name} IS NOT NULL AND p.{name}_id IS NULL", f"p.{name}")
        for name, column, code in named
    ]
