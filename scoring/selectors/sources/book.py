"""The row every account has: what is expected of it, and whether we can see."""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

import datetime as dt

from accounts.domain.expectations import CADENCE_DAYS, ONBOARDING_CADENCE_DAYS, REQUIRED_ROLES
from accounts.selectors.dated import holds
from scoring.selectors.frames import Frame
from scoring.selectors.sources.fragments import case, contracts, in_use, lasts, local

#: A source that was silent for longer than this says nothing about anybody.
ALIVE = dt.timedelta(hours=48)


def book(frame: Frame) -> str:
    """Return the SELECT of one row an account: what is expected of it, and whether we can see.

    Columns: account_id, tracked, alive, fed_on, licensed, touch_model, phase, cadence,
    required_roles (text[]), since_on, live_on, key_workflow_defined, logins_counted,
    key_features (how many there are), meanings (text[]) of the events that were given one,
    of sessions only where their minutes are added up.
    """
    defaults = (
        "CASE WHEN known.phase = 'onboarding' THEN"
        f" {case('known.touch_model', dict(ONBOARDING_CADENCE_DAYS))}"
        f" ELSE {case('known.touch_model', dict(CADENCE_DAYS))} END"
    )
    asked = (
        "CASE WHEN known.phase = 'onboarding' THEN e.onboarding_cadence_days"
        " ELSE e.cadence_days END"
    )
    roles = " ".join(
        f"WHEN '{model}' THEN ARRAY[{', '.join(repr(role) for role in roles)}]"
        for model, roles in REQUIRED_ROLES.items()
    )
    return f"""
SELECT known.*,
  CASE WHEN e.id IS NULL THEN {defaults} ELSE {asked} END AS cadence,
  CASE WHEN e.id IS NULL THEN CASE known.touch_model {roles} END
    ELSE e.required_roles::text[] END AS required_roles,
  coalesce(fed_at >= %(t)s - interval '{ALIVE.total_seconds():.0f} seconds', false) AS alive,
  {local("fed_at")} AS fed_on
FROM (
{_of_record()}
  OFFSET 0
) known
LEFT JOIN accounts_touchexpectation e ON e.touch_model = known.touch_model AND {holds("e")}"""


def _of_record() -> str:
    """Return the SELECT of what the record says of each account, as it held and was known."""
    return f"""
  SELECT a.id AS account_id, coalesce(said.tracked, a.tracked) AS tracked, a.live_on,
    coalesce(said.touch_model, a.touch_model) AS touch_model, coalesce(ph.phase, a.phase) AS phase,
    coalesce(seats.n, a.licensed_users) AS licensed,
    coalesce(a.customer_since_on, seats.since_on) AS since_on,
    CASE WHEN fed.account_id IS NULL THEN keys.fed_at ELSE fed.fed_at END AS fed_at,
    keys.key_workflow_defined, keys.logins_counted, keys.key_features, keys.meanings
  FROM accounts_account a
  CROSS JOIN (
{_keys()}
  ) keys
  LEFT JOIN (
{_fed()}
  ) fed ON fed.account_id = a.id
  LEFT JOIN (
    SELECT v.account_id,
      max(v.value #>> '{{}}') FILTER (WHERE v.key = 'touch_model') AS touch_model,
      bool_or(v.value = 'true') FILTER (WHERE v.key = 'tracked') AS tracked
    FROM accounts_attributevalue v
    WHERE v.account_id = ANY(%(ids)s) AND v.key IN ('touch_model', 'tracked') AND {holds("v")}
    GROUP BY v.account_id
  ) said ON said.account_id = a.id
  LEFT JOIN (
    SELECT p.account_id, max(p.phase) AS phase FROM accounts_accountphasefact p
    WHERE p.account_id = ANY(%(ids)s) AND {holds("p")} GROUP BY p.account_id
  ) ph ON ph.account_id = a.id
  LEFT JOIN (
{_seats()}
  ) seats ON seats.account_id = a.id
  WHERE a.id = ANY(%(ids)s)"""


def _seats() -> str:
    """Return the SELECT of the seats under contract, and since when there is one."""
    return f"""
    SELECT c.account_id, sum(ct.seats) AS n, min(c.starts_on) AS since_on
    FROM {contracts()} c LEFT JOIN accounts_contractterm ct
      ON ct.contract_id = c.id AND {holds("ct")}
        AND {lasts("c", "%(day)s")}
    WHERE c.account_id = ANY(%(ids)s) AND c.starts_on <= %(day)s AND {in_use("c")}
    GROUP BY c.account_id"""


def _keys() -> str:
    """Return the SELECT of the one row that says what the events mean, and when the last came."""
    return """
    SELECT max(last_arrival_at) AS fed_at,
      bool_or(named.key_workflow_defined) AS key_workflow_defined,
      bool_or(named.logins_counted) AS logins_counted,
      max(named.key_features) AS key_features, max(named.meanings) AS meanings
    FROM (
      SELECT coalesce(bool_or(counts_users AND meaning <> 'login'), false) AS key_workflow_defined,
        coalesce(bool_or(counts_users AND meaning = 'login'), false) AS logins_counted,
        count(*) FILTER (WHERE is_key_feature) AS key_features,
        coalesce(array_agg(DISTINCT meaning::text) FILTER (
          WHERE meaning <> '' AND (meaning <> 'session' OR summed_property <> '')
        ), '{}') AS meanings
      FROM scoring_eventname
    ) named LEFT JOIN scoring_sourceday ON last_arrival_at < %(t)s"""


def _fed() -> str:
    """Return the SELECT of when something last came of each account with a source of its own."""
    return """
    SELECT s.account_id, max(d.last_arrival_at) AS fed_at
    FROM scoring_source s LEFT JOIN scoring_sourceday d
      ON d.write_key_id = s.write_key_id AND d.last_arrival_at < %(t)s
        AND d.day >= %(day)s::date - 4
    WHERE s.account_id = ANY(%(ids)s) AND s.first_event_at < %(t)s GROUP BY s.account_id"""
