"""The statements behind a report: what each account was worth at both ends, added up in one scan.

They equal `scoring.domain.kpis`. Facts are those known at `k`; the header of a contract is today's,
with every last day it ever had taken from its history, because a contract that was prolonged in
place would otherwise never have been up for renewal.
"""

# ruff: noqa: S608 -- SQL is composed of our own text and numbers; values are parameters.

from dataclasses import fields

from accounts.selectors.contracts import covered_until_sql
from accounts.selectors.dated import known
from accounts.selectors.losses import lost_sql
from scoring.domain.kpis import GRACE_DAYS, RenewalSums, Sums

#: A last day may lie so many years behind the day by which it is decided.
NOTICE_YEARS = 3

_CONTRACTS = f"""
own AS (
  SELECT coalesce((SELECT currency FROM accounts_organisation), 'JPY') AS currency
), rate AS (
  SELECT DISTINCT ON (currency) currency, rate FROM accounts_fxrate
  WHERE "on" <= %(opening)s AND recorded_at <= %(k)s
  ORDER BY currency, "on" DESC, recorded_at DESC, id DESC
), agreed AS (
  SELECT *, coalesce({covered_until_sql("header", "header.notice_on")}, 'infinity') AS runs_to
  FROM (
    SELECT c.id, c.account_id, c.product, c.starts_on, c.ends_on, c.notice_months, c.auto_renews,
      lost.lost_on, least(n.notice_on, lost.lost_on) AS notice_on,
      CASE WHEN c.currency = own.currency THEN 1 ELSE r.rate END AS rate
    FROM accounts_contract c CROSS JOIN own LEFT JOIN rate r ON r.currency = c.currency
    CROSS JOIN LATERAL (SELECT CASE WHEN c.notice_received_on <= %(known_on)s
      THEN c.notice_received_on END AS notice_on) n
    LEFT JOIN ({lost_sql("%(known_on)s")}) lost ON lost.account_id = c.account_id
    WHERE c.created_at <= %(k)s AND (c.archived_at IS NULL OR c.archived_at > %(k)s)
    OFFSET 0
  ) header
), contract AS MATERIALIZED (
  SELECT *, least(runs_to, lost_on - 1) AS until FROM agreed
), ending AS (
  SELECT c.id, e.ends_on AS last_day FROM contract c JOIN (
    SELECT DISTINCT pgh_obj_id, ends_on FROM accounts_contractevent
    WHERE ends_on BETWEEN %(ends_from)s AND %(ends_to)s
  ) e ON e.pgh_obj_id = c.id AND (c.ends_on IS NULL OR e.ends_on <= c.ends_on)
  UNION
  SELECT c.id, c.ends_on FROM contract c WHERE c.ends_on BETWEEN %(ends_from)s AND %(ends_to)s
  UNION
  SELECT id, last_day FROM (
    SELECT c.id, c.runs_to,
      (c.ends_on + 1 + make_interval(years => c.years + n))::date - 1 AS last_day
    FROM (
      SELECT id, runs_to, ends_on, greatest(0, extract(year FROM %(ends_from)s::date)::integer
        - extract(year FROM ends_on)::integer - 1) AS years
      FROM contract WHERE auto_renews AND ends_on < %(ends_to)s AND runs_to > ends_on
      OFFSET 0
    ) c CROSS JOIN generate_series(0, %(ends_years)s) n
    OFFSET 0
  ) rolled WHERE last_day BETWEEN %(ends_from)s AND least(%(ends_to)s, runs_to)
)"""

#: Who is in a segment on the day the cohort is taken; nobody where it was not recorded yet.
_MEMBERSHIP = """accounts_segmentmembership m
      JOIN accounts_segment s ON s.id = m.segment_id AND s.created_at <= %(opening_at)s"""
_IN_COHORT = """m.entered_at <= {moment} AND (m.left_at IS NULL OR m.left_at > {moment})"""


