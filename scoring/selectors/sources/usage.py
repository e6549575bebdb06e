"""How the product was used, from the roll-ups."""

# ruff: noqa: S608 -- SQL is composed of our own text, dates and numbers; values are parameters.

import datetime as dt
from collections.abc import Mapping

from scoring.selectors.frames import Frame
from scoring.selectors.property_sql import kind_of, number_of, reading_of
from scoring.selectors.sources.fragments import local


def users(frame: Frame, first: dt.date) -> str:
    """Read who was active on which days of a month."""
    return f"""
SELECT account_id, month, series_id, user_id, days,
  e.meaning = 'login' AS is_login, e.meaning <> 'login' AS is_key_workflow
FROM scoring_usermonth LEFT JOIN scoring_eventname e ON e.id = series_id
WHERE account_id = ANY(%(ids)s) AND month BETWEEN '{first.replace(day=1)}' AND '{frame.day}'
  AND known_on <= %(known_on)s"""


def usage(frame: Frame, first: dt.date) -> str:
    """Read how often what was done on which day."""
    return f"""
SELECT account_id, day AS "on", series_id, n, e.name, e.meaning, e.is_key_feature,
  e.summed_property <> '' AS is_summed
FROM scoring_usageday JOIN scoring_eventname e ON e.id = series_id
WHERE account_id = ANY(%(ids)s) AND day BETWEEN '{first}' AND '{frame.day}'
  AND known_on <= %(known_on)s"""


def usage_by_window(frame: Frame, windows: Mapping[str, tuple[dt.date, dt.date]]) -> str:
    """Read the same as one row a series, added up over each window under the window's name.

    A window in which nothing was done is NULL. Fifteen times fewer rows meet their event's name.
    """
    first = min(start for start, _ in windows.values())
    sums = ", ".join(
        f"sum(n) FILTER (WHERE day BETWEEN '{start}' AND '{last}') AS {name}"
        for name, (start, last) in windows.items()
    )
    return f"""
SELECT g.*, e.name, e.meaning, e.is_key_feature, e.summed_property <> '' AS is_summed
FROM (
  SELECT account_id, series_id, {sums} FROM scoring_usageday
  WHERE account_id = ANY(%(ids)s) AND day BETWEEN '{first}' AND '{frame.day}'
    AND known_on <= %(known_on)s
  GROUP BY account_id, series_id OFFSET 0
) g JOIN scoring_eventname e ON e.id = g.series_id"""


def sums(frame: Frame, first: dt.date) -> str:
    """Read the sums of a property; apart from the counts, which never leave the index."""
    return f"""
SELECT account_id, day AS "on", series_id, total::float8 AS total, e.name, e.meaning
FROM scoring_usageday JOIN scoring_eventname e ON e.id = series_id
WHERE account_id = ANY(%(ids)s) AND day BETWEEN '{first}' AND '{frame.day}'
  AND known_on <= %(known_on)s AND total IS NOT NULL
  AND series_id = ANY(ARRAY(SELECT id FROM scoring_eventname WHERE summed_property <> ''))"""


def series(frame: Frame, first: dt.date) -> str:
    """Read what is counted apart for custom metrics (`EventSeries`)."""
    return f"""
SELECT account_id, day AS "on", series_id, n, total::float8 AS total FROM scoring_usageday
WHERE account_id = ANY(%(ids)s) AND day BETWEEN '{first}' AND '{frame.day}'
  AND known_on <= %(known_on)s
  AND series_id = ANY(ARRAY(SELECT -id FROM scoring_eventseries))"""


def newest(frame: Frame, first: dt.date) -> str:
    """Read what a property said last on each day (`NewestDay`)."""
    return f"""
SELECT account_id, day AS "on", series_id, value, at FROM scoring_newestday
WHERE account_id = ANY(%(ids)s) AND day BETWEEN '{first}' AND '{frame.day}'
  AND known_on <= %(known_on)s"""


def values(frame: Frame, first: dt.date) -> str:
    """Read on which days of a month a property had which value (`ValueMonth`)."""
    return f"""
SELECT account_id, month, series_id, key, days FROM scoring_valuemonth
WHERE account_id = ANY(%(ids)s) AND month BETWEEN '{first.replace(day=1)}' AND '{frame.day}'
  AND known_on <= %(known_on)s"""


def events(frame: Frame, first: dt.date) -> str:
    """Read raw events, for the preview of a metric nobody counts yet."""
    raw = "(properties -> %(raw_property)s)"
    return f"""
SELECT account_id, {local("occurred_at")} AS "on", user_id, 1 AS n,
  {number_of(raw)} AS total, {reading_of(raw, "%(raw_codes)s::jsonb")} AS value,
  {kind_of(raw, "0")} AS key, occurred_at AS at
FROM scoring_event
WHERE account_id = ANY(%(ids)s) AND occurred_at >= '{first}' AND occurred_at < %(t)s
  AND received_at <= %(k)s AND (%(raw_event)s::integer IS NULL OR name_id = %(raw_event)s)
  AND coalesce(properties, '{{}}') @> %(raw_filter)s::jsonb"""
