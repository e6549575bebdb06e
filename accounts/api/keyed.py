"""Settings that are known by a key, few of each kind, whether shipped or the organisation's own.

What is shipped has no row until somebody changes it, so a version is named by what it says. There
are no pages of them and no filters.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.base import ApiView
from accounts.api.queries import read_query
from accounts.api.schema import RecordSchema
from accounts.choices import TokenScope
from accounts.models import IdempotencyKey, Organisation
from config.lib.bodies import changes_of, read_body, refuse_members
from config.lib.etags import content_tag, refuse_stale
from config.lib.idempotency import IdempotencyMixin
from config.lib.pagination import OnePage, one_page
from config.lib.problems import Conflict


class NotShipped(Conflict):
    """What the organisation made itself has no original."""

    code = "not_shipped"
    title = _("This is one of your own: there is no original to go back to.")


class KeyedSchema(RecordSchema):
    """Say that a setting has versions."""

    def _has_versions(self) -> bool:
        return "{key}" in self.path

    def _get_parameters(self) -> list[Any]:
        """Leave keys the texts they are; elsewhere what stands in an address is a number."""
        parameters: list[Any] = super(RecordSchema, self)._get_parameters()
        return parameters


class NothingAsked(serializers.Serializer[Any]):
    """There is nothing to ask of such a list."""


class KeyedViewSet(ApiView, GenericViewSet[Any]):
    """Read by who reads them on their page; changed with the scope `admin`.

    Implement `rows()`, and `change(row, data)` which writes.
    """

    schema = KeyedSchema()
    write_scope: ClassVar[str] = TokenScope.ADMIN
    more_problems = frozenset({400})  # a parameter where there are none
    lookup_field = "key"
    lookup_value_regex = r"[-a-zA-Z0-9_]+"
    pagination_class = OnePage
    filter_backends = ()

    def rows(self) -> Sequence[Any]:
        """Return how the settings stand now, in their order."""
        raise NotImplementedError

    def change(self, row: Any, data: dict[str, Any]) -> None:
        """Change one by validated data."""
        raise NotImplementedError

    def find(self, key: str) -> Any:
        """Return the setting of a key.

        :raises Http404: when there is none.
        """
        found = next((row for row in self.rows() if row.key == key), None)
        if found is None:
            raise Http404
        return found

    def list(self, request: Request) -> Response:
        """Return all of them."""
        read_query(NothingAsked, request)
        return one_page(self.get_serializer(self.rows(), many=True).data)

    def retrieve(self, request: Request, key: str) -> Response:
        """Return one."""
        return self.shown(self.find(key))

    @transaction.atomic
    def partial_update(self, request: Request, key: str) -> Response:
        """Change the members that are given."""
        row = self.hold(key)
        body: Any = self.get_serializer(row, data=request.data, partial=True)
        changes = changes_of(body, read_body(body))
        if changes:
            self.change(row, changes)
        return self.shown(self.find(key))

    def hold(self, key: str) -> Any:
        """Return a setting that nobody changes meanwhile, of the version the caller names.

        :raises PreconditionFailed: when it is another.
        """
        Organisation.objects.take_turn()
        row = self.find(key)
        refuse_stale(self.request, self.version(row))
        return row

    def version(self, row: Any) -> str:
        """Return the tag of a setting as it stands."""
        return content_tag(row)

    def shown(self, row: Any, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with a setting and its version."""
        answer = Response(self.get_serializer(row).data, status=code)
        answer["ETag"] = self.version(row)
        return answer


class OriginalMixin(KeyedViewSet):
    """Settings of which some are shipped: implement `restore(row)`, too."""

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def original(self, request: Request, key: str) -> Response:
        """Let what is shipped be as it was shipped again; what is arranged in an order keeps its
        place."""
        refuse_members(request)
        row = self.hold(key)
        if not row.is_shipped:
            raise NotShipped
        self.restore(row)
        return self.shown(self.find(key))

    def restore(self, row: Any) -> None:
        """Let one be as it was shipped."""
        raise NotImplementedError


class _Makes(KeyedViewSet):
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add one of the organisation's own."""
        row = self.find(self.make(read_body(self.get_serializer(data=request.data))))
        answer = self.shown(row, code=status.HTTP_201_CREATED)
        answer["Location"] = request.build_absolute_uri(f"{request.path}{row.key}/")
        return answer

    def make(self, data: dict[str, Any]) -> str:
        """Add one and return its key."""
        raise NotImplementedError


class GrowingViewSet(IdempotencyMixin, _Makes):
    """Settings of which the organisation adds its own: implement `make(data)`, too."""

    idempotency_model = IdempotencyKey
