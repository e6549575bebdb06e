"""Erasures, and how long data is kept, over the API."""

from typing import Any

from rest_framework import serializers

from accounts.models import Contact, Erasure
from accounts.services.privacy.retention import LONGEST


class ErasureSerializer(serializers.ModelSerializer[Erasure]):
    """A person who was erased: numbers of contacts, never a name."""

    state = serializers.CharField(source="job.state", default="done", read_only=True)

    class Meta:
        model = Erasure
        fields = ("id", "contacts", "reference", "state", "counts", "created_at", "applied_at")
        read_only_fields = fields


class ErasureOrderSerializer(serializers.Serializer[Any]):
    """Whom to erase: a contact, and with it every contact of the same mail address."""

    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all())
    reference = serializers.CharField(
        max_length=100,
        required=False,
        default="",
        allow_blank=True,
        help_text="A number to find the request by; it stays on record, so never a name.",
    )


class RetentionRuleSerializer(serializers.Serializer[Any]):
    """For how many days one kind of data is kept; null is for ever.

    What `is_promised` elsewhere can't be set; `is_needed` takes a number of days, never null.
    """

    key = serializers.SlugField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    about = serializers.CharField(read_only=True, help_text="What goes, and what stays.")
    days = serializers.IntegerField(min_value=0, max_value=LONGEST, allow_null=True)
    at_least = serializers.IntegerField(read_only=True, help_text="Fewer days can't be set.")
    is_needed = serializers.BooleanField(read_only=True)
    is_promised = serializers.BooleanField(read_only=True)
