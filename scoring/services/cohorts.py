"""Freeze how metrics are distributed, once a week: in each cohort a scorecard names, in the book.

A table is never written again, so a score computed with it can be computed again. Runs that start
later read it; the official one of the night brings everybody onto it.
"""

# ruff: noqa: S608 -- SQL is composed of our own text and checked names; values are parameters.

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.models import Organisation, ScheduleSlot
from config.lib.slots import daily_slot, take_slot
from scoring.domain.cohorts import POINTS
from scoring.models import CohortTable
from scoring.selectors.assignments import audience_key, audience_sql
from scoring.selectors.cohorts import BOOK, HEALTH_SCORE
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.frames import ONE_DAY, official_frame
from scoring.selectors.scorable import SCORABLE
from scoring.selectors.score_terms import reading_sql
from scoring.selectors.scorecards import ActingScorecard, acting_scorecards, metric_slots

SLOT_KEY = "health.cohorts"

#: Ranks count each distinct value once; of more than `points` values those at whole percents stay.
_FREEZE = """
WITH held AS (
  SELECT ARRAY[{values}]::float8[] AS xs, ARRAY[{members}]::boolean[] AS ins
  FROM scoring_metricvalue m JOIN accounts_account a ON a.id = m.account_id
  LEFT JOIN scoring_healthcurrent c ON c.account_id = m.account_id
  WHERE {scorable}
), long AS MATERIALIZED (
  SELECT g.audience, u.metric, u.x FROM held
  CROSS JOIN LATERAL unnest(xs) WITH ORDINALITY u(x, metric)
  CROSS JOIN LATERAL unnest(ins) WITH ORDINALITY g(is_in, audience)
  WHERE u.x IS NOT NULL AND g.is_in
), middle AS (
  SELECT audience, metric, count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median
  FROM long GROUP BY audience, metric
), spread AS (
  SELECT l.audience, l.metric,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(l.x - m.median)) AS mad
  FROM long l JOIN middle m USING (audience, metric) GROUP BY l.audience, l.metric
), ranked AS (
  SELECT audience, metric, x, sum(count(*)) OVER w AS upto,
    sum(count(*)) OVER w - count(*) AS below,
    count(*) OVER (PARTITION BY audience, metric) AS distinct_values
  FROM long GROUP BY audience, metric, x WINDOW w AS (PARTITION BY audience, metric ORDER BY x)
)
INSERT INTO scoring_cohortquantiles
  (table_id, audience, metric, n, knots, below, upto, median, mad)
SELECT %(table)s, (%(audiences)s::text[])[r.audience], (%(metrics)s::text[])[r.metric], m.n,
  array_agg(r.x ORDER BY r.x), array_agg(r.below::float8 / m.n ORDER BY r.x),
  array_agg(r.upto::float8 / m.n ORDER BY r.x), m.median, s.mad
FROM ranked r JOIN middle m USING (audience, metric) JOIN spread s USING (audience, metric)
WHERE r.distinct_values <= %(points)s
  OR ceil(r.upto * (%(points)s - 1) / nullif(m.n - 1, 0))
    > ceil(r.below * (%(points)s - 1) / nullif(m.n - 1, 0))
GROUP BY r.audience, r.metric, m.n, m.median, s.mad
"""


@transaction.atomic
def freeze_week(*, at: dt.datetime) -> int:
    """Freeze the table of the week that began, once; return 1 where it was this call's work."""
    slot = week_slot(at, zone=Organisation.objects.zone())
    if not take_slot(ScheduleSlot, key=SLOT_KEY, slot_at=slot):
        return 0
    freeze_cohorts(t=slot, at=at)
    return 1


@transaction.atomic
def freeze_cohorts(*, t: dt.datetime, at: dt.datetime) -> CohortTable:
    """Freeze the stored values of the whole book as the table valid from `t`, known since `at`.

    A constant number of statements. A table that is there stays as it is.
    """
    table, is_new = CohortTable.objects.get_or_create(t=t, defaults={"known_at": at})
    if not is_new:
        return table
    frame = official_frame(_day_of(t))
    scorecards = acting_scorecards(frame.day)
    keys, values = _values(scorecards)
    audiences = {BOOK: "true"} | {
        audience_key(audience): audience_sql(audience)
        for card in scorecards
        for audience in card.definition.cohorts
    }
    sql = _FREEZE.format(
        values=", ".join(values), members=", ".join(audiences.values()), scorable=SCORABLE
    )
    parameters = {
        **frame.parameters(),
        "table": table.pk,
        "audiences": list(audiences),
        "metrics": keys,
        "points": POINTS,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(sql, parameters)
        cursor.execute(
            f"SELECT count(*) FROM scoring_metricvalue m"
            f" JOIN accounts_account a ON a.id = m.account_id WHERE {SCORABLE}",
            parameters,
        )
        table.accounts = cursor.fetchone()[0]
    table.save()
    return table


def week_slot(at: dt.datetime, *, zone: ZoneInfo) -> dt.datetime:
    """Return the midnight before the newest Monday, where the organisation is."""
    midnight = daily_slot(at, zone=zone)
    monday = midnight.astimezone(zone)
    day = monday.date() - monday.weekday() * ONE_DAY
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)


def _day_of(t: dt.datetime) -> dt.date:
    """Return the day that ends at `t`."""
    return t.astimezone(Organisation.objects.zone()).date() - ONE_DAY


def _values(scorecards: Sequence[ActingScorecard]) -> tuple[list[str], list[str]]:
    """Return keys and SQL of every metric a scorecard weighs, and of the score itself."""
    slots, known = metric_slots(), all_metrics()
    weighed = {m.metric for card in scorecards for _, m, _ in card.definition.measures}
    keys = sorted(key for key in weighed if key in known and key in slots)
    values = [reading_sql(slots[key], known[key].reckoning)[0] for key in keys]
    return [*keys, HEALTH_SCORE], [*values, "c.computed"]
