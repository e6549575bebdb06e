"""What was asked in surveys and answered."""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

from accounts.selectors.dated import known
from scoring.selectors.sources.fragments import local

ANSWERS = f"""
SELECT DISTINCT ON (r.account_id, r.contact_id, r.kind)
  r.account_id, {local("r.answered_at")} AS "on", r.kind, r.score, r.csat
FROM surveys_response r
WHERE r.account_id = ANY(%(ids)s) AND r.answered_at < %(t)s AND {known("r")}
  AND r.answered_at >= %(t)s - interval '366 days'
ORDER BY r.account_id, r.contact_id, r.kind, r.answered_at DESC, r.id DESC"""

#: Who was asked by the last two waves that are over, and whether they answered. A wave counts once
#: it is closed: until then nobody's answer can be told from its moment.
INVITED = """
SELECT account_id, closed_on AS "on", answered FROM (
  SELECT iv.account_id, iv.answered, (wv.closes_at AT TIME ZONE %(zone)s)::date AS closed_on,
    dense_rank() OVER (PARTITION BY iv.account_id ORDER BY wv.closes_at DESC, wv.id DESC) AS place
  FROM surveys_invitation iv JOIN surveys_wave wv ON wv.id = iv.wave_id
  WHERE iv.account_id = ANY(%(ids)s) AND wv.closes_at <= %(t)s
) waves WHERE place <= 2"""
