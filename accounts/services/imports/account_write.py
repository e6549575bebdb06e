"""Carry out a plan about accounts: columns, dated facts, roles, the contract behind an ARR."""

from accounts.domain.names import fold_for_search, name_key
from accounts.services.imports.account_plan import COMPARED, CONTRACTUAL, KNOWN_AS, ROLES
from accounts.services.imports.attributes import attribute_keys
from accounts.services.imports.bulk import (
    PHASE,
    STATUS,
    VALUES,
    derive,
    mark_touched,
    put_facts,
    refresh_figures,
    upsert,
)
from accounts.services.imports.bulk import ROLES as ROLE_FACTS
from accounts.services.imports.contract_write import write_contracts
from accounts.services.imports.stage import Stage

_NAMES = """
SELECT p.line, {names} FROM import_plan p JOIN accounts_account a ON a.id = p.target_id
WHERE ({stored}) IS DISTINCT FROM ({names})
"""
_ROWS = """
(SELECT p.*, p.old_attributes || p.new_attributes AS attributes,
   coalesce(d.name_key, a.name_key, p.made_key) AS name_key,
   coalesce(d.search_text, a.search_text, p.made_text) AS search_text
 FROM import_plan p LEFT JOIN import_derived d ON d.line = p.line
 LEFT JOIN accounts_account a ON a.id = p.target_id)
"""
#: Of accounts there are a file that does not name a column says nothing; new ones have it all.
_SINGLE = """
SELECT row_id AS account_id, {name}, {since} AS from_on FROM import_plan p WHERE {which}
"""
_TIERS = """
SELECT row_id AS account_id, v.key, v.value, {since} AS from_on
FROM import_plan p CROSS JOIN LATERAL (VALUES {pairs}) AS v(key, value)
WHERE {which} AND (v.value <> '""'{or_emptied})
"""
#: Never asked of new accounts, which have none: the plan would read the growing table for each.
_EMPTIED = """ OR EXISTS (
  SELECT FROM accounts_attributevalue h WHERE h.account_id = p.row_id AND h.key = v.key)
"""
_ATTRIBUTES = """
UNION ALL
SELECT row_id, v.key, v.value, {since}
FROM import_plan p, jsonb_each(p.new_attributes) AS v WHERE {which}
"""
_HELD = """
SELECT row_id AS account_id, r.role, r.user_id, %(day)s::date AS from_on
FROM import_plan p CROSS JOIN LATERAL (VALUES {pairs}) AS r(role, user_id)
WHERE r.user_id IS NOT NULL
"""
_STANDING = """
DELETE FROM import_contract c WHERE NOT c.is_changed
  OR NOT EXISTS (SELECT FROM import_plan p WHERE p.line = c.line)
"""
#: Columns whose past matters; their values are dated facts beside those of attributes.
VALUED = ("tier", "touch_model", "tracked", "churn_reason")
#: A file adds domains; taking one away is left to people.
_DOMAINS = """
INSERT INTO accounts_accountdomain (account_id, domain, is_verified)
SELECT p.row_id, d.domain, false
FROM import_plan p, string_to_table(p.domains, ';') WITH ORDINALITY AS d(domain, place)
ORDER BY p.row_id, d.place ON CONFLICT (domain, account_id) DO NOTHING
"""
_TODAY = "%(day)s::date"
_SINCE = "least(coalesce(p.customer_since_on, %(day)s), %(day)s)::date"
_TOUCHED = "SELECT row_id FROM import_plan"
_WITH_CONTRACTS = """
SELECT c.account_id FROM import_plan p JOIN accounts_contract c ON c.account_id = p.target_id
"""


def write_accounts(stage: Stage) -> None:
    """Write what the plan holds: accounts, their facts from today on, their worth."""
    _derive_names()
    upsert(
        stage,
        table="accounts_account",
        plan=_ROWS,
        columns=("external_id", *COMPARED, "attributes", "name_key", "search_text"),
        of_new={"arr": "0", "mrr": "0"},
    )
    _put_dated(stage)
    if "domains" in stage.present:
        stage.write(_DOMAINS, table="accounts_accountdomain", kind="created")
    if {*ROLES} & stage.present:
        pairs = ", ".join(f"('{name}', p.{name}_id)" for name in ROLES)
        put_facts(stage, ROLE_FACTS, wanted=_HELD.format(pairs=pairs))
    if CONTRACTUAL & stage.present:
        stage.run(_STANDING)
        write_contracts(stage, plan="import_contract")
        refresh_figures(stage, touched="SELECT account_id FROM import_contract")
    if "status" in stage.present:
        refresh_figures(stage, touched=_WITH_CONTRACTS)
    mark_touched(stage, touched=_TOUCHED)


def _put_dated(stage: Stage) -> None:
    """Record what holds from today; of a new account it may be declared since it is a customer."""
    known, new = "p.target_id IS NOT NULL", "p.target_id IS NULL"
    since = _SINCE if stage.is_declared else _TODAY
    active = f"CASE WHEN p.status = 'active' THEN {since} ELSE {_TODAY} END"
    for facts, name, first in ((STATUS, "status", active), (PHASE, "phase", since)):
        named = known if name in stage.present else "false"
        put_facts(
            stage,
            facts,
            wanted=_SINGLE.format(name=name, since=_TODAY, which=named),
            of_new=_SINGLE.format(name=name, since=first, which=new),
        )
    pairs = ", ".join(f"('{name}', to_jsonb(p.{name}))" for name in VALUED)
    values = _TIERS + (_ATTRIBUTES if attribute_keys(stage.present) else "")
    put_facts(
        stage,
        VALUES,
        wanted=values.format(pairs=pairs, since=_TODAY, which=known, or_emptied=_EMPTIED),
        of_new=values.format(pairs=pairs, since=since, which=new, or_emptied=""),
    )


def _derive_names() -> None:
    """Fold what changed of accounts there are; of new ones the stage holds it folded."""
    names = ", ".join(f"p.{name}" for name in KNOWN_AS)
    stored = ", ".join(f"a.{name}" for name in KNOWN_AS)
    derive(
        source=_NAMES.format(names=names, stored=stored),
        table="import_derived",
        columns=["name_key text", "search_text text"],
        make=_known_as,
    )


def _known_as(texts: list[str]) -> tuple[str, str]:
    """Equal to what `accounts.services.accounts` derives from one account."""
    return name_key(texts[0]), "\n".join(fold_for_search(text) for text in texts if text)


_FOUND_BY = """
SELECT a.id, {names} FROM accounts_account a JOIN undo_todo u
  ON u.tab = 'accounts_account' AND u.kind = 'updated' AND u.id = a.id
"""
_REFOLD = """
UPDATE accounts_account a SET search_text = d.search_text, name_key = d.name_key
FROM undo_derived d WHERE d.line = a.id
"""


def refold_accounts(stage: Stage) -> None:
    """Fold the names of restored accounts anew."""
    derive(
        source=_FOUND_BY.format(names=", ".join(f"a.{name}" for name in KNOWN_AS)),
        table="undo_derived",
        columns=["name_key text", "search_text text"],
        make=_known_as,
    )
    stage.run(_REFOLD)
    stage.run("DROP TABLE undo_derived")
