"""The statements by which a run finds, opens and closes alerts of any number of accounts.

A condition is looked at anew by every run, so an alert opens also for what began during a
cool-down, and closes by itself. What can't be known, such as the usage of an account whose source
is dead or the band of one without enough data, neither opens nor closes anything.
"""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

from scoring.domain.trend import LEAST_DAYS, PREFILTER
from scoring.selectors.causes import cause_sql
from scoring.selectors.scorable import SCORABLE
from scoring.selectors.sources import ALIVE

#: |z| of a two-sided p of 0.05.
SIGNIFICANT_Z = 1.959963984540054

#: Theil-Sen and Mann-Kendall over the days of the present version, for accounts that moved and
#: have a score: one that was lost is no decline.
DECLINING = f"""
WITH line AS MATERIALIZED (
  SELECT d.account_id, (d.day - %(day)s::date)::float8 AS x, d.computed AS y
  FROM scoring_healthdaily d JOIN scoring_healthcurrent c ON c.account_id = d.account_id
  WHERE d.day = ANY(%(trend_days)s::date[]) AND d.account_id = ANY(%(ids)s)
    AND d.computed IS NOT NULL AND d.version_id = c.version_id AND c.computed IS NOT NULL
), steep AS MATERIALIZED (
  SELECT account_id, count(*) AS n FROM line GROUP BY account_id
  HAVING count(*) >= {LEAST_DAYS}
    AND abs(30 * regr_slope(y, x)) >= {PREFILTER} * %(least_change)s::float8
), pairs AS (
  SELECT a.account_id,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.y - a.y) / (b.x - a.x)) AS slope,
    sum(sign(b.y - a.y)) AS s
  FROM steep JOIN line a USING (account_id)
  JOIN line b ON b.account_id = a.account_id AND b.x > a.x
  GROUP BY a.account_id
), ties AS (
  SELECT account_id, sum(t * (t - 1) * (2 * t + 5)) AS tied
  FROM (SELECT account_id, count(*) AS t FROM line JOIN steep USING (account_id)
        GROUP BY account_id, y) same GROUP BY account_id
)
SELECT account_id, 30 * slope
FROM pairs JOIN steep USING (account_id) JOIN ties USING (account_id)
WHERE 30 * slope <= -%(least_change)s::float8 AND s <> 0
  AND abs(s) - 1 > {SIGNIFICANT_Z} * sqrt((n * (n - 1) * (2 * n + 5) - tied) / 18.0)
"""

#: What holds of the accounts in `asked`, whether that is sure, and what is said of it.
_HOLDS = f"""
holds (account_id, kind, sure, change, quiet_since) AS MATERIALIZED (
  SELECT c.account_id, 'crossing', true, NULL::float8, NULL::date
  FROM asked JOIN scoring_healthcurrent c USING (account_id)
  WHERE c.band = ANY(%(low_bands)s)
  UNION ALL
  SELECT c.account_id, 'coverage_lost', true, NULL, told.day
  FROM asked JOIN scoring_healthcurrent c USING (account_id)
  CROSS JOIN LATERAL (
    SELECT h.day FROM scoring_healthtransition h WHERE h.account_id = c.account_id
    ORDER BY h.at DESC, h.id DESC LIMIT 1
  ) told
  WHERE c.band = 'not_enough_data' AND 'coverage_lost' = ANY(%(active)s)
  UNION ALL
  SELECT fed.account_id, 'usage_silence', fed.alive, NULL,
    (fed.last_at AT TIME ZONE %(zone)s)::date
  FROM (
    SELECT s.account_id, max(s.last_event_at) AS last_at,
      bool_or(EXISTS (SELECT FROM scoring_sourceday d WHERE d.write_key_id = s.write_key_id
        AND d.day >= %(day)s::date - 4 AND d.last_arrival_at < %(t)s
        AND d.last_arrival_at >= %(t)s - interval '{ALIVE.total_seconds():.0f} seconds')) AS alive
    FROM asked JOIN accounts_account a ON a.id = asked.account_id AND a.tracked
    JOIN scoring_source s ON s.account_id = a.id AND s.first_event_at < %(t)s
    WHERE 'usage_silence' = ANY(%(active)s)
    GROUP BY s.account_id
  ) fed WHERE fed.last_at < %(t)s - %(quiet_days)s * interval '1 day'
  UNION ALL
  SELECT m.account_id, 'talk_silence', true, NULL, m.seen[%(touch_slot)s]
  FROM asked JOIN scoring_metricvalue m USING (account_id)
  WHERE 'talk_silence' = ANY(%(active)s)
    AND (%(day)s::date - m.seen[%(touch_slot)s]) > %(cadences)s * m.v[%(touch_slot)s]
  UNION ALL
  SELECT d.account_id, 'decline', true, d.change, NULL
  FROM unnest(%(declining)s::bigint[], %(changes)s::float8[]) AS d(account_id, change)
)"""

