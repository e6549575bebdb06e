"""The customer record in the shape the kinds of imports read: one statement a kind of file.

Columns are the stable keys of the importers, values are stored ones. A record that has no id of
its own system gets one from ours, so that the files point at each other.
"""

from collections.abc import Callable

from psycopg import sql

from accounts.models import AttributeDefinition

_ACCOUNT_ID = "coalesce({0}.external_id, 'yorisoi-' || {0}.id)"
_A, _P, _S, _B = (_ACCOUNT_ID.format(alias) for alias in ("a", "p", "s", "b"))
_HOLDS = (
    "(SELECT u.email FROM accounts_accountrole r JOIN accounts_user u ON u.id = r.user_id"
    " WHERE r.account_id = a.id AND r.role = '{}' AND r.retracted_at IS NULL"
    " AND r.ends_on IS NULL)"
)
_LIVE = "a.archived_at IS NULL AND a.merged_into_id IS NULL"

ACCOUNTS = f"""
SELECT {_A} AS external_id, a.name, a.short_name, a.name_kana, a.name_latin, a.kind, a.language,
  a.corporate_number, a.country, a.fiscal_year_end_month, a.budget_month, a.tracked,
  t.name AS team, CASE WHEN p.id IS NOT NULL THEN {_P} END AS parent_external_id,
  CASE WHEN s.id IS NOT NULL THEN {_S} END AS sold_via_external_id,
  CASE WHEN b.id IS NOT NULL THEN {_B} END AS billed_via_external_id,
  a.status, a.phase, a.tier, a.touch_model, a.churn_reason, a.customer_since_on, a.live_on,
  {_HOLDS.format("account_manager")} AS account_manager,
  {_HOLDS.format("account_owner")} AS account_owner{{attributes}}
FROM accounts_account a JOIN accounts_team t ON t.id = a.team_id
LEFT JOIN accounts_account p ON p.id = a.parent_id
LEFT JOIN accounts_account s ON s.id = a.sold_via_id
LEFT JOIN accounts_account b ON b.id = a.billed_via_id
WHERE {_LIVE} ORDER BY a.id
"""  # noqa: S608
CONTACTS = f"""
SELECT {_A} AS account_external_id, coalesce(c.external_id, 'yorisoi-' || c.id) AS external_id,
  c.family_name, c.given_name, c.family_kana, c.given_kana, c.family_name_latin,
  c.given_name_latin, c.email, c.phone, c.department, c.title, c.language, c.state, c.state_on,
  c.in_post_since_on, c.approach, c.message
FROM accounts_contact c JOIN accounts_account a ON a.id = c.account_id
WHERE {_LIVE} AND c.archived_at IS NULL AND c.merged_into_id IS NULL
  AND (c.family_name <> '' OR c.given_name <> '' OR c.email <> '') ORDER BY c.id
"""  # noqa: S608
CONTRACTS = f"""
SELECT coalesce(c.external_id, 'yorisoi-' || c.id) AS external_id, {_A} AS account_external_id,
  c.product, c.kind, c.currency, c.starts_on, c.ends_on, c.notice_months, c.auto_renews,
  c.is_public_yearly, c.payment_days, c.notice_received_on, c.forecast, c.approval_state,
  t.arr, t.seats, t.starts_on AS terms_on
FROM accounts_contract c JOIN accounts_account a ON a.id = c.account_id
LEFT JOIN LATERAL (
  SELECT arr, seats, starts_on FROM accounts_contractterm t
  WHERE t.contract_id = c.id AND t.retracted_at IS NULL ORDER BY t.starts_on DESC LIMIT 1) t ON true
WHERE {_LIVE} AND c.archived_at IS NULL ORDER BY c.id
"""  # noqa: S608
STAKEHOLDERS = f"""
SELECT {_A} AS account_external_id, coalesce(c.external_id, 'yorisoi-' || c.id)
  AS contact_external_id, r.role, r.starts_on, r.ends_on, r.confirmed_on
FROM accounts_stakeholderrole r JOIN accounts_contact c ON c.id = r.contact_id
JOIN accounts_account a ON a.id = r.account_id
WHERE {_LIVE} AND c.archived_at IS NULL AND c.merged_into_id IS NULL AND r.retracted_at IS NULL
  AND r.ends_on IS NULL ORDER BY r.id
"""  # noqa: S608
IMPORT_FILES: dict[str, Callable[[], str]] = {
    "accounts": lambda: ACCOUNTS.format(attributes=_attributes()),
    "contacts": lambda: CONTACTS,
    "contracts": lambda: CONTRACTS,
    "stakeholders": lambda: STAKEHOLDERS,
}


def _attributes() -> str:
    """Return a column for each custom attribute in use."""
    keys = AttributeDefinition.objects.filter(is_archived=False).order_by("key")
    return "".join(
        sql.SQL(", a.attributes ->> {} AS {}")
        .format(sql.Literal(key), sql.Identifier(f"attributes.{key}"))
        .as_string()
        for key in keys.values_list("key", flat=True)
    )
