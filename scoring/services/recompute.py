"""Recompute health: metric values, score, day, newest, changes of band, for a set of accounts.

A constant number of statements for any number of accounts. Everything happens in one transaction
that holds the locks of the accounts' newest rows, so two workers never write one account at once.
"""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

import datetime as dt
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from config.lib.bells import ring
from scoring.choices import RunKind
from scoring.models import HealthRun
from scoring.selectors.cohorts import CohortRows, cohort_rows, valid_table
from scoring.selectors.frames import ONE_DAY, Frame
from scoring.selectors.metric_sql import compile_metrics
from scoring.selectors.scorable import SCORABLE
from scoring.selectors.score_terms import BAND_SLUGS
from scoring.selectors.scorecards import (
    ActingScorecard,
    acting_scorecards,
    assign,
    judging_scorecards,
    metrics_by_slot,
    versions_of_day,
)
from scoring.services.alert_runs import tend_alerts
from scoring.services.metric_slots import ensure_metric_slots
from scoring.services.scorecards import install_starter_content

logger = logging.getLogger(__name__)

#: Changes when the arithmetic does; a run names the engine it was made by.
ENGINE = "2"

_MAKE = f"""
INSERT INTO scoring_healthcurrent (account_id, band, coverage, confidence, kind)
SELECT a.id, 'not_enough_data', 0, 0, 'provisional' FROM accounts_account a
WHERE a.id = ANY(%(ids)s) AND {SCORABLE}
  AND NOT EXISTS (SELECT FROM scoring_healthcurrent c WHERE c.account_id = a.id)
ORDER BY a.id ON CONFLICT DO NOTHING
"""

_LOCK = f"""
SELECT c.account_id, c.computed_at FROM scoring_healthcurrent c
WHERE c.account_id = ANY(%(ids)s)
  AND EXISTS (SELECT FROM accounts_account a WHERE a.id = c.account_id AND {SCORABLE})
ORDER BY c.account_id FOR UPDATE OF c
"""

_STORE = """
INSERT INTO scoring_metricvalue AS m (account_id, v, seen, known_at)
SELECT account_id, v, seen, %(k)s FROM ({values}) x ORDER BY account_id
ON CONFLICT (account_id) DO UPDATE
SET v = excluded.v, seen = excluded.seen, known_at = excluded.known_at
WHERE (m.v, m.seen) IS DISTINCT FROM (excluded.v, excluded.seen)
"""

_SCORE = """
WITH scored AS MATERIALIZED ({score}),
days AS (
  INSERT INTO scoring_healthdaily AS d (day, account_id, score, computed, base_weight, coverage,
    points, corrections, dimensions, contributions, band, state, rise, low, kept, kind, version_id,
    run_id)
  SELECT %(day)s, account_id, score, computed, base_weight, coverage, points, corrections,
    dimensions, contributions, band, state, rise, {low}, kept, %(kind)s, %(version)s, %(run)s
  FROM scored ORDER BY account_id
  ON CONFLICT (day, account_id) DO UPDATE SET score = excluded.score,
    computed = excluded.computed, base_weight = excluded.base_weight,
    coverage = excluded.coverage, points = excluded.points, corrections = excluded.corrections,
    dimensions = excluded.dimensions, contributions = excluded.contributions,
    band = excluded.band, state = excluded.state, rise = excluded.rise,
    low = least(d.low, excluded.low), kept = excluded.kept, kind = excluded.kind,
    version_id = excluded.version_id, run_id = excluded.run_id
  WHERE excluded.kind = 'official' OR d.kind = 'provisional'
){use}
SELECT (SELECT count(*) FROM scored), {transitions}
"""

_LIVE = """,
fresh AS (
  SELECT s.*, coalesce(({slugs})[s.band + 1], 'not_enough_data') AS slug,
    s.score - past.score AS change
  FROM scored s LEFT JOIN scoring_healthdaily past
    ON past.account_id = s.account_id AND past.day = %(past_day)s
),
news AS (
  INSERT INTO scoring_healthtransition
    (account_id, from_band, to_band, score, day, at, kind, run_id)
  SELECT f.account_id, c.band, f.slug, f.score, %(day)s, %(t)s, %(kind)s, %(run)s
  FROM fresh f JOIN scoring_healthcurrent c ON c.account_id = f.account_id
  WHERE c.band <> f.slug ORDER BY f.account_id
  RETURNING 1
),
shown AS (
  UPDATE scoring_healthcurrent c SET day = %(day)s, score = f.score, computed = f.computed,
    band = f.slug, state = f.state, coverage = f.coverage, confidence = f.confidence,
    change_30d = f.change, gate = f.gate, let_go = f.let_go, kind = %(kind)s,
    version_id = %(version)s, run_id = %(run)s, computed_at = %(t)s
  FROM fresh f WHERE c.account_id = f.account_id
)"""

