"""`POST /api/v1/accounts:bulk` and its like: up to 1,000 records, each with its own result."""

from collections import Counter
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView
from accounts.api.serializers.bulk import BulkResultSerializer, BulkSerializer
from accounts.models import Account, Contact, IdempotencyKey
from accounts.services.bulk import ACCOUNTS, CONTACTS, BulkKind, write_in_bulk
from config.lib.bodies import read_body
from config.lib.idempotency import IdempotencyMixin

OUTCOMES = ("created", "updated", "unchanged", "failed")


class _WriteInBulk(ApiView, APIView):
    """Parse the batch, hand it to the service, answer with a row for each item."""

    kind: ClassVar[BulkKind]

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        items = read_body(BulkSerializer(data=request.data))["items"]
        rows = write_in_bulk(kind=self.kind, items=items, at=self.at, by=self.me)
        counts = Counter(row.outcome for row in rows)
        shape = {name: counts[name] for name in OUTCOMES} | {"results": rows}
        return Response(BulkResultSerializer(shape).data)


class BulkView(IdempotencyMixin, _WriteInBulk):
    """Partial success is success: the good items are written, the others name their faults."""

    idempotency_model = IdempotencyKey
    makes = True


class AccountBulkView(BulkView):
    queryset = Account.objects.all()
    kind = ACCOUNTS

    @extend_schema(
        operation_id="accounts_bulk",
        tags=["accounts"],
        request=BulkSerializer,
        responses=BulkResultSerializer,
    )
    def post(self, request: Request) -> Response:
        """Create and change up to 1,000 accounts; 200 with a result for each item."""
        return self.create(request)


class ContactBulkView(BulkView):
    queryset = Contact.objects.all()
    kind = CONTACTS

    @extend_schema(
        operation_id="contacts_bulk",
        tags=["contacts"],
        request=BulkSerializer,
        responses=BulkResultSerializer,
    )
    def post(self, request: Request) -> Response:
        """Create and change up to 1,000 contacts; 200 with a result for each item."""
        return self.create(request)
