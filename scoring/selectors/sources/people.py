"""Who at the customer has a part in our business."""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

from accounts.selectors.dated import holds, known
from scoring.selectors.sources.fragments import in_use, local, people

ROLES = f"""
SELECT sr.account_id, sr.confirmed_on AS "on", sr.role
FROM accounts_stakeholderrole sr JOIN {people()} c ON c.id = sr.contact_id
WHERE sr.account_id = ANY(%(ids)s) AND {holds("sr")} AND sr.confirmed_on <= %(day)s
  AND {in_use("c")} AND (c.left_on IS NULL OR c.left_on > %(day)s)"""

#: Who of those with a part in our business is here, and when we last talked with each of them.
STAKEHOLDERS = f"""
SELECT part.account_id, part.contact_id, talked."on"
FROM (
  SELECT DISTINCT sr.account_id, sr.contact_id
  FROM accounts_stakeholderrole sr JOIN {people()} c ON c.id = sr.contact_id
  WHERE sr.account_id = ANY(%(ids)s) AND {holds("sr")}
    AND {in_use("c")} AND (c.left_on IS NULL OR c.left_on > %(day)s)
) part
LEFT JOIN (
  SELECT tc.contact_id, max({local("tp.occurred_at")}) AS "on"
  FROM accounts_touchpoint tp JOIN accounts_touchpoint_contacts tc ON tc.touchpoint_id = tp.id
  WHERE tp.account_id = ANY(%(ids)s) AND tp.direction = 'two_way' AND NOT tp.is_draft
    AND tp.occurred_at < %(t)s AND {known("tp")}
  GROUP BY tc.contact_id
) talked ON talked.contact_id = part.contact_id"""

#: Mails may no longer go to somebody who decides, or who speaks for us: why, and since when.
SUPPRESSIONS = f"""
SELECT c.account_id, {local("su.created_at")} AS "on", su.reason, sr.role
FROM {people()} c
JOIN accounts_stakeholderrole sr ON sr.contact_id = c.id AND {holds("sr")}
JOIN accounts_suppression su ON su.person_key = c.person_key
  AND su.created_at <= %(k)s AND (su.lifted_at IS NULL OR su.lifted_at > %(k)s)
WHERE c.account_id = ANY(%(ids)s) AND {in_use("c")}
  AND sr.role IN ('decision_maker', 'champion')"""