#: A trend is looked at by official runs alone; a band that is not known keeps what it led to.
CLOSE = f"""
WITH asked AS MATERIALIZED (
  SELECT DISTINCT account_id FROM scoring_healthalert
  WHERE closed_at IS NULL AND opened_at <= %(t)s AND account_id = ANY(%(ids)s)
), {_HOLDS}, judged AS (
  SELECT x.id, CASE
    WHEN NOT EXISTS (SELECT FROM accounts_account a WHERE a.id = x.account_id AND {SCORABLE})
      THEN 'left'
    WHEN x.kind <> ALL(%(active)s) THEN 'switched_off'
    WHEN x.kind = 'decline' AND NOT %(official)s THEN NULL
    WHEN h.kind IS NULL AND x.kind IN ('crossing', 'decline') AND c.band = 'not_enough_data'
      THEN NULL
    WHEN h.kind IS NULL THEN 'cleared'
    WHEN x.kind = 'crossing' AND x.band = 'at_risk' AND c.band = 'critical' THEN 'worsened'
  END AS why
  FROM asked JOIN scoring_healthalert x ON x.account_id = asked.account_id
    AND x.closed_at IS NULL AND x.opened_at <= %(t)s
  LEFT JOIN scoring_healthcurrent c ON c.account_id = x.account_id
  LEFT JOIN holds h ON h.account_id = x.account_id AND h.kind = x.kind
)
UPDATE scoring_healthalert x SET closed_at = %(t)s, closed_as = judged.why
FROM judged WHERE x.id = judged.id AND judged.why IS NOT NULL
"""

#: An alert rests after it cleared; what became worse meanwhile does not wait.
OPEN = f"""
WITH asked AS MATERIALIZED (
  SELECT a.id AS account_id FROM accounts_account a WHERE a.id = ANY(%(ids)s) AND {SCORABLE}
), {_HOLDS}, fresh AS MATERIALIZED (
  SELECT h.*, c.band, c.score, c.version_id
  FROM holds h JOIN asked USING (account_id) JOIN scoring_healthcurrent c USING (account_id)
  JOIN unnest(%(active)s::text[], %(rests)s::int[]) AS rule(kind, rest) ON rule.kind = h.kind
  WHERE h.sure AND NOT EXISTS (
    SELECT FROM scoring_healthalert p
    WHERE p.account_id = h.account_id AND p.kind = h.kind AND (
      p.closed_at IS NULL OR (p.closed_as = 'cleared'
        AND p.closed_at > %(t)s - rule.rest * interval '1 day'
        AND NOT (h.kind = 'crossing' AND c.band = 'critical' AND p.band <> 'critical')))
  )
)
INSERT INTO scoring_healthalert (account_id, kind, opened_at, day, run_kind, run_id, version_id,
  band, from_band, score, before, compared_on, change, quiet_since,
  cause, cause_place, cause_points, false_reason, closed_as)
SELECT f.account_id, f.kind, %(t)s, %(day)s, %(kind)s, %(run)s, f.version_id,
  f.band, coalesce(told.from_band, ''), f.score, p.score, p.day, f.change, f.quiet_since,
  coalesce(why.cause, ''), why.place, why.points, '', ''
FROM fresh f
LEFT JOIN scoring_healthdaily n ON n.account_id = f.account_id AND n.day = %(day)s
LEFT JOIN LATERAL (
  SELECT * FROM scoring_healthdaily d
  WHERE d.account_id = f.account_id AND d.day = ANY(%(past_days)s::date[]) AND d.score IS NOT NULL
  ORDER BY d.score DESC, d.day LIMIT 1
) p ON true
LEFT JOIN LATERAL (
  SELECT * FROM (
    SELECT 'override' AS cause, NULL::int AS place, n.corrections[4] AS points, 0 AS turn
    WHERE f.kind = 'crossing' AND n.band < n.state
    UNION ALL SELECT part.*, 1 FROM ({cause_sql("-1")}) part
  ) found ORDER BY turn LIMIT 1
) why ON true
LEFT JOIN LATERAL (
  SELECT h.from_band FROM scoring_healthtransition h WHERE h.account_id = f.account_id
  ORDER BY h.at DESC, h.id DESC LIMIT 1
) told ON true
ORDER BY f.account_id, f.kind
ON CONFLICT DO NOTHING
"""

#: Accounts that were archived or lost are in no shard of a run.
CLOSE_GONE = f"""
UPDATE scoring_healthalert x SET closed_at = %(t)s, closed_as = 'left'
WHERE x.closed_at IS NULL AND x.opened_at <= %(t)s
  AND NOT EXISTS (SELECT FROM accounts_account a WHERE a.id = x.account_id AND {SCORABLE})
"""
