"""Mails of the outbox over the API; their links stay hidden, they belong to the addressee."""

from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.domain.mail_links import hide_links
from accounts.models import MailMessage


class MessageSerializer(serializers.ModelSerializer[MailMessage]):
    """One mail and what became of it."""

    account = LinkField(read_only=True)
    contact = LinkField(read_only=True)
    body_text = serializers.SerializerMethodField()

    class Meta:
        model = MailMessage
        fields = (
            "id",
            "key",
            "state",
            "account",
            "contact",
            "to_address",
            "language",
            "subject",
            "body_text",
            "attempts",
            "last_error",
            "created_at",
            "done_at",
        )

    def get_body_text(self, message: MailMessage) -> str:
        """Return the text with dots where its links hold their secret."""
        return hide_links(message.body_text)
