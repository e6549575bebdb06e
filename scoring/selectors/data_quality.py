"""How good the data is that scores are made of: by source, by unknown id, by measurement key.

Everything is read for a page of rows at a time, in a number of queries that does not grow.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum, TextField, Value

from accounts.models import Organisation
from scoring.choices import BodyFault, CountFault, ItemFault, SourceState
from scoring.models import (
    EventQuarantine,
    IngestBatch,
    Measurement,
    Source,
    SourceDay,
    SourceFault,
    WaitingKey,
    WriteKey,
)
from scoring.selectors.sources import ALIVE

DAYS = 30


@dataclass
class SourceLine:
    """A source and what it did in the last 30 days; `counts` has a figure a day, oldest first."""

    write_key: WriteKey
    counts: list[int]
    last_at: dt.datetime | None = None
    state: SourceState = SourceState.NEVER
    items: int = 0
    repeated: int = 0
    late: int = 0
    unknown: int = 0
    refused: int = 0
    dead: int = 0
    accounts: int = 0

    @property
    def fresh(self) -> int:
        """Return how many items had not been known already."""
        return self.items - self.repeated

    @property
    def late_share(self) -> float | None:
        """Return the share of what was new that happened on a day before it arrived."""
        return self.late / self.fresh if self.fresh else None

    @property
    def unknown_share(self) -> float | None:
        """Return the share of what was new that named an account or person nobody knew."""
        return self.unknown / self.fresh if self.fresh else None

    @property
    def refused_share(self) -> float | None:
        """Return the share of what was sent that was not taken."""
        sent = self.items + self.refused
        return self.refused / sent if sent else None


@dataclass(frozen=True)
class FaultLine:
    """One reason for which a source's messages were refused or not counted in full."""

    label: Any
    field: str
    n: int
    last_at: dt.datetime


@dataclass(frozen=True)
class DayLine:
    """What arrived from a source on one day."""

    day: dt.date
    items: int = 0
    repeated: int = 0
    late: int = 0
    unknown: int = 0
    refused: int = 0


@dataclass
class Waiting:
    """What is set aside, all in all."""

    ids: int = 0
    events: int = 0
    first_at: dt.datetime | None = None


def source_lines(write_keys: Sequence[WriteKey], *, at: dt.datetime) -> list[SourceLine]:
    """Return what each source did in the last 30 days, in three queries."""
    first = _first_day(at)
    lines = {key.pk: SourceLine(key, [0] * DAYS) for key in write_keys}
    _add_days(lines, first)
    silent = {pk: line for pk, line in lines.items() if line.last_at is None}
    for pk, last_at in _by_key(SourceDay, silent).annotate(last=Max("last_arrival_at")):
        lines[pk].last_at = last_at
    for what, pk, total in _totals(lines, first):
        setattr(lines[pk], what, total)
    for line in lines.values():
        line.state = _state(line, at)
    return list(lines.values())


def fault_lines(write_key: WriteKey, *, at: dt.datetime) -> list[FaultLine]:
    """Return why messages of a source were refused in the last 30 days, the most frequent first."""
    rows = (
        SourceFault.objects.filter(write_key=write_key, day__gte=_first_day(at))
        .values_list("code", "field", "is_body")
        .annotate(total=Sum("n"), last=Max("last_at"))
        .order_by("-total", "code", "field")
    )
    return [
        FaultLine(_fault_word(code, is_body=is_body), place, total, last)
        for code, place, is_body, total, last in rows
    ]


def day_lines(write_key: WriteKey, *, at: dt.datetime) -> list[DayLine]:
    """Return what arrived from a source on each of the last 30 days, the newest first."""
    first = _first_day(at)
    refused: dict[dt.date, int] = dict(
        SourceFault.objects.filter(write_key=write_key, day__gte=first, code__in=_REFUSING)
        .values_list("day")
        .annotate(total=Sum("n"))
    )
    rows = {row.day: row for row in SourceDay.objects.filter(write_key=write_key, day__gte=first)}
    days = [first + dt.timedelta(days=number) for number in reversed(range(DAYS))]
    return [_day(day, rows.get(day), refused.get(day, 0)) for day in days]


