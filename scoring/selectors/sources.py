"""Where metrics read from: each source is one SELECT of rows with an account and a day.

Every source keeps to the frame: facts before t, known at k. `book` is the row every account has;
its columns can stand in any metric's expression beside the metric's own parts.
"""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from accounts.domain.expectations import (
    CADENCE_DAYS,
    ONBOARDING_CADENCE_DAYS,
    REQUIRED_ROLES,
    TICKET_TARGET_DAYS,
)
from scoring.selectors.frames import Frame

#: A source that was silent for longer than this says nothing about anybody.
ALIVE = dt.timedelta(hours=48)


def _known(alias: str) -> str:
    return (
        f"{alias}.recorded_at <= %(k)s"
        f" AND ({alias}.retracted_at IS NULL OR {alias}.retracted_at > %(k)s)"
    )


def _holds(alias: str, day: str = "%(day)s::date") -> str:
    return (
        f"{alias}.starts_on <= {day} AND ({alias}.ends_on IS NULL OR {alias}.ends_on > {day})"
        f" AND {_known(alias)}"
    )


def _local(column: str) -> str:
    return f"({column} AT TIME ZONE %(zone)s)::date"


def _workday(day: str) -> str:
    """Count the business days up to a day; differences of it are business days between."""
    return f"width_bucket({day}, %(workdays)s::date[])"


def _case(column: str, values: "dict[str, int]") -> str:
    whens = " ".join(f"WHEN '{key}' THEN {value}" for key, value in values.items())
    return f"CASE {column} {whens} END"


