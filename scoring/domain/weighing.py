"""The base of the method `weighted`: B = r + Σ ω (u − r) with ω = W ŵ f / C."""

from collections.abc import Mapping, Sequence

from scoring.domain.cohorts import NO_NORMS, Norms
from scoring.domain.curves import neutral_utility
from scoring.domain.definition import Definition, Dimension, Measure
from scoring.domain.freshness import MISSING, Reading, freshness
from scoring.domain.parts import Base, DimensionPart, Part


def weigh(
    definition: Definition,
    readings: Mapping[str, Reading],
    *,
    norms: Mapping[str, Norms],
    kept: Mapping[str, Reading],
) -> Base:
    """Weigh the measures of an account; what is missing gives its weight to the rest."""
    parts = _parts(definition, readings, norms, kept)
    return Base(
        coverage=sum(part.share for part in parts),
        observed=sum(part.share for part in parts if not part.imputed),
        has_required=_has_mandatory(definition, parts),
        parts=parts,
        dimensions=_dimensions(definition, parts),
    )


def _parts(
    definition: Definition,
    readings: Mapping[str, Reading],
    norms: Mapping[str, Norms],
    kept: Mapping[str, Reading],
) -> tuple[Part, ...]:
    raw = []
    for dimension, measure, weight in definition.measures:
        reading = readings.get(measure.metric, MISSING)
        own = norms.get(measure.metric, NO_NORMS)
        judged = _judge(definition.reference, dimension, measure, reading, own, kept)
        raw.append((dimension, measure, *judged, weight * judged[2]))
    coverage = sum(share for *_, share in raw)
    return tuple(
        Part(
            metric=measure.metric,
            dimension=dimension.key,
            reading=reading,
            utility=utility,
            freshness=fresh,
            share=share,
            weight=share / coverage if coverage else 0.0,
            contribution=(
                share / coverage * (utility - definition.reference)
                if coverage and utility is not None
                else 0.0
            ),
            imputed=imputed,
        )
        for dimension, measure, reading, utility, fresh, imputed, share in raw
    )


def _judge(
    reference: float,
    dimension: Dimension,
    measure: Measure,
    reading: Reading,
    norms: Norms,
    kept: Mapping[str, Reading],
) -> tuple[Reading, float | None, float, bool]:
    """Return reading, utility, freshness and whether they stand in for something missing."""
    utility = None if reading.x is None else measure.curve.utility(reading.x, norms)
    if utility is not None:
        return reading, utility, _fresh(dimension, reading), False
    match measure.missing:
        case "neutral":
            median = neutral_utility(measure.curve, norms)
            return reading, reference if median is None else median, 1.0, True
        case "penalty":
            return reading, measure.penalty, 1.0, True
        case "carry":
            last = kept.get(measure.metric, MISSING)
            utility = None if last.x is None else measure.curve.utility(last.x, norms)
            if utility is not None:
                return last, utility, _fresh(dimension, last), True
    return reading, None, 0.0, False


def _fresh(dimension: Dimension, reading: Reading) -> float:
    return freshness(reading.age, fresh_days=dimension.fresh_days, gone_days=dimension.gone_days)


def _dimensions(definition: Definition, parts: Sequence[Part]) -> tuple[DimensionPart, ...]:
    total = sum(dimension.weight for dimension in definition.dimensions)
    result = []
    for dimension in definition.dimensions:
        own = [part for part in parts if part.dimension == dimension.key]
        share = sum(part.share for part in own)
        utility = (
            sum(part.share * part.utility for part in own if part.utility is not None) / share
            if share
            else None
        )
        result.append(
            DimensionPart(
                key=dimension.key,
                utility=utility,
                coverage=share / (dimension.weight / total),
                weight=sum(part.weight for part in own),
            )
        )
    return tuple(result)


def _has_mandatory(definition: Definition, parts: Sequence[Part]) -> bool:
    return all(
        any(p.share > 0 and not p.imputed for p in parts if p.dimension == dimension.key)
        for dimension in definition.dimensions
        if dimension.mandatory
    )
