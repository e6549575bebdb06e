"""Why a score moved, and figures that add up on the screen.

Between two dates each measure's part splits by the midpoint identity into what the customer did
(ω̄ Δu) and what we know of them and how we weigh it ((ū − r) Δω); the two sum exactly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.domain.definition import Rule
from scoring.domain.parts import Evaluation, Part, RulePart


@dataclass(frozen=True)
class Move:
    """What one measure did to the score between two dates; or one rule, by its key."""

    metric: str
    dimension: str
    before: float | None
    after: float | None
    behaviour: float
    coverage: float
    rule: Rule | None = None

    @property
    def total(self) -> float:
        """Return behaviour + coverage."""
        return self.behaviour + self.coverage


@dataclass(frozen=True)
class Difference:
    """Score after − score before = Σ moves + points + corrections."""

    moves: tuple[Move, ...]
    points: float
    corrections: float

    @property
    def total(self) -> float:
        """Return the whole change."""
        return sum(move.total for move in self.moves) + self.points + self.corrections


def difference(before: Evaluation, after: Evaluation) -> Difference:
    """Split the change between two evaluations; a measure absent at one date keeps its utility.

    Measures are met by metric; where the scorecard changed, those of one side only enter with
    weight 0 on the other.
    """
    old = {part.metric: part for part in before.parts}
    new = {part.metric: part for part in after.parts}
    keys = list(dict.fromkeys([*new, *old]))
    moves = tuple(
        _move(old.get(key), new.get(key), before.reference, after.reference) for key in keys
    )
    moves += _rule_moves(before.rules, after.rules)
    points = sum(p.points for p in after.points) - sum(p.points for p in before.points)
    shift = after.corrections.total - before.corrections.total
    shift += after.reference - before.reference
    return Difference(moves=moves, points=points, corrections=shift)


def _move(old: Part | None, new: Part | None, r0: float, r1: float) -> Move:
    known = new or old
    assert known is not None
    u0 = old.utility if old else None
    u1 = new.utility if new else None
    w0, w1 = (old.weight if old else 0.0), (new.weight if new else 0.0)
    start = (u0 if u0 is not None else u1 if u1 is not None else r0) - r0
    end = (u1 if u1 is not None else u0 if u0 is not None else r1) - r1
    return Move(
        metric=known.metric,
        dimension=known.dimension,
        before=old.reading.x if old else None,
        after=new.reading.x if new else None,
        behaviour=(w0 + w1) / 2 * (end - start),
        coverage=(start + end) / 2 * (w1 - w0),
    )


def _rule_moves(before: Sequence[RulePart], after: Sequence[RulePart]) -> tuple[Move, ...]:
    old = {part.rule.key: part for part in before}
    new = {part.rule.key: part for part in after}
    return tuple(
        Move(
            metric=key,
            dimension="",
            before=None,
            after=None,
            behaviour=(new[key].contribution if key in new else 0.0)
            - (old[key].contribution if key in old else 0.0),
            coverage=0.0,
            rule=(new.get(key) or old[key]).rule,
        )
        for key in dict.fromkeys([*new, *old])
    )


def round_together(
    values: Sequence[float], *, total: float | None = None, digits: int = 1
) -> list[float]:
    """Round so that the rounded values sum to `total`, or to the rounded sum.

    Largest remainder: what is missing after rounding down goes to those cut most.
    """
    if not values:
        return []
    scale = 10**digits
    floors = [math.floor(value * scale) for value in values]
    wanted = math.floor((math.fsum(values) if total is None else total) * scale + 0.5)
    order = sorted(range(len(values)), key=lambda i: floors[i] - values[i] * scale)
    missing = wanted - sum(floors)
    each, rest = divmod(missing, len(values))
    for place, index in enumerate(order):
        floors[index] += each + (place < rest)
    return [floor / scale for floor in floors]
