"""A report as it is read: figures with the period before, the bridge, line, parts."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Segment, Team
from accounts.querysets import by_team
from config.lib import formats
from config.lib.problems import FieldError, Problem
from scoring.domain.kpi_targets import Verdict, judge
from scoring.domain.kpis import Figure, Sums
from scoring.domain.periods import Period, parse_period, period_before, period_of
from scoring.selectors.kpi_targets import Wanted, wanted_of
from scoring.selectors.kpi_words import ARR, KPIS, Words, period_label
from scoring.selectors.kpi_workings import WorkingLine, round_amounts, working_lines
from scoring.selectors.kpis import (
    Facts,
    Point,
    Scope,
    Totals,
    account_rows,
    closing_of,
    days_of,
    facts_of,
    line_of,
    opening_at,
    totals_of,
    with_teams_below,
)

#: A report is added up anew as soon as anything it rests on changed, and after this anyway.
KEPT_SECONDS = 600
ACCOUNTS_SHOWN = 200
KINDS = ("month", "quarter", "half", "year")
HUNDRED = Decimal(100)

#: Numbers that grow with whatever is written about contracts, talks, people, rates and segments.
_VERSION = """
SELECT (SELECT max(pgh_id) FROM accounts_contractevent),
  (SELECT max(pgh_id) FROM accounts_contracttermevent),
  (SELECT max(pgh_id) FROM accounts_accountevent),
  (SELECT max(pgh_id) FROM accounts_touchpointevent),
  (SELECT max(id) FROM accounts_touchpoint_contacts),
  (SELECT max(pgh_id) FROM accounts_stakeholderroleevent),
  (SELECT max(id) FROM accounts_fxrate), (SELECT max(id) FROM accounts_segmentmembership),
  (SELECT max(pgh_id) FROM accounts_teamevent)"""


class MembersUnknown(Problem):
    """A segment is asked about days on which nobody recorded yet who was in it."""

    code = "members_unknown"
    title = _("Who was in this segment on the day before the period is not known.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/segment", self.title)])


@dataclass(frozen=True)
class Numbers:
    """What was added up for a report; the same for every reader."""

    now: Totals
    before: Totals
    teams: Mapping[int, Totals]
    segments: Mapping[int, Totals]
    line: Sequence[Point]
    unrated: int


@dataclass(frozen=True)
class Line:
    """One KPI of a report: now, in the period before, and against its target, part by part."""

    key: str
    words: Words
    figure: Figure
    before: Figure
    verdicts: Mapping[str, Verdict]
    working: Sequence[WorkingLine]

    @property
    def change(self) -> Decimal | None:
        """Return the change of the rate against the period before, in percentage points."""
        if self.figure.rate is None or self.before.rate is None:
            return None
        return (self.figure.rate - self.before.rate) * HUNDRED


@dataclass(frozen=True)
class Part:
    """A team or a segment in a report.

    :param since: the day since which its members are known, where that is after the opening.
    """

    key: int
    name: str
    sums: Sums
    figures: Mapping[str, Figure]
    since: dt.datetime | None = None


@dataclass(frozen=True)
class Question:
    """Which report: period and scope, read at an instant.

    :param recorded: when it was first written down who is in the segment that is asked about.
    """

    period: Period
    scope: Scope
    facts: Facts
    at: dt.datetime
    recorded: dt.datetime | None = None

    @property
    def before(self) -> Period:
        """Return the period of the same kind before."""
        return period_before(self.period, fiscal_month=self.facts.fiscal_month)

    @property
    def closing(self) -> dt.date:
        """Return the day the period is measured to."""
        return closing_of(self.period, self.facts.today)

    @property
    def is_answerable(self) -> bool:
        """Say whether the members of the segment are known at the opening."""
        return self.knows(self.period)

    def knows(self, period: Period) -> bool:
        """Say whether the members of the segment are known at the opening of a period."""
        return self.recorded is None or self.recorded <= opening_at(period, self.facts)

    @property
    def query(self) -> str:
        """Return the query string that asks the same again."""
        return self.scope_query(self.period.code)

    def scope_query(self, period: str) -> str:
        """Return the query string that asks for another period of the same scope."""
        parts = [f"period={period}"]
        parts += [f"team={self.scope.team}"] if self.scope.team else []
        parts += [f"segment={self.scope.segment}"] if self.scope.segment else []
        return "&".join(parts)


def question_of(
    *, code: str, team: int | None, segment: int | None, at: dt.datetime
) -> Question | None:
    """Return what is asked for; None for a period that is no code or has not begun."""
    facts = facts_of(at)
    period = parse_period(code, fiscal_month=facts.fiscal_month, today=facts.today)
    if period is None or period.first > facts.today:
        return None
    return Question(period, Scope(team, segment), facts, at, _recorded(segment))


def _recorded(segment: int | None) -> dt.datetime | None:
    if segment is None:
        return None
    return Segment.objects.filter(pk=segment).values_list("created_at", flat=True).first()


def periods_offered(facts: Facts) -> list[tuple[str, str]]:
    """Return (code, name) of the last twelve months and of recent periods of each kind."""
    found = [period_of(facts.today, "rolling", fiscal_month=facts.fiscal_month)]
    for kind, most in (("year", 3), ("half", 3), ("quarter", 5), ("month", 13)):
        period = period_of(facts.today, kind, fiscal_month=facts.fiscal_month)
        for _n in range(most):
            found.append(period)
            period = period_before(period, fiscal_month=facts.fiscal_month)
    return [(period.code, period_label(period)) for period in found]


def numbers_of(question: Question) -> Numbers:
    """Return what a report adds up, kept while nothing it rests on changes.

    :raises MembersUnknown: of a segment that was recorded after the opening.
    """
    if not question.is_answerable:
        raise MembersUnknown
    asked = (question.period, question.scope, question.facts, _version())
    key = f"report:{hashlib.sha256(repr(asked).encode()).hexdigest()}"
    kept: Numbers | None = caches["pages"].get(key)
    if kept is None:
        kept = _add_up(question)
        caches["pages"].set(key, kept, KEPT_SECONDS)
    return kept


def wanted_by(question: Question) -> Wanted:
    """Return the targets of a report; one query."""
    return wanted_of(question.period, question.scope, question.facts)


def lines_of(question: Question, numbers: Numbers, wanted: Wanted) -> list[Line]:
    """Return the KPIs of a report with the period before and their targets."""
    today = question.facts.today
    now = numbers.now.figures(days_of(question.period, today))
    before = numbers.before.figures(days_of(question.before, today))
    workings = numbers.now.workings(now)
    currency = question.facts.currency
    return [
        Line(
            one.key,
            KPIS[one.key],
            one,
            other,
            _verdicts(one, wanted),
            working_lines(one.key, workings[one.key], currency=currency),
        )
        for one, other in zip(now, before, strict=True)
    ]


def bridge_of(sums: Sums, *, currency: str) -> dict[str, Decimal]:
    """Return the bridge of ARR rounded as it is shown: its parts lead to its closing."""
    down = ("contraction", "churn")
    names = ("opening", "new", "expansion", *down)
    signed = [getattr(sums, name) * (-1 if name in down else 1) for name in names]
    closing, rounded = round_amounts(
        signed, total=sums.closing, places=formats.currency_places(currency)
    )
    return dict(zip(names, rounded, strict=True)) | {"closing": closing}


def arr_verdicts(numbers: Numbers, wanted: Wanted) -> Mapping[str, Verdict]:
    """Return ARR and customers at the closing against their targets."""
    return _verdicts(_arr_of(numbers.now.sums), wanted, ARR)


def arr_line(numbers: Numbers, wanted: Wanted) -> Line:
    """Return ARR and customers at the closing as a line like those of the KPIs."""
    now, before = _arr_of(numbers.now.sums), _arr_of(numbers.before.sums)
    return Line("arr", ARR, now, before, arr_verdicts(numbers, wanted), ())


def _arr_of(sums: Sums) -> Figure:
    return Figure("arr", None, sums.closing_accounts, sums.closing, Decimal(0))


def _verdicts(figure: Figure, wanted: Wanted, words: Words | None = None) -> Mapping[str, Verdict]:
    if figure.key not in wanted.targets:
        return {}
    actual = {"rate": figure.rate, "count": figure.count, "amount": figure.amount}
    return judge(actual, wanted.targets[figure.key], (words or KPIS[figure.key]).wishes)


def parts_of(
    question: Question,
    totals: Mapping[int, Totals],
    names: Mapping[int, str],
    recorded: Mapping[int, dt.datetime] | None = None,
) -> list[Part]:
    """Return teams or segments by name, with their figures.

    :param recorded: since when the members of each are known; one that is not known at the
        opening has no figures.
    """
    days = days_of(question.period, question.facts.today)
    begins = opening_at(question.period, question.facts)
    parts = []
    for pk, name in names.items():
        since = (recorded or {}).get(pk)
        if since is not None and since > begins:
            parts.append(Part(pk, name, Sums(), {}, since))
        elif pk in totals:
            figures = {one.key: one for one in totals[pk].figures(days)}
            parts.append(Part(pk, name, totals[pk].sums, figures))
    return parts


def accounts_behind(
    question: Question, pick: str, *, user: Any
) -> tuple[list[tuple[Account, Decimal, Decimal]], int, int]:
    """Return (account, opening, closing) of those the reader sees, largest change first.

    With how many there are in all, and how many of them the reader can't see.

    :raises MembersUnknown: of a segment that was recorded after the opening.
    """
    if not question.is_answerable:
        raise MembersUnknown
    rows = account_rows(question.period, facts=question.facts, scope=question.scope, k=question.at)
    chosen = {pk: (was, now) for pk, was, now, due in rows if _fits(pick, was, now, due)}
    seen = set(Account.objects.visible_to(user).filter(pk__in=chosen).values_list("pk", flat=True))
    ordered = sorted(
        seen, key=lambda pk: (-abs(chosen[pk][1] - chosen[pk][0]), -chosen[pk][1], pk)
    )[:ACCOUNTS_SHOWN]
    accounts = Account.objects.visible_to(user).in_bulk(ordered)
    shown = [(accounts[pk], *chosen[pk]) for pk in ordered if pk in accounts]
    return shown, len(chosen), len(chosen) - len(seen)


def segments_offered() -> list[Segment]:
    """Return the segments a report can be narrowed to."""
    return sorted(Segment.objects.filter(archived_at__isnull=True), key=str)


def teams_offered() -> dict[int, str]:
    """Return the teams a report can be narrowed to, by id."""
    return {team.pk: str(team) for team in Team.objects.order_by(*by_team())}


def _add_up(question: Question) -> Numbers:
    asked: dict[str, Any] = {
        "facts": question.facts, "scope": question.scope, "k": question.at,
    }  # fmt: skip
    now = totals_of(question.period, **asked)
    before = Totals(Sums())
    if question.knows(question.before):
        before = totals_of(question.before, **asked, with_parts=False).whole
    return Numbers(
        now=now.whole,
        before=before,
        teams=with_teams_below(now.teams, Team.objects.all()),
        segments=now.segments,
        line=line_of(question.period, **asked),
        unrated=now.unrated,
    )


def _version() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        version: tuple[Any, ...] = cursor.fetchone()
    return version


def _fits(pick: str, was: Decimal, now: Decimal, due: Decimal) -> bool:
    fits = {
        "customers": True,
        "stayed": was > 0 and now > 0,
        "kept": 0 < was <= now,
        "due": due > 0,
        "lost": was > 0 and now == 0,
        "losses": now < was,
        "expansion": 0 < was < now,
        "contraction": 0 < now < was,
        "new": was == 0,
        "closing": now > 0,
    }
    return fits.get(pick, False)
