"""The resource `erasures`: for administrators and privacy officers, with the scope `admin`."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ReadOnlyViewSet
from accounts.api.serializers.privacy import ErasureOrderSerializer, ErasureSerializer
from accounts.choices import TokenScope
from accounts.models import Contact, Erasure
from accounts.querysets import may_answer_for_privacy
from accounts.services.privacy.erasure import ErasureNotAllowed, request_erasure
from accounts.services.privacy.people import person_of


class ErasureViewSet(ReadOnlyViewSet):
    """People who were erased. `POST` answers before the work is done; poll `state`."""

    queryset = Erasure.objects.all()
    serializer_class = ErasureSerializer
    write_scope = TokenScope.ADMIN
    asks_again = True
    ordering_fields = ("id",)
    ordering = "-id"

    def with_parts(self, rows: Any) -> Any:
        return rows.select_related("job")

    @extend_schema(request=ErasureOrderSerializer, responses={202: ErasureSerializer})
    def create(self, request: Request) -> Response:
        """Erase a person for good, at every account; nothing takes it back."""
        if not may_answer_for_privacy(self.me):
            raise ErasureNotAllowed
        asked = ErasureOrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        contact: Contact = asked.validated_data["contact"]
        if not Contact.objects.visible_to(self.me).filter(pk=contact.pk).exists():
            raise NotFound
        erasure = request_erasure(
            person=person_of(contact),
            at=self.at,
            by=self.me,
            reference=asked.validated_data["reference"],
            language=(get_language() or "en")[:2],
        )
        return Response(self.get_serializer(erasure).data, status=status.HTTP_202_ACCEPTED)