def _in_cohort(opening: str) -> str:
    return _IN_COHORT.format(
        moment=f"CASE WHEN {opening} > 0 THEN %(opening_at)s ELSE %(closing_at)s END"
    )


_WORTH = f"""
worth AS (
  SELECT c.account_id,
    sum(t.arr * c.rate) FILTER (WHERE %(opening)s BETWEEN c.starts_on AND c.until
      AND t.starts_on <= %(opening)s AND (t.ends_on IS NULL OR t.ends_on > %(opening)s))
      AS opening,
    sum(t.arr * c.rate) FILTER (WHERE %(closing)s BETWEEN c.starts_on AND c.until
      AND t.starts_on <= %(closing)s AND (t.ends_on IS NULL OR t.ends_on > %(closing)s))
      AS closing,
    sum(t.arr * c.rate) FILTER (WHERE %(opening)s BETWEEN c.starts_on AND c.until
      AND t.starts_on <= %(opening)s AND (t.ends_on IS NULL OR t.ends_on > %(opening)s)
      AND c.id IN (SELECT id FROM ending WHERE last_day >= %(opening)s AND last_day < %(closing)s))
      AS due,
    count(DISTINCT c.id) FILTER (WHERE c.rate IS NULL AND t.starts_on <= %(closing)s
      AND c.until >= %(opening)s) AS unrated
  FROM contract c JOIN accounts_contractterm t ON t.contract_id = c.id AND {known("t")}
  GROUP BY c.account_id
), book AS (
  SELECT a.id, a.team_id, coalesce(w.opening, 0) AS opening, coalesce(w.closing, 0) AS closing,
    coalesce(w.due, 0) AS due, w.unrated
  FROM worth w JOIN accounts_account a ON a.id = w.account_id
  WHERE (%(teams)s::bigint[] IS NULL OR a.team_id = ANY(%(teams)s::bigint[]))
    AND (%(segment)s::bigint IS NULL OR EXISTS (
      SELECT FROM {_MEMBERSHIP} WHERE m.segment_id = %(segment)s::bigint
        AND m.account_id = a.id AND {_in_cohort("w.opening")}))
)"""

_PEOPLE = f"""
customer AS MATERIALIZED (SELECT * FROM book WHERE opening > 0 OR closing > 0),
talk AS MATERIALIZED (
  SELECT tp.id, tp.account_id FROM accounts_touchpoint tp
  WHERE tp.direction = 'two_way' AND NOT tp.is_draft AND {known("tp")}
    AND tp.occurred_at >= %(opening_at)s AND tp.occurred_at < %(closing_at)s
), talks AS (
  SELECT account_id, count(*) AS n FROM talk GROUP BY account_id
), spoken AS MATERIALIZED (
  SELECT DISTINCT talk.account_id, tc.contact_id
  FROM talk JOIN accounts_touchpoint_contacts tc ON tc.touchpoint_id = talk.id
), reached AS (
  SELECT account_id, count(*) AS n FROM spoken GROUP BY account_id
), stakeholder AS (
  SELECT sr.account_id, count(*) AS n, count(spoken.contact_id) AS active
  FROM (
    SELECT DISTINCT sr.account_id, sr.contact_id FROM accounts_stakeholderrole sr
    WHERE sr.starts_on <= %(closing)s AND (sr.ends_on IS NULL OR sr.ends_on > %(closing)s)
      AND {known("sr")}
  ) sr LEFT JOIN spoken USING (account_id, contact_id)
  GROUP BY sr.account_id
)"""

#: The customers of the report with all that is added up, once for the whole and for every part.
_COUNTED = """
counted AS MATERIALIZED (
  SELECT b.*, talks.n AS touches, reached.n AS contacts,
    stakeholder.n AS stakeholders, stakeholder.active
  FROM customer b
  LEFT JOIN talks ON talks.account_id = b.id
  LEFT JOIN reached ON reached.account_id = b.id
  LEFT JOIN stakeholder ON stakeholder.account_id = b.id
)"""

