"""The resource `messages`."""

from accounts.api.base import ReadOnlyViewSet
from accounts.api.filters import MessageFilter
from accounts.api.serializers.messages import MessageSerializer
from accounts.models import MailMessage


class MessageViewSet(ReadOnlyViewSet):
    """Mails to people the caller may see, and what became of them."""

    queryset = MailMessage.objects.all()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    ordering_fields = ("id", "created_at")
    ordering = "-created_at"
