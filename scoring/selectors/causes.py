"""The part of a score that moved it most between two days, in SQL and in words.

Contributions of one version are ω(u − r), measure by measure, so their difference is the whole of
what a measure did. Between two versions nobody can be named.
"""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.choices import AlertCause
from scoring.domain.definition import Definition
from scoring.models import MetricValue, ScorecardVersion
from scoring.selectors.explanations import pairs_of, read_all
from scoring.selectors.frames import provisional_frame
from scoring.selectors.labels import gate_text, metric_label
from scoring.selectors.scorecards import metric_slots, read_definition


def cause_sql(sign: str) -> str:
    """Write the SELECT of (cause, place, points) between the daily rows `p` and `n`.

    :param sign: 1 for what lifted the score, -1 for what lowered it; an expression.
    """
    return f"""
  SELECT part.* FROM (
    SELECT 'measure' AS cause, x.place::int AS place, x.later - x.earlier AS points
    FROM unnest(n.contributions, p.contributions) WITH ORDINALITY AS x(later, earlier, place)
    UNION ALL SELECT 'points', NULL, n.points - p.points
    UNION ALL SELECT 'gates', NULL, n.corrections[2] - p.corrections[2]
    UNION ALL SELECT 'rollup', NULL, n.corrections[3] - p.corrections[3]
    UNION ALL SELECT 'override', NULL, n.corrections[4] - p.corrections[4]
  ) part
  WHERE n.version_id = p.version_id AND part.points * {sign} > 0.05
  ORDER BY part.points * {sign} DESC LIMIT 1"""


@dataclass(frozen=True)
class Cause:
    """What moved a score most: a measure or a cap by name, or another part; and by how much."""

    part: str
    name: str
    points: float


def definitions_of(version_ids: Iterable[int | None]) -> Mapping[int, Definition]:
    """Return what each version says; one query."""
    versions = ScorecardVersion.objects.filter(pk__in={pk for pk in version_ids if pk})
    return {version.pk: read_definition(version) for version in versions}


def measure_keys(definition: Definition | None) -> tuple[str, ...]:
    """Return the metrics of a definition's measures, ordered as contributions."""
    if definition is None:
        return ()
    return tuple(measure.metric for _, measure, _ in definition.measures)


def caps_now(asked: Mapping[int, Definition], *, at: dt.datetime) -> Mapping[int, str]:
    """Say of each account (by its scorecard) which cap holds it down now; two queries.

    An account whose caps have let go since is left out.
    """
    if not asked:
        return {}
    frame, slots = provisional_frame(at), metric_slots()
    found = {}
    for stored in MetricValue.objects.filter(account__in=list(asked)):
        readings = read_all(pairs_of(slots, stored.v, stored.seen), frame)
        gates = [gate for gate in asked[stored.account_id].gates if gate.cap is not None]
        holding = [gate for gate in gates if any(c.truth(readings) for c in gate.conditions)]
        if holding:
            lowest = min(holding, key=lambda gate: gate.cap if gate.cap is not None else 100)
            found[stored.account_id] = gate_text(lowest)
    return found


def cause_of(
    part: str, place: int | None, points: float | None, keys: tuple[str, ...], cap: str = ""
) -> Cause | None:
    """Name a stored cause; None where nothing stands out or its measure is gone.

    :param cap: what the cap says that holds the account down now.
    """
    if not part or points is None:
        return None
    if part != AlertCause.MEASURE:
        return Cause(part, cap if part == AlertCause.GATES else "", points)
    if place is None or not 0 < place <= len(keys):
        return None
    return Cause(part, metric_label(keys[place - 1]), points)