#: What a provisional run showed meanwhile stays; the next one starts from this night's state.
_BASIS = """,
basis AS (
  UPDATE scoring_healthcurrent c SET state = s.state
  FROM scored s WHERE c.account_id = s.account_id
)"""

#: An account that is marked already stays as it is: whoever holds its mark waits for our lock, so
#: to wait for theirs would be a deadlock.
_MARK_AGAIN = """
INSERT INTO accounts_dirtyaccount (account_id, first_at, since, reason)
SELECT id, %(at)s, %(at)s, 'official_run' FROM unnest(%(ids)s::bigint[]) AS id ORDER BY id
ON CONFLICT DO NOTHING
"""


class Use(Enum):
    """What a score is for: to be shown, to start the next one from, or for its day alone."""

    SHOWN = _LIVE.format(slugs=BAND_SLUGS)
    BASIS = _BASIS
    HISTORY = ""


@dataclass(frozen=True)
class Outcome:
    """What a computation did."""

    accounts: int = 0
    transitions: int = 0
    seconds: float = 0.0
    failed: tuple[int, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.accounts + other.accounts,
            self.transitions + other.transitions,
            self.seconds + other.seconds,
            self.failed + other.failed,
        )


@dataclass(frozen=True)
class Book:
    """What all accounts of a computation have in common, read once.

    :param is_again: the day was closed before; whom it judged then, it judges by the same version.
    """

    run: HealthRun
    frame: Frame
    slots: dict[str, int]
    scorecards: list[ActingScorecard]
    cohorts: CohortRows
    is_newest: bool
    is_again: bool
    was_day: dt.date | None

    def parameters(self, account_ids: Sequence[int]) -> dict[str, Any]:
        """Return the parameters of every statement."""
        return {
            **self.frame.parameters(),
            "ids": list(account_ids),
            "kind": self.frame.kind,
            "run": self.run.pk,
            "was_day": self.was_day,
            "past_day": self.frame.day - 30 * ONE_DAY,
        }


def open_book(*, frame: Frame, run: HealthRun | None = None) -> Book:
    """Read scorecards, slots and the official day before, for any number of shards.

    An organisation without any scorecard gets the shipped ones first.

    :param run: one that goes on; without it one begins, or goes on if it closes the same day.
    """
    if not (scorecards := acting_scorecards(frame.day)):
        install_starter_content(at=frame.t)
        scorecards = acting_scorecards(frame.day)
    run = run or _start_run(frame, scorecards)
    is_again = frame.is_official and run.finished_at is not None
    if is_again:
        scorecards = [*scorecards, *judging_scorecards(frame.day)]
    official = HealthRun.objects.filter(kind=RunKind.OFFICIAL)
    before = official.filter(day__lt=frame.day).order_by("-day").values_list("day", flat=True)
    return Book(
        run=run,
        frame=frame,
        slots=ensure_metric_slots(),
        scorecards=scorecards,
        cohorts=cohort_rows(run.cohort_id, metrics=_cohort_metrics(scorecards)),
        is_newest=frame.is_official and not official.filter(day__gt=frame.day).exists(),
        is_again=is_again,
        was_day=before.first(),
    )


def _start_run(frame: Frame, scorecards: Sequence[ActingScorecard]) -> HealthRun:
    """Return the run of a frame: a new one, or the one official run of its day."""
    table = valid_table(frame)
    values = {
        "t": frame.t,
        "k": frame.k,
        "versions": {c.key: {"number": c.number, "digest": c.digest} for c in scorecards},
        "engine": ENGINE,
        "cohort_id": table.pk if table else None,
    }
    if frame.is_official:
        return HealthRun.objects.get_or_create(
            kind=RunKind.OFFICIAL, day=frame.day, defaults=values
        )[0]
    return HealthRun.objects.create(kind=frame.kind, day=frame.day, **values)


