"""What passed between the customer's people and ours: talks, gatherings, mails."""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

import datetime as dt

from accounts.selectors.dated import holds, known
from scoring.selectors.frames import Frame
from scoring.selectors.sources.fragments import case, local

TOUCHES = f"""
SELECT tp.account_id, {local("tp.occurred_at")} AS "on", tp.type FROM accounts_touchpoint tp
WHERE tp.account_id = ANY(%(ids)s) AND tp.direction = 'two_way' AND NOT tp.is_draft
  AND tp.occurred_at < %(t)s AND {known("tp")}"""

ATTENDEES = f"""
SELECT tp.account_id, {local("tp.occurred_at")} AS "on", tp.type, tc.contact_id,
  coalesce(part.is_sponsor, false) AS is_sponsor,
  coalesce(part.is_decision_maker, false) AS is_decision_maker
FROM accounts_touchpoint tp JOIN accounts_touchpoint_contacts tc ON tc.touchpoint_id = tp.id
LEFT JOIN (
  SELECT sr.contact_id, bool_or(sr.role = 'executive_sponsor') AS is_sponsor,
    bool_or(sr.role = 'decision_maker') AS is_decision_maker
  FROM accounts_stakeholderrole sr WHERE sr.account_id = ANY(%(ids)s) AND {holds("sr")}
  GROUP BY sr.contact_id
) part ON part.contact_id = tc.contact_id
WHERE tp.account_id = ANY(%(ids)s) AND tp.direction = 'two_way' AND NOT tp.is_draft
  AND tp.occurred_at < %(t)s AND {known("tp")}"""

SIGNALS = f"""
SELECT tp.account_id, {local("tp.occurred_at")} AS "on", sg.signal
FROM accounts_touchpoint tp JOIN accounts_touchpointsignal sg ON sg.touchpoint_id = tp.id
WHERE tp.account_id = ANY(%(ids)s) AND NOT tp.is_draft
  AND tp.occurred_at < %(t)s AND {known("tp")}"""

#: Trainings, webinars and other events: `attended` unless it was only an invitation of ours.
GATHERINGS = f"""
SELECT tp.account_id, {local("tp.occurred_at")} AS "on", tp.id AS gathering, tc.contact_id,
  tp.direction IN ('two_way', 'inbound') AS attended
FROM accounts_touchpoint tp
LEFT JOIN accounts_touchpoint_contacts tc ON tc.touchpoint_id = tp.id
WHERE tp.account_id = ANY(%(ids)s) AND tp.type IN ('training', 'event') AND NOT tp.is_draft
  AND tp.direction <> 'internal' AND tp.occurred_at < %(t)s AND {known("tp")}"""

#: A mail of ours is answered when the customer talks to us within two weeks, in whatever way.
ANSWER_DAYS = 14


def _answered(account: str, sent_at: str) -> str:
    return f"""EXISTS (
    SELECT FROM accounts_touchpoint re WHERE re.account_id = {account}
      AND re.direction IN ('inbound', 'two_way') AND NOT re.is_draft AND {known("re")}
      AND re.occurred_at > {sent_at} AND re.occurred_at < %(t)s
      AND re.occurred_at <= {sent_at} + interval '{ANSWER_DAYS} days')"""


def our_mails(frame: Frame, first: dt.date) -> str:
    """Read mails of the record and of the outbox, but for surveys, which count by themselves."""
    return f"""
SELECT tp.account_id, {local("tp.occurred_at")} AS "on",
  tp.direction = 'two_way' OR {_answered("tp.account_id", "tp.occurred_at")} AS is_answered
FROM accounts_touchpoint tp
WHERE tp.account_id = ANY(%(ids)s) AND tp.type = 'mail' AND NOT tp.is_draft
  AND tp.direction IN ('outbound', 'two_way') AND tp.occurred_at < %(t)s AND {known("tp")}
  AND tp.occurred_at >= date '{first}' - 1
UNION ALL
SELECT mm.account_id, {local("mm.done_at")}, {_answered("mm.account_id", "mm.done_at")}
FROM accounts_mailmessage mm
WHERE mm.account_id = ANY(%(ids)s) AND mm.contact_id IS NOT NULL AND mm.state = 'accepted'
  AND mm.done_at < %(t)s AND mm.done_at >= date '{first}' - 1 AND mm.key NOT LIKE 'survey/%%'"""


MOODS = f"""
SELECT tp.account_id, {local("tp.occurred_at")} AS "on", tp.occurred_at AS at,
  {case("tp.sentiment", {"positive": 1, "neutral": 0, "negative": -1})} AS mood
FROM accounts_touchpoint tp
WHERE tp.account_id = ANY(%(ids)s) AND tp.sentiment <> '' AND NOT tp.is_draft
  AND tp.occurred_at < %(t)s AND {known("tp")}"""
