"""Why an account moves between two definitions: the parts of both scores, for a few accounts."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from scoring.selectors.cohorts import NO_ROWS, CohortRows
from scoring.selectors.frames import Frame
from scoring.selectors.scorecards import ActingScorecard

REASONS = 3
#: A part that moves less is no reason.
LEAST_POINTS = 0.05


@dataclass(frozen=True)
class Mover:
    """An account on both sides: scores, bands, and its ARR in the reporting currency."""

    account: int
    before: float | None
    after: float | None
    was: str
    becomes: str
    arr: float | None

    def distance(self) -> tuple[float, int]:
        """Return how far it moves, to order by."""
        return abs((self.after or 0) - (self.before or 0)), -self.account

    def worth(self) -> tuple[float, int]:
        """Return its ARR, to order by."""
        return (-math.inf if self.arr is None else self.arr), -self.account


@dataclass(frozen=True)
class Side:
    """One way to score: what applies, the array positions of its metrics, where values stand."""

    cards: Sequence[ActingScorecard]
    slots: Mapping[str, int]
    table: str
    cohorts: CohortRows = NO_ROWS


def explain_movers(
    movers: Sequence[Mover], *, before: Side, after: Side, frame: Frame
) -> list[dict[str, Any]]:
    """Return each account with what its measures, points and corrections gain or lose.

    Gains of all parts sum to the change of the score; the largest three are named.
    """
    ids = [mover.account for mover in movers]
    old, new = _parts(before, ids, frame), _parts(after, ids, frame)
    return [
        {**vars(mover), "reasons": _reasons(old.get(mover.account), new.get(mover.account))}
        for mover in movers
    ]


def _parts(side: Side, ids: Sequence[int], frame: Frame) -> dict[int, dict[str, float]]:
    """Return what each part gives to the score of each account, by metric or correction."""
    found: dict[int, dict[str, float]] = {}
    if not ids:
        return found
    values = {**frame.parameters(), "ids": list(ids), "was_day": None}
    for card in side.cards:
        compiler = card.compiler(side.slots, official=False, cohorts=side.cohorts)
        measures = [measure.metric for _, measure, _ in card.definition.measures]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT account_id, contributions, points, corrections FROM"  # noqa: S608
                f" ({compiler.compile(side.table, card.where)}) parts",
                values,
            )
            for account, contributions, points, corrections in cursor.fetchall():
                parts: dict[str, float] = defaultdict(float)
                for metric, gained in zip(measures, contributions, strict=False):
                    parts[metric] += gained
                clip, gates, *others = corrections
                parts |= {"points": points + clip, "gates": gates, "others": sum(others)}
                found[account] = parts
    return found


def _reasons(
    old: Mapping[str, float] | None, new: Mapping[str, float] | None
) -> list[dict[str, Any]]:
    if old is None or new is None:
        return []
    moves = {key: new.get(key, 0.0) - old.get(key, 0.0) for key in {**old, **new}}
    largest = sorted(moves.items(), key=lambda move: (-abs(move[1]), move[0]))[:REASONS]
    return [{"part": key, "points": gain} for key, gain in largest if abs(gain) >= LEAST_POINTS]