def recompute_sparing(*, book: Book, account_ids: Sequence[int]) -> Outcome:
    """Compute these accounts; one whose facts can't be computed spoils nobody else's score.

    A set that fails is halved until the faulty accounts stand alone; they are logged, reported as
    `failed`, and keep the health they had.
    """
    try:
        return recompute_accounts(book=book, account_ids=account_ids)
    except (DataError, IntegrityError):
        if len(account_ids) == 1:
            logger.exception("health of account %s can't be computed", account_ids[0])
            return Outcome(failed=(account_ids[0],))
    half = len(account_ids) // 2
    first, second = account_ids[:half], account_ids[half:]
    return recompute_sparing(book=book, account_ids=first) + recompute_sparing(
        book=book, account_ids=second
    )


@transaction.atomic
def recompute_accounts(*, book: Book, account_ids: Sequence[int]) -> Outcome:
    """Compute these accounts in the book's frame; those nobody scores are left out.

    An account that was computed for a later instant is history here: its day is written, its
    newest values stay, so changes of band are told in the order of their instants. Of the newest
    official run the next provisional one takes the state; such accounts are marked dirty, so
    that it comes within seconds.
    """
    started = time.monotonic()
    locked = _lock(book, account_ids)
    later = [pk for pk, computed_at in locked if computed_at and computed_at > book.frame.t]
    past = set(later)
    outcome = _score(book, [pk for pk, _ in locked if pk not in past], Use.SHOWN)
    outcome += _score(book, later, Use.BASIS if book.is_newest else Use.HISTORY)
    if book.is_newest:
        _mark_again(later, at=book.frame.t)
    history = set() if book.is_newest else past
    tend_alerts(
        account_ids=[pk for pk in account_ids if pk not in history],
        run=book.run,
        frame=book.frame,
        slots=book.slots,
    )
    if outcome.transitions:
        ring("health.transition")
    return Outcome(outcome.accounts, outcome.transitions, time.monotonic() - started)


def _lock(book: Book, account_ids: Sequence[int]) -> list[tuple[int, dt.datetime | None]]:
    """Lock the newest rows in key order, after making those that are missing."""
    parameters = book.parameters(account_ids)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_MAKE, parameters)
        cursor.execute(_LOCK, parameters)
        return cursor.fetchall()  # type: ignore[no-any-return]


def _mark_again(account_ids: Sequence[int], *, at: dt.datetime) -> None:
    if not account_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MARK_AGAIN, {"ids": list(account_ids), "at": at})
    ring("account.dirty")


def _score(book: Book, account_ids: Sequence[int], use: Use) -> Outcome:
    if not account_ids:
        return Outcome()
    parameters = book.parameters(account_ids)
    values = compile_metrics(metrics_by_slot(book.slots), book.frame)
    outcome = Outcome()
    with connection.cursor() as cursor:
        if use is Use.SHOWN:
            cursor.execute(_STORE.format(values=values), parameters)
        table = "scoring_metricvalue" if use is Use.SHOWN else f"({values}\nOFFSET 0)"
        for scorecard, group in _in_order(book, account_ids):
            own = {**parameters, "ids": group, "version": scorecard.version_id}
            cursor.execute(_statement(book, scorecard, table, use), own)
            outcome += Outcome(*cursor.fetchone())
    return outcome


def _in_order(book: Book, account_ids: Sequence[int]) -> list[tuple[ActingScorecard, list[int]]]:
    """Share the accounts out to their scorecards, children before their parents."""
    groups: dict[tuple[int, int], list[int]] = {}
    places = {card.version_id: place for place, card in enumerate(book.scorecards)}
    was = versions_of_day(book.frame.day, account_ids) if book.is_again else {}
    for assigned in assign(book.scorecards, account_ids, book.parameters(account_ids)):
        place = places.get(was.get(assigned.account_id, 0), assigned.card)
        if place is not None:
            groups.setdefault((-assigned.depth, place), []).append(assigned.account_id)
    return [(book.scorecards[card], groups[depth, card]) for depth, card in sorted(groups)]


def _cohort_metrics(scorecards: Sequence[ActingScorecard]) -> list[str]:
    return sorted(frozenset().union(*(card.definition.cohort_metrics() for card in scorecards)))


def _statement(book: Book, scorecard: ActingScorecard, table: str, use: Use) -> str:
    compiler = scorecard.compiler(book.slots, official=book.frame.is_official, cohorts=book.cohorts)
    return _SCORE.format(
        score=compiler.compile(table),
        low="NULL::smallint" if book.frame.is_official else "state",
        use=use.value,
        transitions="(SELECT count(*) FROM news)" if use is Use.SHOWN else "0",
    )
