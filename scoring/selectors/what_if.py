"""What a definition would do to the book: it and the acting one over the same stored values.

Nothing is written. Both are evaluated at one instant, so that every difference is the definition's.
Bands are those an account settles in: better ones as they will be after two official days.
"""

import datetime as dt
import heapq
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from accounts.models import Account
from accounts.querysets import AccountQuerySet
from scoring.choices import Band
from scoring.domain.definition import Definition
from scoring.domain.validation import migration_matrix
from scoring.models import Scorecard
from scoring.selectors.amounts import rates_on, reporting_currency
from scoring.selectors.assignments import audience_sql
from scoring.selectors.cohorts import BOOK, CohortRows, cohort_rows, valid_table
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.frames import Frame, provisional_frame
from scoring.selectors.metric_sql import compile_metrics
from scoring.selectors.reasons import Mover, Side, explain_movers
from scoring.selectors.scorable import SCORABLE
from scoring.selectors.score_terms import BAND_SLUGS, held_sql, plain_sql, rise_sql
from scoring.selectors.scorecards import (
    ActingScorecard,
    acting_scorecards,
    metric_slots,
)

SHARD = 10_000
MOVERS = 25
ORDER = [band.value for band in Band]
NO_SCORE = Band.NOT_ENOUGH_DATA.value
WORSE = (Band.CRITICAL.value, Band.AT_RISK.value)
_FIGURES = ("accounts", "arr", "no_rate", "old", "new", "scored")

Progress = Callable[[int, int], None]

_COMPARE = """
WITH before AS MATERIALIZED ({before}),
after AS MATERIALIZED ({after}),
pair AS MATERIALIZED (
  SELECT coalesce(n.account_id, o.account_id) AS account_id, o.score AS old, n.score AS new,
    coalesce(o.band, 'not_enough_data') AS was, coalesce(n.band, 'not_enough_data') AS becomes,
    a.arr * r.rate AS arr
  FROM after n FULL JOIN before o ON o.account_id = n.account_id
  JOIN accounts_account a ON a.id = coalesce(n.account_id, o.account_id)
  LEFT JOIN unnest(%(currencies)s::text[], %(rates)s::float8[]) AS r(currency, rate)
    ON r.currency = a.currency
)
SELECT
  (SELECT jsonb_agg(jsonb_build_array(was, becomes, accounts, arr, no_rate, old, new, scored))
   FROM (SELECT was, becomes, count(*) AS accounts, coalesce(sum(arr), 0) AS arr,
           count(*) FILTER (WHERE arr IS NULL) AS no_rate,
           sum(old) FILTER (WHERE new IS NOT NULL) AS old,
           sum(new) FILTER (WHERE old IS NOT NULL) AS new,
           count(*) FILTER (WHERE old IS NOT NULL AND new IS NOT NULL) AS scored
         FROM pair GROUP BY was, becomes) cells),
  (SELECT jsonb_agg(jsonb_build_array(account_id, old, new, was, becomes, arr))
   FROM (SELECT * FROM pair WHERE abs(new - old) >= 0.05
         ORDER BY abs(new - old) DESC, account_id LIMIT {movers}) far),
  (SELECT jsonb_agg(jsonb_build_array(account_id, old, new, was, becomes, arr))
   FROM (SELECT * FROM pair WHERE old IS NOT NULL AND new IS NULL
         ORDER BY arr DESC NULLS LAST, account_id LIMIT {movers}) gone)
"""

_SETTLED = """
SELECT s.account_id, s.score, ({slugs})[1 + CASE
  WHEN s.score IS NULL THEN NULL
  WHEN f.band IS NOT NULL THEN array_position({slugs}, f.band) - 1
  WHEN s.score <> s.computed THEN {shown}
  WHEN s.corrections[2] < 0 THEN least({plain}, {settled}) ELSE {settled} END] AS band
FROM ({scores}
OFFSET 0) s
LEFT JOIN (SELECT account_id, state FROM scoring_healthcurrent) w ON w.account_id = s.account_id
LEFT JOIN (
  SELECT account_id, band FROM scoring_healthoverride
  WHERE kind = 'band' AND retracted_at IS NULL AND starts_at <= %(t)s AND expires_at > %(t)s
) f ON f.account_id = s.account_id
"""

_WITH_FRESH = """(
SELECT m.account_id,
  m.v || array_fill(NULL::float8, ARRAY[{length} - cardinality(m.v)]) || x.v AS v,
  m.seen || array_fill(NULL::date, ARRAY[{length} - cardinality(m.seen)]) || x.seen AS seen
FROM scoring_metricvalue m JOIN ({fresh}) x ON x.account_id = m.account_id
WHERE m.account_id = ANY(%(ids)s) OFFSET 0)"""


