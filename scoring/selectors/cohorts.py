"""Frozen cohort tables: the one that is valid, its rows by cohort, and how an account compares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.lib.once import once
from scoring.domain.cohorts import Norms, Quantiles
from scoring.domain.definition import Definition
from scoring.models import CohortQuantiles, CohortTable
from scoring.selectors.assignments import audience_key
from scoring.selectors.frames import Frame

#: The audience of a row about the whole book.
BOOK = ""
#: The score itself among the metrics of a table.
HEALTH_SCORE = "health.score"


@dataclass(frozen=True)
class FrozenRow:
    """A distribution with the key it is stored under."""

    pk: int
    quantiles: Quantiles


@dataclass(frozen=True)
class CohortRows:
    """The rows of one table, by audience and metric."""

    rows: Mapping[tuple[str, str], FrozenRow] = field(default_factory=dict)

    def of(self, audience: str, metric: str) -> FrozenRow | None:
        """Return a row, or None where nobody of the cohort had a value."""
        return self.rows.get((audience, metric))

    def norms(self, definition: Definition, cohort: int | None) -> dict[str, Norms]:
        """Return what an account of a cohort is held against, by metric."""
        audience = None if cohort is None else audience_key(definition.cohorts[cohort])
        return {
            metric: Norms(
                cohort=self._quantiles(audience, metric) if audience else None,
                book=self._quantiles(BOOK, metric),
            )
            for metric in definition.cohort_metrics()
        }

    def _quantiles(self, audience: str, metric: str) -> Quantiles | None:
        row = self.of(audience, metric)
        return row.quantiles if row else None


NO_ROWS = CohortRows()


def valid_table(frame: Frame) -> CohortTable | None:
    """Return the newest table frozen for an instant up to t and known at k."""
    return CohortTable.objects.filter(t__lte=frame.t, known_at__lte=frame.k).order_by("-t").first()


def cohort_rows(table_id: int | None, *, metrics: Sequence[str]) -> CohortRows:
    """Return the rows of a table about some metrics; one query, none without a table."""
    if table_id is None or not metrics:
        return NO_ROWS
    rows = CohortQuantiles.objects.filter(table_id=table_id, metric__in=metrics)
    frozen = once(f"cohort.rows {table_id} {sorted(metrics)}", lambda: [*map(_keyed, rows)])
    return CohortRows(dict(frozen))


def norms_of(table_id: int | None, definition: Definition, cohort: int | None) -> dict[str, Norms]:
    """Return what an account is held against, by metric."""
    rows = cohort_rows(table_id, metrics=sorted(definition.cohort_metrics()))
    return rows.norms(definition, cohort)


def _keyed(row: CohortQuantiles) -> tuple[tuple[str, str], FrozenRow]:
    return (row.audience, row.metric), _frozen(row)


def _frozen(row: CohortQuantiles) -> FrozenRow:
    quantiles = Quantiles(
        n=row.n,
        values=tuple(row.knots),
        below=tuple(row.below),
        upto=tuple(row.upto),
        median=row.median,
        mad=row.mad,
    )
    return FrozenRow(row.pk, quantiles)
