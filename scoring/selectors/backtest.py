"""Would it have known? A definition replayed over past months against who was lost afterwards.

Each month end is scored from what was known that night and judged by the losses of the days after.
The same accounts and days are told by the acting scorecard, by equal weights and by the renewal
date alone: a score that beats none of them is decoration.
"""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

import datetime as dt
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import connection

from accounts.models import Account, Organisation
from accounts.selectors.losses import Loss, LossKind
from scoring.domain.definition import Definition
from scoring.domain.validation import Cluster, Point, Tally, alarm_starts, lead_time
from scoring.domain.weights import Sample
from scoring.models import Scorecard
from scoring.registry import Metric
from scoring.selectors.assignments import audience_sql, first_of
from scoring.selectors.backtest_report import OUTCOMES, report
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.declared import declared_share
from scoring.selectors.feedback import feedback_figures
from scoring.selectors.frames import ONE_DAY, provisional_frame
from scoring.selectors.metric_pasts import Pasts, pasts_of
from scoring.selectors.outcomes import losses_between
from scoring.selectors.past_book import RENEWAL, PastDay, Span, month_ends
from scoring.selectors.score_terms import plain_sql
from scoring.selectors.scorecards import ActingScorecard
from scoring.selectors.utilities import healths
from scoring.selectors.what_if import Progress, lay_out, shards

MONTHS, HORIZON_DAYS = 12, 180
SHARD = 5_000
#: Intervals and weights are drawn from every lost account and so many of the others.
CONTROLS = 3_000
#: Risk of an account whose contracts end nowhere in sight.
NEVER = -10_000.0
FLAGGED = 1

_SCORES = """
WITH told AS MATERIALIZED ({values}),
{scores},
due AS MATERIALIZED ({renewal})
SELECT t.account_id, {columns}, due.days,
  CASE WHEN t.account_id = ANY(%(sampled)s) THEN t.v END,
  CASE WHEN t.account_id = ANY(%(sampled)s) THEN t.seen END,
  CASE WHEN t.account_id = ANY(%(sampled)s) THEN {cohort} END
FROM told t JOIN accounts_account a ON a.id = t.account_id {joins}
LEFT JOIN due ON due.account_id = t.account_id
"""


@dataclass(frozen=True)
class Trial:
    """What is tried, against what acts now, over which days."""

    card: ActingScorecard
    acting: ActingScorecard
    span: Span
    pasts: Pasts
    horizon: int
    at: dt.datetime
    today: dt.date
    known: Mapping[str, Metric]

    @cached_property
    def cards(self) -> list[ActingScorecard]:
        """Return the candidate, what acts, and the candidate without its weights."""
        equal = replace(self.card, definition=equal_weights(self.card.definition))
        return [self.card, self.acting, equal]

    @cached_property
    def slots(self) -> dict[str, int]:
        """Return a place in the arrays for each metric that is read, and for no other."""
        wanted = {key for card in self.cards for key in card.definition.metrics()}
        return {key: n for n, key in enumerate(sorted(wanted & set(self.known)), start=1)}

    @cached_property
    def days(self) -> dict[dt.date, PastDay]:
        """Return each day as it is read here."""
        told = sorted({key for card in self.cards for key in card.definition.cohort_metrics()})
        days = (*self.span.judged, *self.span.watched)
        return {day: PastDay(day, self.slots, self.known, told) for day in days}

    @cached_property
    def statements(self) -> dict[dt.date, str]:
        """Return the statement of each day, compiled once for all shards."""
        return {day: _statement(self, past) for day, past in self.days.items()}


@dataclass
class Evidence:
    """What was counted so far; grows with losses and samples, not with the book."""

    tallies: dict[tuple[str, int], Tally] = field(default_factory=lambda: defaultdict(Tally))
    bands: Counter[tuple[str, int, bool]] = field(default_factory=Counter)
    lost: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    clusters: dict[str, list[Cluster]] = field(default_factory=lambda: defaultdict(list))
    samples: list[Sample] = field(default_factory=list)
    alarms: list[tuple[int, int]] = field(default_factory=list)
    leads: list[int | None] = field(default_factory=list)
    accounts: int = 0
    points: int = 0
    unscored: int = 0


@dataclass(frozen=True)
class Row:
    """An account on a day as the yardsticks told it; `band` −1 and no risks without a score."""

    account: int
    risks: tuple[float, ...]
    band: int
    values: Sequence[float | None] | None
    seen: Sequence[dt.date | None] | None
    cohort: int | None