@dataclass(frozen=True)
class Sides:
    """What acts now and what is tried, for the accounts it is for, and how their values are read.

    :param table: the relation of stored values, with those computed only now at its end.
    :param fresh: metrics whose values nobody has stored yet.
    :param cohorts: the frozen rows percentiles are read from; `unfrozen` are measures without any.
    """

    before: list[ActingScorecard]
    after: ActingScorecard
    frame: Frame
    slots: dict[str, int]
    table: str
    fresh: list[str]
    cohorts: CohortRows
    unfrozen: list[str]

    def explain(self, movers: Sequence[Mover]) -> list[dict[str, Any]]:
        """Return the accounts with the reasons for which they move."""
        before = Side(self.before, self.slots, self.table, self.cohorts)
        after = Side([self.after], self.slots, self.table, self.cohorts)
        return explain_movers(movers, before=before, after=after, frame=self.frame)


def try_definition(
    *,
    scorecard: Scorecard,
    definition: Definition,
    at: dt.datetime,
    progress: Progress,
    pilot: int | None = None,
) -> dict[str, Any]:
    """Compare a definition with what acts, over every account the scorecard is for.

    A constant number of statements a shard of 10,000 accounts.

    :param pilot: the id of the version on a pilot that is tried, on its segment alone.
    :param progress: is told (accounts done, accounts in the book) after each shard.
    :return: matrix of bands (accounts and ARR), what moved, alerts that would open, top movers
        with reasons, accounts no longer scored; amounts in the reporting currency.
    """
    started = time.monotonic()
    frame = provisional_frame(at)
    sides = lay_out(scorecard=scorecard, definition=definition, frame=frame, pilot=pilot)
    counts, movers, gone = _compare(sides, progress)
    return {
        "at": at.isoformat(),
        "currency": reporting_currency(),
        "fresh_metrics": sides.fresh,
        "unfrozen_metrics": sides.unfrozen,
        **_figures(counts),
        "movers": sides.explain(movers),
        "unscored": sides.explain(gone),
        "seconds": round(time.monotonic() - started, 3),
    }


def lay_out(
    *, scorecard: Scorecard, definition: Definition, frame: Frame, pilot: int | None = None
) -> Sides:
    """Find what acts on the accounts of a scorecard, and where values of its metrics stand.

    :param pilot: the id of a version on a pilot that is the one tried: it is held against what
        would judge its segment without it.
    """
    acting = acting_scorecards(frame.day)
    tried = next((card for card in acting if card.is_pilot and card.version_id == pilot), None)
    where = _where(scorecard, acting)
    if tried is not None:
        where = f"({where}) AND ({tried.where})"
    after = ActingScorecard(0, scorecard.key, 0, "", definition, where)
    cards = _alone([card for card in acting if card is not tried])
    own = [card for card in cards if card.key == scorecard.key]
    before = own if any(not card.is_pilot for card in own) else cards
    before = [replace(card, where=f"({card.where}) AND ({where})") for card in before]
    slots = metric_slots()
    fresh = _unstored(definition, slots)
    length = max(slots.values(), default=0)
    for number, key in enumerate(fresh, start=1):
        slots[key] = length + number
    table = "scoring_metricvalue"
    if fresh:
        known = all_metrics()
        members = {number: known[key] for number, key in enumerate(fresh, start=1)}
        table = _WITH_FRESH.format(length=length, fresh=compile_metrics(members, frame))
    cohorts = _cohorts([after, *before], frame)
    unfrozen = sorted(key for key in definition.told_by_cohort() if not cohorts.of(BOOK, key))
    return Sides(before, after, frame, slots, table, fresh, cohorts, unfrozen)


