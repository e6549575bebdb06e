"""Score one account exactly, and keep every part: the Python reference of the compiled SQL.

The method gives the base (`weighing`, `ruling`); then points, the bounds of the scale, gates, the
children and an override. Reference + contributions + points + corrections = score.
"""

from collections.abc import Mapping, Sequence

from scoring.domain.cohorts import Norms
from scoring.domain.definition import Definition
from scoring.domain.freshness import MISSING, Reading
from scoring.domain.parts import (
    Base,
    Corrections,
    DimensionPart,
    Evaluation,
    GatePart,
    Override,
    Part,
    PointPart,
    RulePart,
)
from scoring.domain.rollup import Group, Rolled, critical_children_gate, roll_up
from scoring.domain.ruling import rule
from scoring.domain.weighing import weigh

__all__ = [
    "Corrections",
    "DimensionPart",
    "Evaluation",
    "GatePart",
    "Override",
    "Part",
    "PointPart",
    "RulePart",
    "evaluate",
]

MINIMUM_COVERAGE = 0.5


def evaluate(
    definition: Definition,
    readings: Mapping[str, Reading],
    *,
    override: Override | None = None,
    norms: Mapping[str, Norms] | None = None,
    kept: Mapping[str, Reading] | None = None,
    group: Group | None = None,
) -> Evaluation:
    """Score an account from what its metrics say; a metric without a reading is missing.

    :param norms: by metric, the frozen tables of its cohort and of the book.
    :param kept: by metric, the last reading of a measure that carries forward.
    :param group: its children as computed, where it has any.
    """
    base = _base(definition, readings, norms or {}, kept or {})
    points = _points(definition, readings)
    bounded, clip = _bounded(definition, base, points)
    gates, gated = _gate(definition, readings, bounded)
    rolled, caps, enough = _with_children(definition, gated, group, has_own=_is_enough(base))
    computed = rolled.capped
    score = (override or Override()).apply(computed)
    return Evaluation(
        reference=definition.reference,
        coverage=base.coverage,
        observed=base.observed,
        parts=base.parts,
        rules=base.rules,
        dimensions=base.dimensions,
        points=points,
        gates=gates + caps,
        corrections=Corrections(
            clip=clip,
            gates=gated - bounded + (rolled.capped - rolled.value),
            rollup=rolled.value - gated,
            override=score - computed,
        ),
        gated=gated < bounded or rolled.capped < rolled.value,
        computed=computed if enough else None,
        score=score if enough else None,
        group=group,
    )


def _base(
    definition: Definition,
    readings: Mapping[str, Reading],
    norms: Mapping[str, Norms],
    kept: Mapping[str, Reading],
) -> Base:
    if definition.rule_set is not None:
        return rule(definition.rule_set, readings)
    return weigh(definition, readings, norms=norms, kept=kept)


def _is_enough(base: Base) -> bool:
    return min(base.coverage, base.observed) >= MINIMUM_COVERAGE and base.has_required


def _with_children(
    definition: Definition, gated: float, group: Group | None, *, has_own: bool
) -> tuple[Rolled, tuple[GatePart, ...], bool]:
    """Return what the children make of a score, the cap they put on it, and if that is enough."""
    rollup = definition.rollup
    if rollup is None or group is None:
        return Rolled(gated, gated), (), has_own
    rolled = roll_up(rollup, gated, has_own=has_own, group=group)
    caps: tuple[GatePart, ...] = ()
    if rolled.capped < rolled.value:
        caps = (GatePart(critical_children_gate(rollup), binding=True),)
    return rolled, caps, has_own or (rollup.method != "own" and bool(group.scores))


def _bounded(
    definition: Definition, base: Base, points: Sequence[PointPart]
) -> tuple[float, float]:
    """Return the score within its scale before gates, and what the bounds took or gave."""
    unclipped = definition.reference + sum(base.contributions)
    clipped = _clip_groups(definition, points)
    bounded = min(100.0, max(0.0, unclipped + clipped))
    given = sum(point.points for point in points)
    return bounded, (clipped - given) + (bounded - unclipped - clipped)


def _points(definition: Definition, readings: Mapping[str, Reading]) -> tuple[PointPart, ...]:
    return tuple(
        PointPart(each.metric, _decayed(each.points, each.half_life_days, readings, each.metric))
        for each in definition.point_rules
    )


def _decayed(
    points: float, half_life: float, readings: Mapping[str, Reading], metric: str
) -> float:
    reading = readings.get(metric, MISSING)
    return 0.0 if reading.x is None else points * reading.x * 2.0 ** (-reading.age / half_life)


def _clip_groups(definition: Definition, points: Sequence[PointPart]) -> float:
    total, start = 0.0, 0
    for group in definition.point_groups:
        own = sum(point.points for point in points[start : start + len(group.rules)])
        total += min(group.high, max(group.low, own))
        start += len(group.rules)
    return total


def _gate(
    definition: Definition, readings: Mapping[str, Reading], bounded: float
) -> tuple[tuple[GatePart, ...], float]:
    """Return the gates whose condition holds, and the score behind them; caps win."""
    acting = [gate for gate in definition.gates if any(c.truth(readings) for c in gate.conditions)]
    lifted = max([bounded, *(gate.floor for gate in acting if gate.floor is not None)])
    computed = min([lifted, *(gate.cap for gate in acting if gate.cap is not None)])
    return tuple(
        GatePart(
            gate,
            binding=(gate.cap is not None and gate.cap == computed < lifted)
            or (gate.floor is not None and gate.floor == computed > bounded),
        )
        for gate in acting
    ), computed
