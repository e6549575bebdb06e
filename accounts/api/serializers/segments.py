"""Segments over the API: a key, a name in both languages, a rule tree."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Segment


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    """A named rule over accounts; `stage` is the highest app whose fields it uses."""

    rule = serializers.JSONField(help_text="A rule tree; faults are named by pointers into it.")

    class Meta:
        model = Segment
        fields = (
            "id",
            "key",
            "name_en",
            "name_ja",
            "rule",
            "stage",
            "is_shipped",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("stage", "is_shipped", "created_at", "updated_at")

    def validate_key(self, key: str) -> str:
        """Keep the key: lists, reports and playbooks name the segment by it."""
        if self.instance is not None and key != self.instance.key:
            raise serializers.ValidationError(_("The key of a segment stays."))
        return key