def shards(book: AccountQuerySet, size: int) -> Iterator[list[int]]:
    """Yield the ids of accounts in order, so many at a time."""
    last = 0
    while ids := list(book.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def _where(scorecard: Scorecard, acting: Sequence[ActingScorecard]) -> str:
    """Return the condition for the accounts that fall to a scorecard, by its place in the order."""
    places = {
        key: place
        for key, *place in Scorecard.objects.values_list("key", "is_default", "position", "pk")
    }
    own = "true" if scorecard.is_default else audience_sql(scorecard.condition)
    before = [card for card in acting if places[card.key] < places[scorecard.key]]
    return " AND ".join([f"({own})", *(f"({card.where}) IS NOT TRUE" for card in before)])


def _alone(cards: Sequence[ActingScorecard]) -> list[ActingScorecard]:
    """Let each condition hold only for accounts that no scorecard before it takes."""
    taken: list[str] = []
    alone = []
    for card in cards:
        alone.append(replace(card, where=" AND ".join([f"({card.where})", *taken])))
        taken.append(f"({card.where}) IS NOT TRUE")
    return alone


def _cohorts(cards: Sequence[ActingScorecard], frame: Frame) -> CohortRows:
    """Return the rows of the table that is valid now; two queries, none where nobody asks."""
    wanted = sorted({key for card in cards for key in card.definition.cohort_metrics()})
    table = valid_table(frame) if wanted else None
    return cohort_rows(table.pk if table else None, metrics=wanted)


def _unstored(definition: Definition, slots: dict[str, int]) -> list[str]:
    """Return the metrics that are known, but newer than the values of some account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(cardinality(v)) FROM scoring_metricvalue")
        stored = cursor.fetchone()[0] or 0
    known = all_metrics()
    wanted = sorted(key for key in definition.metrics() if key in known)
    return [key for key in wanted if slots.get(key, stored + 1) > stored]


def _statement(sides: Sides) -> str:
    before = [_settled(card, sides) for card in sides.before]
    nobody = "SELECT NULL::bigint AS account_id, NULL::float8 AS score, NULL::text AS band LIMIT 0"
    return _COMPARE.format(
        before=" UNION ALL ".join(before) or nobody,
        after=_settled(sides.after, sides),
        movers=MOVERS,
    )


def _settled(card: ActingScorecard, sides: Sides) -> str:
    bands = card.definition.bands
    compiler = card.compiler(sides.slots, official=False, cohorts=sides.cohorts)
    scores = compiler.compile(sides.table, f"({SCORABLE}) AND ({card.where})")
    held, rise = held_sql(bands, "computed"), rise_sql(bands, "computed")
    best = f"least({held}, greatest(w.state, {rise}))"
    plain = plain_sql(bands, "computed")
    return _SETTLED.format(
        slugs=BAND_SLUGS,
        shown=plain_sql(bands, "s.score"),
        plain=plain,
        settled=f"CASE WHEN w.state IS NULL THEN {plain} ELSE {best} END",
        scores=scores,
    )


def _compare(
    sides: Sides, progress: Progress
) -> tuple[Counter[tuple[str, str, str]], list[Mover], list[Mover]]:
    """Return the figures by (band before, band after, name), who moves most, who drops out."""
    statement = _statement(sides)
    book = Account.objects.unarchived().filter(kind="customer")
    total, done = book.count(), 0
    counts: Counter[tuple[str, str, str]] = Counter()
    movers: list[Mover] = []
    gone: list[Mover] = []
    for ids in shards(book, SHARD):
        cells, far, unscored = _run(statement, sides, ids)
        for was, becomes, *figures in cells:
            for name, figure in zip(_FIGURES, figures, strict=True):
                counts[was, becomes, name] += figure or 0
        movers = heapq.nlargest(MOVERS, [*movers, *map(_mover, far)], key=Mover.distance)
        gone = heapq.nlargest(MOVERS, [*gone, *map(_mover, unscored)], key=Mover.worth)
        done += len(ids)
        progress(done, max(done, total))
    return counts, movers, gone


def _run(statement: str, sides: Sides, ids: list[int]) -> list[Any]:
    rates = rates_on(sides.frame.day)
    values = {
        **sides.frame.parameters(),
        "ids": ids,
        "was_day": None,
        "currencies": list(rates),
        "rates": list(rates.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [json.loads(part or "[]") for part in cursor.fetchone()]


def _mover(row: Sequence[Any]) -> Mover:
    return Mover(*row)


def _figures(counts: Counter[tuple[str, str, str]]) -> dict[str, Any]:
    """Turn sums by (band before, band after, figure) into what a report holds."""

    def matrix(name: str) -> list[list[float]]:
        cells = {(was, becomes): n for (was, becomes, one), n in counts.items() if one == name}
        return migration_matrix(cells, ORDER)

    def total(name: str, which: Callable[[str, str], bool]) -> float:
        return sum(n for (was, is_, one), n in counts.items() if one == name and which(was, is_))

    def part(which: Callable[[str, str], bool]) -> dict[str, float]:
        return {"accounts": total("accounts", which), "arr": total("arr", which)}

    scored = total("scored", _any)
    return {
        "accounts": total("accounts", _any),
        "no_rate": total("no_rate", _any),
        "bands": ORDER,
        "matrix": {"accounts": matrix("accounts"), "arr": matrix("arr")},
        "mean": {name: total(name, _any) / scored if scored else None for name in ("old", "new")},
        "moved": {
            "better": part(lambda was, is_: _is_scored(was, is_) and _rank(is_) > _rank(was)),
            "worse": part(lambda was, is_: _is_scored(was, is_) and _rank(is_) < _rank(was)),
            "unscored": part(lambda was, is_: was != NO_SCORE == is_),
            "newly_scored": part(lambda was, is_: was == NO_SCORE != is_),
        },
        "alerts": {
            "crossing": part(lambda was, is_: is_ in WORSE and _rank(is_) < _rank(was)),
            "coverage_lost": part(lambda was, is_: was != NO_SCORE == is_),
        },
    }


def _any(was: str, becomes: str) -> bool:
    return True


def _is_scored(was: str, becomes: str) -> bool:
    return NO_SCORE not in (was, becomes)


def _rank(band: str) -> int:
    """Return the place of a band from the worst; no score stands above all: none was at risk."""
    return ORDER.index(band)