_SUMS = """
  count(*) FILTER (WHERE opening > 0) AS opening_accounts,
  count(*) FILTER (WHERE closing > 0) AS closing_accounts,
  count(*) AS customers,
  count(*) FILTER (WHERE opening > 0 AND closing = 0) AS lost_accounts,
  count(*) FILTER (WHERE opening = 0) AS new_accounts,
  count(*) FILTER (WHERE opening > 0 AND closing > opening) AS grown_accounts,
  count(*) FILTER (WHERE closing > 0 AND closing < opening) AS shrunk_accounts,
  count(*) FILTER (WHERE due > 0) AS due_accounts,
  count(touches) AS touched_accounts,
  coalesce(sum(opening), 0) AS opening,
  coalesce(sum(closing) FILTER (WHERE opening = 0), 0) AS new,
  coalesce(sum(closing - opening) FILTER (WHERE opening > 0 AND closing > opening), 0)
    AS expansion,
  coalesce(sum(opening - closing) FILTER (WHERE closing > 0 AND closing < opening), 0)
    AS contraction,
  coalesce(sum(opening) FILTER (WHERE closing = 0), 0) AS churn,
  coalesce(sum(closing), 0) AS closing,
  coalesce(sum(due), 0) AS due,
  coalesce(sum(greatest(due - greatest(opening - closing, 0), 0)), 0) AS due_kept,
  coalesce(sum(touches), 0)::bigint AS touches,
  coalesce(sum(contacts), 0)::bigint AS contacts,
  coalesce(sum(stakeholders), 0)::bigint AS stakeholders,
  coalesce(sum(active), 0)::bigint AS active_stakeholders"""

_TURNS = f"""
turn AS MATERIALIZED (
  SELECT d.*, (
    SELECT sum(t.arr) * d.rate FROM accounts_contractterm t
    WHERE t.contract_id = d.id AND {known("t")} AND t.starts_on <= d.last_day
      AND (t.ends_on IS NULL OR t.ends_on > d.last_day)) AS worth
  FROM (
    SELECT c.*, e.last_day,
      (e.last_day + 1 - make_interval(months => c.notice_months))::date - 1 AS decide_on
    FROM contract c JOIN ending e ON e.id = c.id WHERE e.last_day >= c.starts_on
    OFFSET 0
  ) d WHERE d.last_day <= %(last)s OR d.decide_on <= %(last)s
), followed AS (
  SELECT DISTINCT t.id, t.last_day FROM turn t JOIN contract n
    ON n.account_id = t.account_id AND n.product = t.product AND n.id <> t.id
      AND n.starts_on > t.starts_on AND n.starts_on <= t.last_day + {GRACE_DAYS}
      AND n.until > t.last_day AND n.rate IS NOT NULL
), outcome AS (
  SELECT t.*, CASE
      WHEN t.ends_on IS NULL OR t.ends_on > t.last_day THEN 'renewed'
      WHEN t.runs_to > t.last_day AND (t.decide_on < %(today)s OR t.notice_on IS NOT NULL)
        THEN 'renewed'
      WHEN f.id IS NOT NULL THEN 'renewed'
      WHEN t.last_day < %(today)s OR t.notice_on IS NOT NULL THEN 'lost'
      ELSE 'pending' END AS state
  FROM turn t LEFT JOIN followed f ON f.id = t.id AND f.last_day = t.last_day
  WHERE t.worth > 0
)"""

_ENDED = """
ended AS MATERIALIZED (
  SELECT b.id, b.team_id, o.* FROM (
    SELECT account_id, state, worth, false AS by_decision FROM outcome
    WHERE last_day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT account_id, state, worth, true FROM outcome
    WHERE decide_on BETWEEN %(first)s AND %(last)s
  ) o JOIN book b ON b.id = o.account_id
)"""

