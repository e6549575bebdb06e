"""The customer record in the shape the kinds of imports read: one statement a kind of file.

Columns are the stable keys of the importers, values are stored ones. A record that has no id of
its own system gets a code of ours, so that the files point at each other. A column without a day
beside it says what holds today, as the import takes it: what is planned stands in the tables.
"""

from psycopg import sql

from accounts.choices import AccountRoleKind
from accounts.models import AttributeDefinition
from accounts.services.imports.contract_plan import terms_text
from accounts.services.own_codes import id_or_code

LIVE = "a.archived_at IS NULL AND a.merged_into_id IS NULL"
LIVE_CONTACT = (
    "c.archived_at IS NULL AND c.merged_into_id IS NULL"
    " AND (c.family_name <> '' OR c.given_name <> '' OR c.email <> '' OR c.external_id <> '')"
)
_NEAR = "x.account_id = c.account_id AND " + LIVE_CONTACT.replace("c.", "x.")
ACCOUNT_ID, CONTACT_ID = id_or_code("a"), id_or_code("c")
_TODAY = (
    "(SELECT (app_now() AT TIME ZONE"
    " coalesce((SELECT min(time_zone) FROM accounts_organisation), 'UTC'))::date)"
)


def _holding(fact: str) -> str:
    """Keep dated facts that hold today where the organisation is."""
    return (
        f"{fact}.retracted_at IS NULL AND {fact}.starts_on <= {_TODAY}"
        f" AND ({fact}.ends_on IS NULL OR {fact}.ends_on > {_TODAY})"
    )


