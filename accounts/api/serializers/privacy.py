"""Erasures over the API."""

from typing import Any

from rest_framework import serializers

from accounts.models import Contact, Erasure


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
