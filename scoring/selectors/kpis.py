"""Reports: the KPIs of a period, of everything, a team or a segment, as known at an instant."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import Organisation, Team
from scoring.domain.kpis import Figure, RenewalSums, Sums, figures_of
from scoring.domain.periods import Period, month_ends
from scoring.domain.workings import Steps, workings_of
from scoring.selectors import kpi_sql

ONE_DAY = dt.timedelta(days=1)
LINE_MONTHS = 12
KEPT_SECONDS = 24 * 3600
NOTHING = RenewalSums()


@dataclass(frozen=True)
class Scope:
    """Whose figures: everybody's, a team's with the teams below it, a segment's."""

    team: int | None = None
    segment: int | None = None


@dataclass(frozen=True)
class Totals:
    """What is added up of a scope in a period."""

    sums: Sums
    by_end: RenewalSums = NOTHING
    by_decision: RenewalSums = NOTHING

    def figures(self, days: int) -> list[Figure]:
        """Return the KPIs of a period of so many days."""
        return figures_of(self.sums, by_end=self.by_end, by_decision=self.by_decision, days=days)

    def workings(self, figures: Iterable[Figure]) -> Mapping[str, Steps]:
        """Return how each of these KPIs is worked out."""
        found = {figure.key: figure for figure in figures}
        return workings_of(
            self.sums, by_end=self.by_end, by_decision=self.by_decision, figures=found
        )

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            _plus(self.sums, other.sums),
            _plus(self.by_end, other.by_end),
            _plus(self.by_decision, other.by_decision),
        )


@dataclass(frozen=True)
class Point:
    """The yearly value and the number of customers on a day."""

    day: dt.date
    accounts: int
    arr: Decimal


@dataclass(frozen=True)
class Facts:
    """Where and when: today, the fiscal year, the currency of the organisation."""

    today: dt.date
    fiscal_month: int
    currency: str
    zone: Any


def facts_of(at: dt.datetime) -> Facts:
    """Read what a report needs to know of the organisation."""
    names = ("fiscal_year_month", "currency")
    month, currency = Organisation.objects.values_list(*names).first() or (4, "JPY")
    zone = Organisation.objects.zone()
    return Facts(at.astimezone(zone).date(), month, currency, zone)


def opening_at(period: Period, facts: Facts) -> dt.datetime:
    """Return the instant at which a period begins and its cohort is taken."""
    return _midnight(period.first, facts.zone)


def closing_of(period: Period, today: dt.date) -> dt.date:
    """Return the day a period is measured to: its last, or today while it runs."""
    return min(period.last, today)


def days_of(period: Period, today: dt.date) -> int:
    """Return how many days of a period have passed."""
    return (closing_of(period, today) - period.opening).days


@dataclass(frozen=True)
class Book:
    """What is added up of a period: the whole, each team and segment in it.

    An account may be in several segments. `unrated` contracts are left out, because their currency
    had no rate yet.
    """

    whole: Totals
    teams: Mapping[int, Totals]
    segments: Mapping[int, Totals]
    unrated: int = 0


def totals_of(
    period: Period, *, facts: Facts, scope: Scope, k: dt.datetime, with_parts: bool = True
) -> Book:
    """Return the totals of a scope and, with parts, of each team and segment in it.

    Two statements, each of which reads contracts and talks once.

    :param k: facts recorded later don't count.
    """
    values = values_of(period, facts=facts, scope=scope, k=k)
    sums: dict[tuple[str, int | None], Sums] = {}
    unrated = 0
    for part, key, left_out, *rest in _rows(kpi_sql.sums_sql(with_parts=with_parts), values):
        sums[part, key] = Sums(**dict(zip(kpi_sql.SUM_NAMES, rest, strict=True)))
        unrated = left_out
    turns: dict[tuple[str, int | None, bool], RenewalSums] = {}
    rows = _rows(kpi_sql.renewals_sql(with_parts=with_parts), values)
    for part, key, by_decision, *rest in rows:
        named = dict(zip(kpi_sql.RENEWAL_NAMES, rest, strict=True))
        turns[part, key, by_decision] = RenewalSums(**named)
    found: dict[str, dict[int, Totals]] = {"all": {}, "team": {}, "segment": {}}
    for part, key in {*sums, *((part, key) for part, key, _by in turns)}:
        if key is not None or part == "all":
            found[part][key or 0] = Totals(
                sums.get((part, key), Sums()),
                turns.get((part, key, False), NOTHING),
                turns.get((part, key, True), NOTHING),
            )
    return Book(found["all"][0], found["team"], found["segment"], unrated)


def line_of(period: Period, *, facts: Facts, scope: Scope, k: dt.datetime) -> list[Point]:
    """Return the month ends up to the closing, a year back at least, at the opening's rate."""
    closing = closing_of(period, facts.today)
    first = min(period.opening, closing - dt.timedelta(days=365))
    days = month_ends(first, closing)[-LINE_MONTHS - 1 :]
    values = values_of(period, facts=facts, scope=scope, k=k) | {"days": days}
    return [Point(*row) for row in _rows(kpi_sql.line_sql(), values)]


def account_rows(
    period: Period, *, facts: Facts, scope: Scope, k: dt.datetime
) -> list[tuple[int, Decimal, Decimal, Decimal]]:
    """Return (account id, opening, closing, up for renewal) of each customer of a period."""
    values = values_of(period, facts=facts, scope=scope, k=k)
    return _rows(kpi_sql.accounts_sql(), values)


def teams_below(team: int) -> list[int]:
    """Return a team and every team below it."""
    children = defaultdict(list)
    for pk, parent in Team.objects.values_list("pk", "parent_id"):
        children[parent].append(pk)
    found = [team]
    for one in found:
        found += children[one]
    return found


def with_teams_below(parts: Mapping[int, Totals], teams: Iterable[Any]) -> dict[int, Totals]:
    """Return the totals of each team with what lies below it, as the tree has them."""
    parents = {team.pk: team.parent_id for team in teams}
    found: dict[int, Totals] = {}
    for pk, part in parts.items():
        seen: int | None = pk
        while seen is not None:
            found[seen] = found[seen] + part if seen in found else part
            seen = parents.get(seen)
    return found


def values_of(period: Period, *, facts: Facts, scope: Scope, k: dt.datetime) -> dict[str, Any]:
    """Return the parameters of every statement about a period and scope."""
    closing = closing_of(period, facts.today)
    horizon = period.last.replace(day=28)
    return {
        "k": k,
        "known_on": k.astimezone(facts.zone).date(),
        "today": facts.today,
        "opening": period.opening,
        "closing": closing,
        "first": period.first,
        "last": period.last,
        "ends_from": period.opening,
        "ends_to": horizon.replace(year=horizon.year + kpi_sql.NOTICE_YEARS),
        "ends_years": kpi_sql.NOTICE_YEARS + 3,
        "opening_at": opening_at(period, facts),
        "closing_at": _midnight(closing + ONE_DAY, facts.zone),
        "teams": teams_below(scope.team) if scope.team else None,
        "segment": scope.segment,
    }


def _midnight(day: dt.date, zone: Any) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)


def _rows(statement: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _plus(one: Any, other: Any) -> Any:
    names = [field.name for field in fields(one)]
    return type(one)(**{name: getattr(one, name) + getattr(other, name) for name in names})
