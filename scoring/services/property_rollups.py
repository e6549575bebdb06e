"""Add up what properties of events say, for the series that keep it: exactly once, as all roll-ups.

`{events}` is a FROM clause with a WHERE; it joins the series as `x`. An instant decides which value
of a day is the newest, the greater value between equals; so neither order nor repetition matters.
"""

from scoring.selectors.property_sql import kind_of, reading_of

NEWEST_OF = f"""
INSERT INTO scoring_newestday AS old (account_id, day, series_id, known_on, value, at)
SELECT DISTINCT ON (account_id, day, series_id, known_on)
  account_id, day, series_id, known_on, value, occurred_at
FROM (
  SELECT e.account_id, {{day}} AS day, -x.id AS series_id, {{known_on}} AS known_on, e.occurred_at,
    {reading_of("(e.properties -> x.newest_of)", "x.codes")} AS value
  FROM {{events}} AND x.newest_of <> ''
) d WHERE value IS NOT NULL
ORDER BY account_id, day, series_id, known_on, occurred_at DESC, value DESC
ON CONFLICT (account_id, day, series_id, known_on) DO UPDATE
SET value = excluded.value, at = excluded.at
WHERE (excluded.at, excluded.value) > (old.at, old.value)
"""  # noqa: S608 -- our own text
#: A bit known on its own day needs no date; a late one goes to a row of the day it became known.
VALUES_OF = f"""
INSERT INTO scoring_valuemonth AS old (account_id, month, series_id, key, known_on, days)
SELECT account_id, date_trunc('month', day)::date, series_id, key,
  CASE WHEN day < known_on THEN known_on ELSE %(that_day)s::date END,
  bit_or(1 << (extract(day FROM day)::integer - 1))
FROM (
  SELECT e.account_id, {{day}} AS day, -x.id AS series_id, {{known_on}} AS known_on,
    {kind_of("(e.properties -> x.values_of)", "x.id")} AS key
  FROM {{events}} AND x.values_of <> ''
) d WHERE key IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (account_id, month, series_id, key, known_on) DO UPDATE
SET days = old.days | excluded.days WHERE old.days | excluded.days <> old.days
"""  # noqa: S608 -- our own text


def of_events(statement: str, *, events: str, day: str, known_on: str) -> str:
    """Return a statement over certain events; `day` and `known_on` are SQL over them."""
    return (
        statement.replace("{events}", events).replace("{day}", day).replace("{known_on}", known_on)
    )
