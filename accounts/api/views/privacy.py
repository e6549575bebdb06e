"""`erasures` and `retention-rules`: for who answers for privacy, with the scope `admin`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView, ReadOnlyViewSet
from accounts.api.keyed import KeyedViewSet
from accounts.api.serializers.privacy import (
    ErasureOrderSerializer,
    ErasureSerializer,
    RetentionRuleSerializer,
)
from accounts.choices import TokenScope
from accounts.models import Contact, Erasure, RetentionRule
from accounts.querysets import may_answer_for_privacy
from accounts.services.privacy.erasure import ErasureNotAllowed, request_erasure
from accounts.services.privacy.people import person_of
from accounts.services.privacy.retention import BadRetention, kept_for, set_retention
from config.lib.bodies import read_body
from config.lib.etags import content_tag
from config.lib.problems import FieldError


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
        asked = read_body(ErasureOrderSerializer(data=request.data))
        contact: Contact = asked["contact"]
        if not Contact.objects.visible_to(self.me).filter(pk=contact.pk).exists():
            raise NotFound
        erasure = request_erasure(
            person=person_of(contact),
            at=self.at,
            by=self.me,
            reference=asked["reference"],
            language=(get_language() or "en")[:2],
        )
        return Response(self.get_serializer(erasure).data, status=status.HTTP_202_ACCEPTED)


class AnswersForPrivacy(BasePermission):
    """Only administrators and privacy officers open the page of these."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_answer_for_privacy(request.user)


@dataclass(frozen=True)
class Rule:
    """One kind of data as the page tells it."""

    key: str
    label: str
    about: str
    days: int | None
    at_least: int
    is_needed: bool
    is_promised: bool


class RetentionRuleViewSet(KeyedViewSet):
    """How long each kind of data is kept. What is older than a new period goes within a day, for
    good; `days` alone is written."""

    queryset = RetentionRule.objects.all()
    serializer_class = RetentionRuleSerializer
    permission_classes: Any = (*ApiView.permission_classes, AnswersForPrivacy)

    def rows(self) -> Sequence[Rule]:
        return [
            Rule(
                key=one.retention.key,
                label=str(one.retention.label),
                about=str(one.retention.about),
                days=one.days,
                at_least=one.retention.at_least,
                is_needed=bool(one.retention.setting),
                is_promised=one.retention.is_promised,
            )
            for one in kept_for()
        ]

    def version(self, row: Rule) -> str:
        return content_tag(row.key, row.days)

    def change(self, row: Rule, data: dict[str, Any]) -> None:
        if "days" not in data:
            return
        try:
            set_retention(days={row.key: data["days"]}, by=self.me)
        except BadRetention as error:
            faults = [FieldError("/days", one.detail) for one in error.errors]
            raise BadRetention(errors=faults) from error