def run_backtest(
    *,
    scorecard: Scorecard,
    definition: Definition,
    at: dt.datetime,
    progress: Progress,
    months: int = MONTHS,
    horizon: int = HORIZON_DAYS,
) -> dict[str, Any]:
    """Replay a definition over past month ends and tell how well it announced losses.

    Shard by shard, a constant number of statements a day; memory grows with the lost accounts and
    the sample, not with the book.

    :param horizon: days after a month end within which a loss counts as announced by it.
    """
    started = time.monotonic()
    trial = _lay_out(scorecard, definition, at=at, months=months, horizon=horizon)
    evidence = Evidence()
    customers = Account.objects.filter(kind="customer", merged_into=None)
    total = customers.count()
    share = min(1.0, CONTROLS / total) if total else 1.0
    done = 0
    for ids in shards(customers, SHARD):
        _judge_shard(trial, ids, share, evidence)
        done += len(ids)
        progress(done, max(done, total))
    found = report(trial, evidence)
    declared = declared_share(trial.slots, until=at)
    people = _what_people_said(trial)
    return {
        **found,
        "declared": declared,
        "people": people,
        "seconds": round(time.monotonic() - started, 3),
    }


def _what_people_said(trial: Trial) -> dict[str, int]:
    """Return how often alerts were marked false and scores called wrong, whatever the version."""
    names = ("alerts", "alerts_false", "too_high", "too_low", "false_alarms", "missed")
    if not trial.span.judged:
        return dict.fromkeys(names, 0)
    rows = feedback_figures(since=trial.span.judged[0], until=trial.today)
    own = [row for row in rows if row.scorecard == trial.card.key]
    return {name: sum(getattr(row, name) for row in own) for name in names}


def equal_weights(definition: Definition) -> Definition:
    """Return the definition with every measure of equal weight in the score."""
    return replace(
        definition,
        dimensions=tuple(
            replace(
                dimension,
                weight=float(len(dimension.measures)),
                measures=tuple(replace(measure, weight=1.0) for measure in dimension.measures),
            )
            for dimension in definition.dimensions
        ),
    )


def _lay_out(
    scorecard: Scorecard, definition: Definition, *, at: dt.datetime, months: int, horizon: int
) -> Trial:
    sides = lay_out(scorecard=scorecard, definition=definition, frame=provisional_frame(at))
    today = Organisation.objects.day_of(at)
    in_force = [card for card in sides.before if not card.is_pilot]
    acting = (in_force or sides.before or [sides.after])[0]
    known = all_metrics()
    keys = {*definition.metrics(), *acting.definition.metrics()}
    pasts = pasts_of(definition, known)
    span = month_ends(
        today=today,
        months=months,
        horizon=horizon,
        metrics=[known[key] for key in keys if key in known],
        since=pasts.since.values(),
    )
    return Trial(sides.after, acting, span, pasts, horizon, at, today, known)


def _judge_shard(trial: Trial, ids: list[int], share: float, evidence: Evidence) -> None:
    """Score every judged day of these accounts, and the days since of those that left."""
    if not trial.span.judged:
        return
    first = trial.span.judged[0] + ONE_DAY
    losses = losses_between(first, trial.today, at=trial.at, account_ids=ids)
    chosen = {pk for pk in ids if pk in losses or is_drawn(pk, share)}
    flags: dict[int, dict[dt.date, bool | None]] = defaultdict(dict)
    points: dict[str, dict[int, list[Point]]] = {name: defaultdict(list) for name in OUTCOMES}
    for day in trial.span.judged:
        past = trial.days[day]
        for row in _scores(trial, past, ids, chosen):
            flags[row.account][day] = None if row.band < 0 else row.band <= FLAGGED
            evidence.points += 1
            if not row.risks:
                evidence.unscored += 1
                continue
            ahead = _ahead(losses.get(row.account, ()), day, trial.horizon)
            for name in OUTCOMES:
                _count(evidence, points, name, row, is_event=_matches(name, ahead))
            if row.account in chosen:
                weight = 1.0 if row.account in losses else 1 / share
                evidence.samples.append(_sample(trial, past, row, ahead, weight))
    for day in trial.span.watched:
        left = [pk for pk, known in losses.items() if _left_after(known, day)]
        for row in _scores(trial, trial.days[day], left, set()) if left else ():
            flags[row.account][day] = None if row.band < 0 else row.band <= FLAGGED
    evidence.accounts += len(flags)
    for name in OUTCOMES:
        for account, own in points[name].items():
            if account in chosen:
                weight = 1.0 if account in losses else 1 / share
                evidence.clusters[name].append(Cluster(tuple(own), weight))
    _count_alarms(trial, flags, losses, evidence)


