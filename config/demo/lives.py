"""Turn a temperament into two years of dated facts, by chance but always the same from a seed.

Everything here is pure: days and numbers in, days and numbers out.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from config.demo.temperaments import Temperament

SERIES = ("Signed in", "Plan published", "Order registered")


@dataclass(frozen=True)
class Usage:
    """Daily counts `(day, series index, n)` and month bit masks `(month, user index) → bits`.

    `keen` has the masks of those who did the key workflow, series 1.
    """

    days: list[tuple[dt.date, int, int]] = field(default_factory=list)
    months: dict[tuple[dt.date, int], int] = field(default_factory=lambda: defaultdict(int))
    keen: dict[tuple[dt.date, int], int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class Talk:
    """A touchpoint: its day and type, which contact took part, whether it went both ways."""

    on: dt.date
    type: str
    direction: str
    contact: int


@dataclass(frozen=True)
class Bill:
    """An invoice and the day it was paid, None while it is open."""

    issued_on: dt.date
    due_on: dt.date
    paid_on: dt.date | None
    share: float


@dataclass(frozen=True)
class Question:
    """A support ticket; `resolved_on` is None while it is open."""

    opened_on: dt.date
    severity: str
    resolved_on: dt.date | None
    csat: int | None


def use_product(
    life: Temperament,
    *,
    seats: int,
    first: dt.date,
    workdays: Sequence[dt.date],
    rng: random.Random,
) -> Usage:
    """Return usage on the given working days (ascending, the last is today's or yesterday's)."""
    usage = Usage()
    if not life.tracked or not seats:
        return usage
    today = workdays[-1]
    for day in workdays:
        ago = (today - day).days
        if day < first or ago < life.stopped:
            continue
        share, active_days = _level(life, ago)
        if day.month in life.dip_months or life.lull[1] < ago <= life.lull[0]:
            share, active_days = share * 0.4, active_days * 0.4
        if rng.random() > active_days:
            continue
        users = [index for index in range(round(share * seats)) if rng.random() < 0.45] or [0]
        for index in users:
            usage.months[day.replace(day=1), index] |= 1 << (day.day - 1)
        orders = sum(rng.randint(1, 6) for _ in users)
        usage.days.append((day, 0, len(users)))
        keen = [index for index in users if index % 4 < _keenness(share) and rng.random() < 0.5]
        for index in keen:
            usage.keen[day.replace(day=1), index] |= 1 << (day.day - 1)
        if keen:
            usage.days.append((day, 1, len(keen)))
        usage.days.append((day, 2, orders))
    return usage


def _keenness(share: float) -> int:
    """Return how many of four users do the key workflow: more where more use the product."""
    return 3 if share > 0.75 else 1


def _level(life: Temperament, ago: int) -> tuple[float, float]:
    if life.share_now is None or ago >= life.turned:
        return life.share, life.days
    drift = 1 - ago / life.turned
    share = life.share + (life.share_now - life.share) * min(1.0, drift * life.pace)
    return share, life.days * (0.5 + 0.5 * min(1.3, share / life.share))


def hold_talks(
    life: Temperament, *, contacts: int, first: dt.date, workdays: Sequence[dt.date],
    touch_model: str, rng: random.Random,
) -> list[Talk]:  # fmt: skip
    """Return talks and one-way mails from `first` to today, oldest first."""
    days = [day for day in workdays if day >= first]
    if not days or not contacts:
        return []
    today, talks = days[-1], []
    types = ("regular_meeting", "online_meeting", "visit") if touch_model == "high" else ("call",)
    ago = rng.randint(2, max(3, life.talk_gap)) if life.last_talk is None else life.last_talk
    while life.talk_gap and (on := _workday_before(days, today - dt.timedelta(days=ago))):
        contact = rng.randrange(min(4, contacts)) if contacts > 1 else 0
        talks.append(Talk(on, rng.choice(types), "two_way", contact))
        ago += max(5, round(life.talk_gap * rng.uniform(0.7, 1.2)))
    for month_ago in range(1, 24, 3):
        if on := _workday_before(days, today - dt.timedelta(days=month_ago * 30 + 7)):
            talks.append(Talk(on, "mail", "outbound", 0))
    return sorted(talks, key=lambda talk: talk.on)


def send_bills(
    life: Temperament, *, first: dt.date, today: dt.date, monthly: bool, rng: random.Random
) -> list[Bill]:
    """Return invoices from `first` to today; `life.late` below zero means none are known."""
    if life.late < 0:
        return []
    step, bills = (1 if monthly else 12), []
    month = first.replace(day=1)
    while month <= today:
        issued = month
        due = _last_day(issued)
        paid: dt.date | None = due + dt.timedelta(days=max(0, life.late + rng.randint(-4, 3)))
        if paid and paid > today:
            paid = None
        bills.append(Bill(issued, due, paid, step / 12))
        month = _add_months(month, step)
    if life.open_late:
        due = today - dt.timedelta(days=life.open_late)
        bills.append(Bill(due - dt.timedelta(days=30), due, None, 1 / 12))
    return bills


def ask_questions(
    life: Temperament, *, first: dt.date, today: dt.date, rng: random.Random
) -> list[Question]:
    """Return tickets from `first` to today."""
    questions, day = [], first
    while life.tickets > 0:
        day += dt.timedelta(days=1 + round(rng.expovariate(life.tickets / 30)))
        if day > today - dt.timedelta(days=1):
            break
        severity = rng.choices(("high", "normal", "low"), (1, 5, 4))[0]
        done = day + dt.timedelta(days=round(rng.expovariate(1 / 4)))
        csat = rng.choices((5, 4, 3, 2), (4, 4, 2, 1))[0] if rng.random() < 0.5 else None
        questions.append(
            Question(day, severity, done if done < today else None, csat if done < today else None)
        )
    if life.open_critical:
        opened = today - dt.timedelta(days=life.open_critical)
        questions.append(Question(opened, "critical", None, None))
    return questions


def contract_years(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return yearly terms `(start, last day)` from `first` until the one that ends on `last`."""
    ends = [last]
    while ends[-1] >= first:
        ends.append(_add_months(ends[-1] + dt.timedelta(days=1), -12) - dt.timedelta(days=1))
    ends.reverse()
    return [(before + dt.timedelta(days=1), end) for before, end in pairwise(ends)]


def _workday_before(days: Sequence[dt.date], on: dt.date) -> dt.date | None:
    if on < days[0]:
        return None
    return next(day for day in reversed(days) if day <= on)


def _add_months(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    first = dt.date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, _last_day(first).day))


def _last_day(day: dt.date) -> dt.date:
    following = day.replace(day=28) + dt.timedelta(days=4)
    return following.replace(day=1) - dt.timedelta(days=1)
