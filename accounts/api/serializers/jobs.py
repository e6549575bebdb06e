"""Jobs and imports over the API; faults of rows are worded in the caller's language."""

from typing import Any

from rest_framework import serializers

from accounts.choices import Known
from accounts.models import ImportRun, Job
from accounts.registry import importers
from accounts.services.imports.faults import RowFault


def importer_choices() -> list[tuple[str, Any]]:
    """Return (key, label) of the kinds of files there are."""
    return [(key, importer.label) for key, importer in importers.items()]


class JobSerializer(serializers.ModelSerializer[Job]):
    """Long work: how far it is, what came of it."""

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "state",
            "progress_done",
            "progress_total",
            "result",
            "error",
            "created_at",
            "done_at",
        )
        read_only_fields = fields


class RowFaultSerializer(serializers.Serializer[Any]):
    """Why a row was not taken in."""

    row = serializers.IntegerField(help_text="As a spreadsheet counts; the header is row 1.")
    column = serializers.CharField(help_text="Key of the column; empty for the row as a whole.")
    code = serializers.CharField(help_text="Stable; programs decide by it.")
    reason = serializers.CharField()


class ImportSerializer(serializers.ModelSerializer[ImportRun]):
    """One try to take in a file. The counts are null until it is done."""

    state = serializers.CharField(source="job.state", read_only=True)
    progress_percent = serializers.IntegerField(source="job.progress_percent", read_only=True)
    error = serializers.CharField(source="job.error", read_only=True)
    created_at = serializers.DateTimeField(source="job.created_at", read_only=True)
    rows = serializers.SerializerMethodField()
    created = serializers.SerializerMethodField()
    updated = serializers.SerializerMethodField()
    unchanged = serializers.SerializerMethodField()
    failed = serializers.SerializerMethodField()
    ignored = serializers.SerializerMethodField()
    faults = serializers.SerializerMethodField()
    has_error_file = serializers.SerializerMethodField()

    class Meta:
        model = ImportRun
        fields = (
            "id",
            "job",
            "kind",
            "file_name",
            "size",
            "sha256",
            "is_dry_run",
            "is_all_or_nothing",
            "sheet",
            "known",
            "mapping",
            "preview",
            "state",
            "progress_percent",
            "error",
            "rows",
            "created",
            "updated",
            "unchanged",
            "failed",
            "ignored",
            "faults",
            "has_error_file",
            "created_at",
            "expires_at",
        )
        read_only_fields = fields

    def get_rows(self, run: ImportRun) -> int | None:
        """Return how many rows the file has."""
        return _count(run, "rows")

    def get_created(self, run: ImportRun) -> int | None:
        """Return how many records are new."""
        return _count(run, "created")

    def get_updated(self, run: ImportRun) -> int | None:
        """Return how many records changed."""
        return _count(run, "updated")

    def get_unchanged(self, run: ImportRun) -> int | None:
        """Return how many rows say what is stored already."""
        return _count(run, "unchanged")

    def get_failed(self, run: ImportRun) -> int | None:
        """Return how many rows have faults."""
        return _count(run, "failed")

    def get_ignored(self, run: ImportRun) -> list[str]:
        """Return the headers that were not understood."""
        return list(run.job.result.get("ignored", ()))

    def get_has_error_file(self, run: ImportRun) -> bool:
        """Say whether `errors/` hands out the rows that failed."""
        return bool(run.error_file)

    def get_faults(self, run: ImportRun) -> list[dict[str, Any]]:
        """Return the first faults."""
        faults = [RowFault(**fault) for fault in run.job.result.get("errors", ())]
        return list(RowFaultSerializer(faults, many=True).data)


class UploadSerializer(serializers.Serializer[Any]):
    """A file to be taken in, as `multipart/form-data`."""

    kind = serializers.ChoiceField(choices=importer_choices())
    file = serializers.FileField(max_length=200)
    is_dry_run = serializers.BooleanField(default=False)
    is_all_or_nothing = serializers.BooleanField(default=False)
    sheet = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=120,
        help_text="Of a workbook.",
    )
    known = serializers.ChoiceField(choices=Known.choices, default=Known.RECORDED)
    mapping = serializers.JSONField(default=dict)


def _count(run: ImportRun, name: str) -> int | None:
    value: int | None = run.job.result.get(name)
    return value