def book(frame: Frame) -> str:
    """Return the SELECT of one row an account: what is expected of it, and whether we can see.

    Columns: account_id, tracked, alive, fed_on, licensed, touch_model, phase, cadence,
    required_roles (text[]), since_on, live_on, key_workflow_defined.
    """
    defaults = (
        "CASE WHEN known.phase = 'onboarding' THEN"
        f" {_case('known.touch_model', dict(ONBOARDING_CADENCE_DAYS))}"
        f" ELSE {_case('known.touch_model', dict(CADENCE_DAYS))} END"
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
  {_local("fed_at")} AS fed_on
FROM (
{_of_record()}
  OFFSET 0
) known
LEFT JOIN accounts_touchexpectation e ON e.touch_model = known.touch_model AND {_holds("e")}"""


def _of_record() -> str:
    """Return the SELECT of what the record says of each account, as it held and was known."""
    return f"""
  SELECT a.id AS account_id, a.tracked, a.live_on,
    coalesce(model.value, a.touch_model) AS touch_model, coalesce(ph.phase, a.phase) AS phase,
    coalesce(seats.n, a.licensed_users) AS licensed,
    coalesce(a.customer_since_on, seats.since_on) AS since_on,
    CASE WHEN fed.account_id IS NULL THEN keys.fed_at ELSE fed.fed_at END AS fed_at,
    keys.key_workflow_defined
  FROM accounts_account a
  CROSS JOIN (
    SELECT max(last_arrival_at) AS fed_at,
      EXISTS (SELECT FROM scoring_eventname WHERE counts_users) AS key_workflow_defined
    FROM scoring_sourceday WHERE last_arrival_at < %(t)s
  ) keys
  LEFT JOIN (
    SELECT s.account_id, max(d.last_arrival_at) AS fed_at
    FROM scoring_source s LEFT JOIN scoring_sourceday d
      ON d.write_key_id = s.write_key_id AND d.last_arrival_at < %(t)s
        AND d.day >= %(day)s::date - 4
    WHERE s.account_id = ANY(%(ids)s) AND s.first_event_at < %(t)s GROUP BY s.account_id
  ) fed ON fed.account_id = a.id
  LEFT JOIN (
    SELECT v.account_id, max(v.value #>> '{{}}') AS value FROM accounts_attributevalue v
    WHERE v.account_id = ANY(%(ids)s) AND v.key = 'touch_model' AND {_holds("v")}
    GROUP BY v.account_id
  ) model ON model.account_id = a.id
  LEFT JOIN (
    SELECT p.account_id, max(p.phase) AS phase FROM accounts_accountphasefact p
    WHERE p.account_id = ANY(%(ids)s) AND {_holds("p")} GROUP BY p.account_id
  ) ph ON ph.account_id = a.id
  LEFT JOIN (
    SELECT c.account_id, sum(ct.seats) AS n, min(c.starts_on) AS since_on
    FROM accounts_contract c LEFT JOIN accounts_contractterm ct
      ON ct.contract_id = c.id AND {_holds("ct")}
        AND (c.ends_on IS NULL OR c.auto_renews OR c.ends_on >= %(day)s)
    WHERE c.account_id = ANY(%(ids)s) AND c.starts_on <= %(day)s AND c.archived_at IS NULL
    GROUP BY c.account_id
  ) seats ON seats.account_id = a.id
  WHERE a.id = ANY(%(ids)s)"""


def _users(frame: Frame, first: dt.date) -> str:
    return f"""
SELECT account_id, month, series_id, user_id, days FROM scoring_usermonth
WHERE account_id = ANY(%(ids)s) AND month BETWEEN '{first.replace(day=1)}' AND '{frame.day}'
  AND known_on <= %(day)s"""


def _usage(frame: Frame, first: dt.date) -> str:
    return f"""
SELECT account_id, day AS "on", series_id, n, total FROM scoring_usageday
WHERE account_id = ANY(%(ids)s) AND day BETWEEN '{first}' AND '{frame.day}'
  AND known_on <= %(day)s"""


_TOUCHES = f"""
SELECT tp.account_id, {_local("tp.occurred_at")} AS "on" FROM accounts_touchpoint tp
WHERE tp.account_id = ANY(%(ids)s) AND tp.direction = 'two_way' AND NOT tp.is_draft
  AND tp.occurred_at < %(t)s AND {_known("tp")}"""

_ATTENDEES = f"""
SELECT tp.account_id, {_local("tp.occurred_at")} AS "on", tc.contact_id,
  sponsor.contact_id IS NOT NULL AS is_sponsor
FROM accounts_touchpoint tp JOIN accounts_touchpoint_contacts tc ON tc.touchpoint_id = tp.id
LEFT JOIN (
  SELECT DISTINCT sr.contact_id FROM accounts_stakeholderrole sr
  WHERE sr.account_id = ANY(%(ids)s) AND sr.role = 'executive_sponsor' AND {_holds("sr")}
) sponsor ON sponsor.contact_id = tc.contact_id
WHERE tp.account_id = ANY(%(ids)s) AND tp.direction = 'two_way' AND NOT tp.is_draft
  AND tp.occurred_at < %(t)s AND {_known("tp")}"""

_SIGNALS = f"""
SELECT tp.account_id, {_local("tp.occurred_at")} AS "on", sg.signal
FROM accounts_touchpoint tp JOIN accounts_touchpointsignal sg ON sg.touchpoint_id = tp.id
WHERE tp.account_id = ANY(%(ids)s) AND NOT tp.is_draft
  AND tp.occurred_at < %(t)s AND {_known("tp")}"""

_ROLES = f"""
SELECT sr.account_id, sr.confirmed_on AS "on", sr.role
FROM accounts_stakeholderrole sr JOIN accounts_contact c ON c.id = sr.contact_id
WHERE sr.account_id = ANY(%(ids)s) AND {_holds("sr")} AND sr.confirmed_on <= %(day)s
  AND c.archived_at IS NULL AND (c.left_on IS NULL OR c.left_on > %(day)s)"""

_TICKETS = f"""
SELECT *, coalesce(closed_on, %(day)s::date) AS "on",
  {_workday("coalesce(closed_on, %(day)s::date)")} - {_workday("opened_on")} AS work_days,
  {_case("severity", dict(TICKET_TARGET_DAYS))} AS target_days
FROM (
  SELECT tk.account_id, tk.severity, tk.csat, {_local("tk.opened_at")} AS opened_on,
    done.starts_on AS closed_on
  FROM accounts_ticket tk
  LEFT JOIN LATERAL (
    SELECT max(f.starts_on) AS starts_on FROM accounts_ticketstatefact f
    WHERE f.ticket_id = tk.id AND f.state = 'resolved' AND {_holds("f")}
  ) done ON true
  WHERE tk.account_id = ANY(%(ids)s) AND tk.opened_at < %(t)s AND {_known("tk")}
  OFFSET 0
) tickets"""

_INVOICES = f"""
SELECT *, due_on AS "on", greatest(0, coalesce(paid_on, %(day)s::date) - due_on) AS days_late
FROM (
  SELECT i.account_id, i.amount, CASE WHEN p.amount >= i.amount THEN p.paid_on END AS paid_on,
    coalesce((%(workdays)s::date[])[{_workday("i.due_on - 1")} + 1], i.due_on) AS due_on
  FROM accounts_invoice i
  LEFT JOIN LATERAL (
    SELECT sum(ip.amount) AS amount, max(ip.paid_on) AS paid_on FROM accounts_invoicepayment ip
    WHERE ip.invoice_id = i.id AND ip.paid_on <= %(day)s AND {_known("ip")}
  ) p ON true
  WHERE i.account_id = ANY(%(ids)s) AND i.issued_on <= %(day)s AND {_known("i")}
  OFFSET 0
) invoices"""

_TERMS = f"""
SELECT c.account_id, ct.starts_on AS "on", ct.arr::float8 AS arr,
  ct.starts_on <= %(day)s AND (ct.ends_on IS NULL OR ct.ends_on > %(day)s)
    AND (c.ends_on IS NULL OR c.auto_renews OR c.ends_on >= %(day)s) AS holds_now,
  ct.starts_on <= %(day)s::date - 365
    AND (ct.ends_on IS NULL OR ct.ends_on > %(day)s::date - 365)
    AND (c.ends_on IS NULL OR c.auto_renews OR c.ends_on >= %(day)s::date - 365) AS held_then
FROM accounts_contract c JOIN accounts_contractterm ct ON ct.contract_id = c.id
WHERE c.account_id = ANY(%(ids)s) AND c.archived_at IS NULL AND {_known("ct")}"""

_NOTICES = """
SELECT c.account_id, c.notice_received_on AS "on" FROM accounts_contract c
WHERE c.account_id = ANY(%(ids)s) AND c.archived_at IS NULL AND c.notice_received_on <= %(day)s
  AND (c.ends_on IS NULL OR c.ends_on >= %(day)s)"""

_ANSWERS = f"""
SELECT DISTINCT ON (r.account_id, r.contact_id, r.kind)
  r.account_id, {_local("r.answered_at")} AS "on", r.kind, r.score, r.csat
FROM surveys_response r
WHERE r.account_id = ANY(%(ids)s) AND r.answered_at < %(t)s AND {_known("r")}
  AND r.answered_at >= %(t)s - interval '366 days'
ORDER BY r.account_id, r.contact_id, r.kind, r.answered_at DESC, r.id DESC"""


@dataclass(frozen=True)
class Source:
    """A relation of rows. `has_masks`: its days are bits of a month, not a column `on`."""

    rows: Callable[[Frame, dt.date], str]
    has_masks: bool = False


def _fixed(sql: str) -> Source:
    return Source(lambda frame, first: sql)


SOURCES: dict[str, Source] = {
    "users": Source(_users, has_masks=True),
    "usage": Source(_usage),
    "touches": _fixed(_TOUCHES),
    "attendees": _fixed(_ATTENDEES),
    "signals": _fixed(_SIGNALS),
    "roles": _fixed(_ROLES),
    "tickets": _fixed(_TICKETS),
    "invoices": _fixed(_INVOICES),
    "terms": _fixed(_TERMS),
    "notices": _fixed(_NOTICES),
    "answers": _fixed(_ANSWERS),
}
