"""Files of measurements: one row a reading of one key at one moment."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.domain.cells import decimal_cell, moment_cell, slug_cell, text_cell
from accounts.domain.import_columns import Column
from accounts.models import Organisation
from accounts.registry import Preview, Takeout, importers, previews, takeouts
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import account_id_column
from scoring.services.measurement_files import (
    MEASUREMENTS,
    plan_measurements,
    write_measurements,
)


def columns() -> Sequence[Column]:
    """Return what a file may hold; moments are read in the organisation's zone."""
    return (
        account_id_column(is_required=True),
        Column(
            "key",
            _("key"),
            slug_cell(60),
            ("measure", "metric", "name", "項目", "指標", "キー"),
            is_required=True,
        ),
        Column(
            "value",
            _("value"),
            decimal_cell,
            ("number", "値", "数値"),
            "double precision",
            is_required=True,
        ),
        Column(
            "measured_at",
            _("measured"),
            moment_cell(Organisation.objects.zone()),
            ("measured at", "date", "time", "timestamp", "日時", "測定日", "測定日時", "日付"),
            "timestamptz",
            is_required=True,
        ),
        Column(
            "external_id",
            _("own-system id"),
            text_cell(128),
            ("measurement id", "id", "測定id"),
        ),
    )


class Measurements:
    key = "measurements"
    label = _("Measurements")
    record_kind: str = RecordKind.HEALTH

    def columns(self) -> Sequence[Column]:
        return columns()

    def plan(self, stage: Stage) -> None:
        plan_measurements(stage)

    def write(self, stage: Stage) -> None:
        write_measurements(stage)


importers.register("measurements")(Measurements())
takeouts.register("measurements")(Takeout("measurements", 80, lambda: MEASUREMENTS))
previews.register("measurements")(Preview(table="scoring_measurement", label="p.key"))
