"""Who reports to whom over time; nobody may report to themselves, however long the way round."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One person reports to another over [`starts_on`, `ends_on`)."""

    junior: int
    senior: int
    starts_on: dt.date
    ends_on: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Say whether the line is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def first_circle(line: Line, others: Iterable[Line]) -> dt.date | None:
    """Return the first day on which the new line would close a circle, None where it never does.

    A circle can only close on a day on which one of its lines begins.
    """
    known = list(others)
    beginnings = {line.starts_on, *(other.starts_on for other in known)}
    for day in sorted(day for day in beginnings if line.holds_on(day)):
        standing = [other for other in known if other.holds_on(day)]
        if line.junior in _seniors_of(line.senior, standing):
            return day
    return None


def _seniors_of(person: int, lines: list[Line]) -> set[int]:
    """Return everybody above a person, and the person."""
    above, waiting = {person}, [person]
    while waiting:
        below = waiting.pop()
        found = {line.senior for line in lines if line.junior == below} - above
        above |= found
        waiting.extend(found)
    return above