_RENEWALS = """
  by_decision,
  count(*) FILTER (WHERE state = 'renewed') AS renewed,
  count(*) FILTER (WHERE state = 'lost') AS lost,
  count(*) FILTER (WHERE state = 'pending') AS pending,
  coalesce(sum(worth) FILTER (WHERE state = 'renewed'), 0) AS renewed_worth,
  coalesce(sum(worth) FILTER (WHERE state = 'lost'), 0) AS lost_worth,
  coalesce(sum(worth) FILTER (WHERE state = 'pending'), 0) AS pending_worth"""

_LINE = f"""
SELECT m.day, count(DISTINCT c.account_id) AS accounts, coalesce(sum(t.arr * c.rate), 0) AS arr
FROM unnest(%(days)s::date[]) AS m(day)
LEFT JOIN (
  contract c JOIN book ON book.id = c.account_id AND c.rate IS NOT NULL
  JOIN accounts_contractterm t ON t.contract_id = c.id AND {known("t")} AND t.arr > 0
) ON m.day BETWEEN c.starts_on AND c.until
  AND t.starts_on <= m.day AND (t.ends_on IS NULL OR t.ends_on > m.day)
GROUP BY m.day ORDER BY m.day"""

_ROWS = """
SELECT b.id, b.opening, b.closing, b.due FROM customer b"""

#: Who was in which segment, found once: joined row by row it would be asked millions of times.
_MEMBER = f"""member AS MATERIALIZED (
  SELECT b.id AS account_id, m.segment_id FROM book b
  JOIN ({_MEMBERSHIP}) ON m.account_id = b.id
  WHERE s.archived_at IS NULL AND {_in_cohort("b.opening")}
)"""
SUM_NAMES = tuple(field.name for field in fields(Sums))
RENEWAL_NAMES = tuple(field.name for field in fields(RenewalSums))


def sums_sql(*, with_parts: bool) -> str:
    """Return the statement that yields (part, key, unrated, *SUM_NAMES) of a report.

    `part` is `all`, and with parts also `team` and `segment` with its key; `unrated` counts the
    contracts left out of the whole because their currency has no rate.
    """
    unrated = "(SELECT coalesce(sum(unrated), 0)::bigint FROM book) AS unrated,"
    return _added_up(f"{_PEOPLE}, {_COUNTED}", "counted", f"{unrated}{_SUMS}", "", with_parts)


def renewals_sql(*, with_parts: bool) -> str:
    """Return the statement that yields (part, key, by_decision, *RENEWAL_NAMES) of a report."""
    return _added_up(f"{_TURNS}, {_ENDED}", "ended", _RENEWALS, "by_decision", with_parts)


def _added_up(tables: str, rows: str, columns: str, group: str, with_parts: bool) -> str:
    """Add the same rows up for the whole, by team and by segment, reading them once."""
    parts = [f"SELECT 'all' AS part, NULL::bigint AS key, {columns} FROM {rows}"]
    parts[0] += f" GROUP BY {group}" if group else ""
    also = f", {group}" if group else ""
    if with_parts:
        tables = f"{_MEMBER}, {tables}"
        parts.append(f"SELECT 'team', team_id, {columns} FROM {rows} GROUP BY team_id{also}")
        parts.append(
            f"SELECT 'segment', m.segment_id, {columns} FROM {rows}"
            f" JOIN member m ON m.account_id = {rows}.id GROUP BY m.segment_id{also}"
        )
    return f"WITH {_CONTRACTS}, {_WORTH}, {tables} {' UNION ALL '.join(parts)}"


def line_sql() -> str:
    """Return the statement that yields (day, customers, yearly value) of each of `days`."""
    return f"WITH {_CONTRACTS}, {_WORTH} {_LINE}"


def accounts_sql() -> str:
    """Return the statement that yields (account id, opening, closing, due) of each customer."""
    return f"WITH {_CONTRACTS}, {_WORTH}, {_PEOPLE} {_ROWS}"
