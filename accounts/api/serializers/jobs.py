"""Jobs and imports over the API; faults of rows are worded in the caller's language."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.choices import ChangeKind, Known
from accounts.models import ImportMapping, ImportRun, ImportUndo, Job
from accounts.registry import importers
from accounts.services.imports.faults import stored_faults
from accounts.services.imports.undo import kept_of
from config.lib.json_body import StorableJSONField


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


class KeptSerializer(serializers.Serializer[Any]):
    """A record an undo has left as it is."""

    record = serializers.CharField()
    reason = serializers.CharField(help_text="Stable; programs decide by it.")
    words = serializers.CharField()


class UndoSerializer(serializers.ModelSerializer[ImportUndo]):
    """How far taking an import back is, and what is left; counts add up over all tries.

    They are null until the first one is done.
    """

    state = serializers.CharField(source="job.state", read_only=True)
    created = serializers.SerializerMethodField()
    updated = serializers.SerializerMethodField()
    kept_count = serializers.SerializerMethodField()
    kept = serializers.SerializerMethodField()

    class Meta:
        model = ImportUndo
        fields = ("job", "state", "created", "updated", "kept_count", "kept")
        read_only_fields = fields

    def get_created(self, undo: ImportUndo) -> int | None:
        """Return how many new records were put away."""
        return _of_job(undo.job, "created")

    def get_updated(self, undo: ImportUndo) -> int | None:
        """Return how many changed records are what they were."""
        return _of_job(undo.job, "updated")

    def get_kept_count(self, undo: ImportUndo) -> int | None:
        """Return how many records stay because somebody has touched them since."""
        return _of_job(undo.job, "kept_count")

    @extend_schema_field(KeptSerializer(many=True))
    def get_kept(self, undo: ImportUndo) -> list[dict[str, Any]]:
        """Return the first records that stay."""
        return list(KeptSerializer(kept_of(undo), many=True).data)


class FieldChangeSerializer(serializers.Serializer[Any]):
    """One field: what stands there, what would stand there; null for nothing."""

    column = serializers.CharField(help_text="Key of the column.")
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class RowChangeSerializer(serializers.Serializer[Any]):
    """What one row of a previewed file would do."""

    row = serializers.IntegerField(help_text="As a spreadsheet counts; the header is row 1.")
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    record = serializers.CharField()
    twin = serializers.CharField(
        help_text="Of a new record: those of its name or mail address that are there already."
    )
    changes = FieldChangeSerializer(many=True, source="fields")


class ChangesPageSerializer(serializers.Serializer[Any]):
    """A page of what a previewed file would do."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RowChangeSerializer(many=True)


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
    undo = serializers.SerializerMethodField()

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
            "undo",
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

    @extend_schema_field(UndoSerializer(allow_null=True))
    def get_undo(self, run: ImportRun) -> dict[str, Any] | None:
        """Return how it was taken back, if it was."""
        undo = getattr(run, "undo", None)
        return UndoSerializer(undo).data if undo else None

    def get_has_error_file(self, run: ImportRun) -> bool:
        """Say whether `errors/` hands out the rows that failed."""
        return bool(run.error_file)

    def get_faults(self, run: ImportRun) -> list[dict[str, Any]]:
        """Return the first faults."""
        context = cast(dict[str, Any], self.context)
        known = context.setdefault("columns", {})  # read once for a page of imports
        if run.kind not in known:
            known[run.kind] = importers.get(run.kind).columns()
        faults = stored_faults(run.job.result, known[run.kind])
        return list(RowFaultSerializer(faults, many=True).data)


class UploadSerializer(serializers.Serializer[Any]):
    """A file to be taken in, as `multipart/form-data`."""

    kind = serializers.ChoiceField(choices=importer_choices())
    file = serializers.FileField(max_length=200)
    is_dry_run = serializers.BooleanField(
        default=False,
        help_text="True writes nothing: `changes/` shows what the file would do, `follow/` takes it"
        " in.",
    )
    is_all_or_nothing = serializers.BooleanField(
        default=False, help_text="True writes nothing where a row has a fault."
    )
    sheet = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=120,
        help_text="Of a workbook.",
    )
    known = serializers.ChoiceField(choices=Known.choices, default=Known.RECORDED)
    mapping = StorableJSONField(default=dict)
    mapping_id = serializers.PrimaryKeyRelatedField(
        queryset=ImportMapping.objects.none(),
        required=False,
        help_text="A mapping that was kept, instead of `mapping`.",
    )

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user is not None:
            kept: Any = self.fields["mapping_id"]
            kept.queryset = ImportMapping.objects.visible_to(user)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Use the kept mapping; it must be of the same kind."""
        kept = attrs.pop("mapping_id", None)
        if kept is not None:
            if kept.kind != attrs["kind"]:
                raise serializers.ValidationError({"mapping_id": _("This is for another kind.")})
            attrs["mapping"] = kept.mapping
        return attrs


def _count(run: ImportRun, name: str) -> int | None:
    return _of_job(run.job, name)


def _of_job(job: Job, name: str) -> int | None:
    value: int | None = job.result.get(name)
    return value
