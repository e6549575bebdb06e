"""Which scorecards act on a day, for which accounts, and how their metrics are stored."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models.functions import Coalesce

from scoring.choices import RunKind, ScorecardState
from scoring.domain.definition import Definition
from scoring.domain.parsing import parse_definition
from scoring.domain.pruning import mentioned
from scoring.models import HealthDaily, MetricDefinition, ScorecardVersion
from scoring.registry import Metric
from scoring.selectors.assignments import audience_sql, first_of
from scoring.selectors.cohorts import NO_ROWS, CohortRows
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.score_sql import ScoreCompiler

_ASSIGN = """
SELECT id, card, {depth} AS depth FROM (
  SELECT a.*, {cards} AS card FROM accounts_account a WHERE a.id = ANY(%(ids)s) OFFSET 0
) a ORDER BY id
"""
#: How many accounts stand above one; few stand below any.
DEPTH = """CASE WHEN a.parent_id IS NULL THEN 0 ELSE (
  WITH RECURSIVE above(id, parent_id, n) AS (
    SELECT a.id, a.parent_id, 0
    UNION ALL SELECT p.id, p.parent_id, above.n + 1
    FROM above JOIN accounts_account p ON p.id = above.parent_id WHERE above.n < 50
  ) SELECT max(n) FROM above) END"""

_ABOVE = """
WITH RECURSIVE above(id) AS (
  SELECT a.parent_id FROM accounts_account a WHERE a.id = ANY(%(ids)s) AND a.parent_id IS NOT NULL
  UNION SELECT p.parent_id FROM above JOIN accounts_account p ON p.id = above.id
  WHERE p.parent_id IS NOT NULL
) SELECT id FROM above ORDER BY id
"""


@dataclass(frozen=True)
class ActingScorecard:
    """A published version that acts on a day, and the SQL condition for its accounts."""

    version_id: int
    key: str
    number: int
    digest: str
    definition: Definition
    where: str
    is_pilot: bool = False

    def compiler(
        self,
        slots: Mapping[str, int],
        *,
        official: bool,
        cohorts: CohortRows = NO_ROWS,
    ) -> ScoreCompiler:
        """Return what turns it into SQL."""
        known = all_metrics()
        reckonings = {
            key: known[key].reckoning for key in self.definition.metrics() if key in known
        }
        return ScoreCompiler(
            self.definition,
            slots=slots,
            reckonings=reckonings,
            official=official,
            cohorts=cohorts,
        )


@dataclass(frozen=True)
class Assignment:
    """By which scorecard of a list an account is judged, and below how many others it stands."""

    account_id: int
    card: int | None
    depth: int


def acting_scorecards(day: dt.date) -> list[ActingScorecard]:
    """Return what acts on `day`, in order of matching: each scorecard, its pilot before it.

    One query. The default comes last; accounts that match nothing are not scored.
    """
    published = (
        ScorecardVersion.objects.filter(
            state=ScorecardState.PUBLISHED,
            effective_on__lte=day,
            scorecard__archived_at__isnull=True,
        )
        .exclude(withdrawn_on__lte=day)
        .select_related("scorecard", "pilot_segment")
        .annotate(acts_from=Coalesce("promoted_on", "effective_on"))
        .order_by(
            "scorecard__is_default", "scorecard__position", "scorecard_id", "acts_from", "number"
        )
    )
    acting = []
    for versions in _by_scorecard(published):
        pilots = [v for v in versions if _is_pilot(v, day)]
        full = [v for v in versions if not _is_pilot(v, day)]
        newest = full[-1:]
        tried = [v for v in pilots[-1:] if not newest or v.number > newest[0].number]
        acting += [_acting(version, is_pilot=version in tried) for version in (*tried, *newest)]
    return acting


def judging_scorecards(day: dt.date) -> list[ActingScorecard]:
    """Return the versions that judged anybody when `day` was closed; their conditions take nobody.

    Conditions and the order of scorecards are those of today; a closed day keeps its own.
    """
    closed = HealthDaily.objects.filter(day=day, kind=RunKind.OFFICIAL)
    versions = ScorecardVersion.objects.filter(pk__in=closed.values("version_id"))
    rows = versions.select_related("scorecard", "pilot_segment").order_by("pk")
    return [replace(_acting(version, is_pilot=False), where="false") for version in rows]


def versions_of_day(day: dt.date, account_ids: Sequence[int]) -> dict[int, int]:
    """Return by which version each of these accounts was judged when `day` was closed."""
    rows = HealthDaily.objects.filter(day=day, kind=RunKind.OFFICIAL, account_id__in=account_ids)
    return dict(rows.values_list("account_id", "version_id"))


def assign(
    scorecards: Sequence[ActingScorecard],
    account_ids: Sequence[int],
    parameters: Mapping[str, Any],
) -> list[Assignment]:
    """Say by which scorecard each account is judged; one statement for any number of them."""
    with connection.cursor() as cursor:
        cursor.execute(assignment_sql(scorecards), {**parameters, "ids": list(account_ids)})
        return [Assignment(*row) for row in cursor.fetchall()]


def assignment_sql(scorecards: Sequence[ActingScorecard]) -> str:
    """Return the SELECT of (id, card, depth) for `%(ids)s`."""
    return _ASSIGN.format(
        cards=first_of([card.where for card in scorecards]),
        depth=DEPTH if roll_up_anything(scorecards) else "0",
    )


def roll_up_anything(scorecards: Sequence[ActingScorecard]) -> bool:
    """Say whether any parent is judged by its children, so that these come first."""
    return any(card.definition.rollup is not None for card in scorecards)


def parents_above(account_ids: Sequence[int]) -> list[int]:
    """Return the accounts that stand above any of these."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"ids": list(account_ids)})
        return [pk for (pk,) in cursor.fetchall()]


def read_definition(version: ScorecardVersion) -> Definition:
    """Return the definition of a stored version; metrics that are gone since read as missing."""
    known = {*all_metrics(), *mentioned(version.definition)}
    return parse_definition(version.definition, metrics=known)


def metric_slots() -> dict[str, int]:
    """Return the array position of each metric that has one."""
    return dict(MetricDefinition.objects.values_list("key", "slot"))


def metrics_by_slot(slots: Mapping[str, int]) -> dict[int, Metric]:
    """Return the metric of each position; positions of metrics that are gone stay empty."""
    known = all_metrics()
    return {slot: known[key] for key, slot in slots.items() if key in known}


def _by_scorecard(versions: Any) -> list[list[ScorecardVersion]]:
    groups: dict[int, list[ScorecardVersion]] = {}
    for version in versions:
        groups.setdefault(version.scorecard_id, []).append(version)
    return list(groups.values())


def _is_pilot(version: ScorecardVersion, day: dt.date) -> bool:
    promoted = version.promoted_on
    return version.pilot_segment_id is not None and (promoted is None or promoted > day)


def _acting(version: ScorecardVersion, *, is_pilot: bool) -> ActingScorecard:
    card = version.scorecard
    where = "true" if card.is_default else audience_sql(card.condition)
    if is_pilot and version.pilot_segment is not None:
        where = f"({where} AND {audience_sql({'segment': version.pilot_segment.key})})"
    return ActingScorecard(
        version_id=version.pk,
        key=card.key,
        number=version.number,
        digest=version.digest,
        definition=read_definition(version),
        where=where,
        is_pilot=is_pilot,
    )