_HOLDS = f"""
(SELECT u.email FROM accounts_accountrole r JOIN accounts_user u ON u.id = r.user_id
 WHERE r.account_id = a.id AND r.role = '{{0}}' AND {_holding("r")} AND u.is_active) AS {{0}}
"""  # noqa: S608
_LINK = (
    "(SELECT {id} FROM accounts_account l WHERE l.id = a.{name}_id"
    " AND l.archived_at IS NULL AND l.merged_into_id IS NULL) AS {name}_external_id"
)
_ACCOUNTS = f"""
SELECT {ACCOUNT_ID} AS external_id, a.name, a.short_name, a.name_kana, a.name_latin, a.kind,
  a.language, a.corporate_number, a.country, a.currency, a.fiscal_year_end_month, a.budget_month,
  a.tracked, t.name AS team, {{links}}, (SELECT string_agg(d.domain, ';' ORDER BY d.domain)
    FROM accounts_accountdomain d WHERE d.account_id = a.id) AS domains,
  a.status, a.phase, a.tier, a.touch_model, a.churn_reason, a.customer_since_on, a.live_on,
  {{roles}}{{attributes}}
FROM accounts_account a JOIN accounts_team t ON t.id = a.team_id
WHERE {LIVE} ORDER BY a.id
"""  # noqa: S608
_CONTACTS = f"""
SELECT {ACCOUNT_ID} AS account_external_id, {CONTACT_ID} AS external_id,
  c.family_name, c.given_name, c.family_kana, c.given_kana, c.family_name_latin,
  c.given_name_latin, c.email, c.phone, c.department, c.title, c.language, c.state, c.state_on,
  c.in_post_since_on, c.approach, c.message, c.is_ghost,
  (SELECT {id_or_code("x")} FROM accounts_contact x WHERE x.id = c.successor_id AND {_NEAR})
    AS successor_external_id,
  (SELECT {id_or_code("x")} FROM accounts_stakeholderrelation r
   JOIN accounts_contact x ON x.id = r.to_contact_id
   WHERE r.from_contact_id = c.id AND r.kind = 'reports_to' AND {_holding("r")}
     AND {_NEAR}) AS reports_to_external_id
FROM accounts_contact c JOIN accounts_account a ON a.id = c.account_id
WHERE {LIVE} AND {LIVE_CONTACT} ORDER BY c.id
"""  # noqa: S608
#: An amount agreed for after the end of a contract never holds; no contract could take it in.
_COMES = "(t.starts_on <= c.ends_on OR c.ends_on IS NULL OR c.auto_renews)"
_CONTRACTS = f"""
SELECT {id_or_code("c")} AS external_id, {ACCOUNT_ID} AS account_external_id,
  c.product, c.kind, c.currency, c.starts_on, c.ends_on, c.notice_months, c.auto_renews,
  c.is_public_yearly, c.payment_days, {terms_text("c")} AS payment_terms, c.notice_received_on,
  c.forecast, c.approval_state,
  t.arr, t.seats, t.starts_on AS terms_on
FROM accounts_contract c JOIN accounts_account a ON a.id = c.account_id
LEFT JOIN LATERAL (
  SELECT arr, seats, starts_on FROM accounts_contractterm t
  WHERE t.contract_id = c.id AND t.retracted_at IS NULL AND {_COMES}
  ORDER BY t.starts_on DESC LIMIT 1) t ON true
WHERE {LIVE} AND c.archived_at IS NULL ORDER BY c.id
"""  # noqa: S608
TERMS = f"""
SELECT {id_or_code("c")} AS contract_external_id, t.starts_on, t.arr, t.seats, t.reason
FROM accounts_contractterm t JOIN accounts_contract c ON c.id = t.contract_id
JOIN accounts_account a ON a.id = c.account_id
WHERE {LIVE} AND c.archived_at IS NULL AND t.retracted_at IS NULL AND {_COMES}
ORDER BY c.id, t.starts_on
"""  # noqa: S608
#: Of a part that ended and began anew the newer one; of who plays none, how they stand to us.
_STAKEHOLDERS = f"""
SELECT {ACCOUNT_ID} AS account_external_id, {CONTACT_ID} AS contact_external_id,
  r.role, r.starts_on, r.ends_on, r.confirmed_on, s.stance, s.influence, s.strength,
  {{lines}}
FROM accounts_contact c JOIN accounts_account a ON a.id = c.account_id
LEFT JOIN (
  SELECT DISTINCT ON (contact_id, role) * FROM accounts_stakeholderrole
  WHERE retracted_at IS NULL ORDER BY contact_id, role, starts_on DESC
) r ON r.contact_id = c.id
LEFT JOIN accounts_contactstanding s ON s.contact_id = c.id AND {_holding("s")}
  AND s.stance || s.influence || s.strength <> ''
WHERE {LIVE} AND {LIVE_CONTACT} AND (r.id IS NOT NULL OR s.id IS NOT NULL OR EXISTS (
  SELECT FROM accounts_stakeholderrelation l WHERE l.from_contact_id = c.id
  AND l.kind <> 'reports_to' AND {_holding("l")})) ORDER BY c.id, r.id
"""  # noqa: S608
_LINES = f"""
(SELECT string_agg({id_or_code("x")}, ';' ORDER BY x.id) FROM accounts_stakeholderrelation l
 JOIN accounts_contact x ON x.id = l.to_contact_id
 WHERE l.from_contact_id = c.id AND l.kind = '{{0}}' AND {_holding("l")}
   AND {_NEAR}) AS {{0}}_external_ids
"""  # noqa: S608


def accounts_file() -> str:
    """Return the statement of accounts, with their links, roles and custom attributes."""
    names = ("parent", "sold_via", "billed_via")
    return _ACCOUNTS.format(
        links=", ".join(_LINK.format(id=id_or_code("l"), name=name) for name in names),
        roles=", ".join(_HOLDS.format(role) for role in AccountRoleKind.values),
        attributes=_attributes(),
    )


def contacts_file() -> str:
    """Return the statement of contacts, but for erased ones."""
    return _CONTACTS


def contracts_file() -> str:
    """Return the statement of contracts with their newest amount."""
    return _CONTRACTS


def stakeholders_file() -> str:
    """Return the statement of parts on the stakeholder map, and of how people stand to us."""
    return _STAKEHOLDERS.format(lines=", ".join(map(_LINES.format, ("influences", "conflicts"))))


def _attributes() -> str:
    """Return a column for each custom attribute in use."""
    keys = AttributeDefinition.objects.filter(is_archived=False).order_by("key")
    return "".join(
        sql.SQL(", a.attributes ->> {} AS {}")
        .format(sql.Literal(key), sql.Identifier(f"attributes.{key}"))
        .as_string()
        for key in keys.values_list("key", flat=True)
    )