def dead_batches(write_key: WriteKey) -> QuerySet[IngestBatch]:
    """Return the batches of a source that were given up, without their bodies."""
    dead = IngestBatch.objects.filter(write_key=write_key, dead_at__isnull=False)
    return dead.defer("body").order_by("-pk")


def waiting_in_all(user: Any) -> Waiting:
    """Return how much is set aside, as far as the user may know."""
    found = WaitingKey.objects.visible_to(user).aggregate(
        ids=Count("pk"), events=Sum("events"), first=Min("first_at")
    )
    return Waiting(found["ids"], found["events"] or 0, found["first"])


def name_told(waiting: WaitingKey) -> str:
    """Return the name that a group call set aside gives an unknown account; empty for none."""
    told = (
        EventQuarantine.objects.filter(group_key=waiting.key, kind="group")
        .order_by("-occurred_at")
        .values_list("properties__name", flat=True)
        .first()
    )
    return told[:200].strip() if isinstance(told, str) else ""


def measurement_lines(user: Any, *, at: dt.datetime) -> QuerySet[Measurement, tuple[Any, ...]]:
    """Return the kinds of measurements the user sees, as rows in order of their keys."""
    since = at - dt.timedelta(days=DAYS)
    standing: Any = Measurement.objects.visible_to(user).standing()
    rows: QuerySet[Measurement, tuple[Any, ...]] = (
        standing.values("key")
        .annotate(
            accounts=Count("account", distinct=True),
            readings=Count("pk"),
            last=Max("measured_at"),
            first=Min("measured_at"),
            recent=Count("pk", filter=Q(measured_at__gte=since)),
        )
        .order_by("key")
        .values_list("key", "accounts", "readings", "last", "first", "recent", named=True)
    )
    return rows


_REFUSING = [*ItemFault.values, *BodyFault.values]


def _add_days(lines: dict[int, SourceLine], first: dt.date) -> None:
    for row in SourceDay.objects.filter(write_key__in=lines, day__gte=first):
        line = lines[row.write_key_id]
        place = (row.day - first).days
        if place < DAYS:
            line.counts[place] += row.items
        line.last_at = max(filter(None, (line.last_at, row.last_arrival_at)))
        for name in ("items", "repeated", "late", "unknown"):
            setattr(line, name, getattr(line, name) + getattr(row, name))


def _totals(lines: dict[int, SourceLine], first: dt.date) -> Any:
    """Return (attribute, write key, figure) of what is one sum a source, in one statement."""
    refused = _by_key(SourceFault, lines).filter(day__gte=first, code__in=_REFUSING)
    dead = _by_key(IngestBatch, lines).filter(dead_at__isnull=False)
    return _named("refused", refused, Sum("n")).union(
        _named("dead", dead, Count("pk")),
        _named("accounts", _by_key(Source, lines), Count("pk")),
        all=True,
    )


def _named(what: str, rows: Any, figure: Any) -> Any:
    told = rows.annotate(what=Value(what, TextField()), figure=figure)
    return told.values_list("what", "write_key", "figure")


def _by_key(model: Any, lines: dict[int, SourceLine]) -> Any:
    return model.objects.filter(write_key__in=lines).order_by().values_list("write_key")


def _day(day: dt.date, row: SourceDay | None, refused: int) -> DayLine:
    if row is None:
        return DayLine(day, refused=refused)
    return DayLine(day, row.items, row.repeated, row.late, row.unknown, refused)


def _state(line: SourceLine, at: dt.datetime) -> SourceState:
    if line.write_key.revoked_at is not None:
        return SourceState.REVOKED
    if line.last_at is None:
        return SourceState.NEVER
    return SourceState.ALIVE if line.last_at >= at - ALIVE else SourceState.SILENT


def _first_day(at: dt.datetime) -> dt.date:
    return Organisation.objects.day_of(at) - dt.timedelta(days=DAYS - 1)


def _fault_word(code: str, *, is_body: bool) -> Any:
    kinds: tuple[Any, ...] = (BodyFault,) if is_body else (ItemFault, CountFault)
    return {value: word for kind in kinds for value, word in kind.choices}.get(code, code)