def _scores(trial: Trial, past: PastDay, ids: list[int], chosen: set[int]) -> list[Row]:
    present = past.customers(ids, trial.card.where)
    if not present:
        return []
    values = {**past.parameters(present), "sampled": sorted(chosen & set(present))}
    with connection.cursor() as cursor:
        cursor.execute(trial.statements[past.day], values)
        rows = cursor.fetchall()
    return [_row(*row) for row in rows]


def _statement(trial: Trial, past: PastDay) -> str:
    scores, columns, joins = [], [], []
    for n, card in enumerate(trial.cards):
        compiled = card.compiler(trial.slots, official=True, cohorts=past.cohorts)
        sql = compiled.compile("told", "true")
        band = plain_sql(card.definition.bands, "computed")
        scores.append(
            f"y{n} AS MATERIALIZED (SELECT account_id, computed,"
            f" CASE WHEN computed IS NOT NULL THEN {band} END AS band FROM ({sql}) c)"
        )
        columns.append(f"y{n}.computed")
        joins.append(f"LEFT JOIN y{n} ON y{n}.account_id = t.account_id")
    return _SCORES.format(
        values=past.values,
        scores=",\n".join(scores),
        renewal=RENEWAL,
        columns=", ".join([*columns, "y0.band"]),
        cohort=first_of([audience_sql(one) for one in trial.card.definition.cohorts]),
        joins=" ".join(joins),
    )


def _row(
    account: int,
    candidate: float | None,
    acting: float | None,
    equal: float | None,
    band: int | None,
    days: int | None,
    values: Sequence[float | None] | None,
    seen: Sequence[dt.date | None] | None,
    cohort: int | None,
) -> Row:
    risks: tuple[float, ...] = ()
    if candidate is not None and acting is not None and equal is not None:
        due = NEVER if days is None else -float(days)
        risks = (100 - candidate, 100 - acting, 100 - equal, due)
    return Row(account, risks, -1 if band is None else band, values, seen, cohort)


def _sample(trial: Trial, past: PastDay, row: Row, ahead: Sequence[Loss], weight: float) -> Sample:
    definition = trial.card.definition
    health = healths(
        definition,
        trial.slots,
        row.values or (),
        row.seen or (),
        frame=past.frame,
        known=trial.known,
        norms=past.cohorts.norms(definition, row.cohort),
    )
    return Sample(health, _matches("churn", ahead), weight)


def _count(
    evidence: Evidence,
    points: Mapping[str, dict[int, list[Point]]],
    outcome: str,
    row: Row,
    *,
    is_event: bool,
) -> None:
    for n, risk in enumerate(row.risks):
        evidence.tallies[outcome, n].add(risk, is_event=is_event)
    evidence.bands[outcome, row.band, is_event] += 1
    points[outcome][row.account].append(Point(row.risks, row.band, is_event))
    if is_event:
        evidence.lost[outcome].add(row.account)


def _count_alarms(
    trial: Trial,
    flags: Mapping[int, Mapping[dt.date, bool | None]],
    losses: Mapping[int, Sequence[Loss]],
    evidence: Evidence,
) -> None:
    """Count alarms and false ones by account, and how long before they left the lost were told."""
    days = [*trial.span.judged, *trial.span.watched]
    judged = len(trial.span.judged)
    for account, own in flags.items():
        line = [own.get(day) for day in days]
        starts = alarm_starts(line[:judged])
        known = losses.get(account, ())
        if starts:
            false = sum(not _ahead(known, days[start], trial.horizon) for start in starts)
            evidence.alarms.append((false, len(starts)))
        for loss in known:
            seen = [day for day in own if day < loss.on]
            if loss.kind == LossKind.CHURN and seen and (loss.on - max(seen)).days <= trial.horizon:
                evidence.leads.append(lead_time(days, line, lost_on=loss.on))


def _ahead(losses: Sequence[Loss], day: dt.date, horizon: int) -> list[Loss]:
    return [loss for loss in losses if day < loss.on <= day + horizon * ONE_DAY]


def _matches(outcome: str, ahead: Sequence[Loss]) -> bool:
    return any(outcome == "loss" or loss.kind == LossKind.CHURN for loss in ahead)


def _left_after(losses: Sequence[Loss], day: dt.date) -> bool:
    return any(loss.kind == LossKind.CHURN and loss.on > day for loss in losses)


def is_drawn(account: int, share: float) -> bool:
    """Draw an account by its id: always the same ones, however the book is cut."""
    return zlib.crc32(str(account).encode()) < share * 2**32
