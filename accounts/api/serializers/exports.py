"""Exports over the API: what is asked for, how far it is, where the file is."""

from typing import Any

from rest_framework import serializers

from accounts.choices import ExportFormat, ExportHeader
from accounts.models import Export
from accounts.services.exports.runs import LONGEST_QUERY


class ExportSerializer(serializers.ModelSerializer[Export]):
    """A file that is taken out; fetch it from `file/` once `state` is done."""

    state = serializers.CharField(source="job.state", read_only=True)
    progress_percent = serializers.IntegerField(source="job.progress_percent", read_only=True)
    error = serializers.CharField(source="job.error", read_only=True)
    created_at = serializers.DateTimeField(source="job.created_at", read_only=True)
    has_file = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = (
            "id",
            "job",
            "kind",
            "source",
            "query",
            "format",
            "header",
            "contact",
            "state",
            "progress_percent",
            "error",
            "rows",
            "file_name",
            "size",
            "sha256",
            "has_file",
            "created_at",
            "expires_at",
        )
        read_only_fields = fields

    def get_has_file(self, export: Export) -> bool:
        """Say whether `file/` hands it out."""
        return bool(export.file)


class ExportOrderSerializer(serializers.Serializer[Any]):
    """A list to be taken out, asked for as its page is."""

    source: Any = serializers.CharField(
        max_length=60, help_text="Key of a list, as in its address: `accounts`, `contacts` …"
    )
    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        required=False,
        default="",
        allow_blank=True,
        help_text="What stands behind the question mark of the list's page: rules, sort, columns.",
    )
    format = serializers.ChoiceField(
        choices=[ExportFormat.CSV, ExportFormat.XLSX], default=ExportFormat.CSV
    )
    header = serializers.ChoiceField(choices=ExportHeader.choices, default=ExportHeader.KEYS)


class BundleOrderSerializer(serializers.Serializer[Any]):
    """Whose data is to be taken out."""

    contact = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
