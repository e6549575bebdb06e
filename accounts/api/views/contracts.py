"""The resources `contracts` and `rates`."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet, Restores
from accounts.api.filters import ContractFilter
from accounts.api.serializers.contracts import (
    ContractSerializer,
    RateSerializer,
    RenewalSerializer,
)
from accounts.models import Contract, ContractTerm, FxRate
from accounts.selectors.contracts import with_worth
from accounts.services.contracts import (
    archive_contract,
    create_contract,
    renew_contract,
    restore_contract,
    update_contract,
)
from accounts.services.rates import record_rate
from config.lib.bodies import read_body
from config.lib.folding import Folded


class ContractViewSet(Restores, RecordViewSet):
    """Agreements with accounts; ARR comes from nowhere else. `DELETE` archives."""

    queryset = Contract.objects.all()
    serializer_class = ContractSerializer
    filterset_class = ContractFilter
    ordering_fields = ("id", "starts_on", "ends_on", "updated_at")
    ordering = "id"
    search_columns: ClassVar[tuple[str, ...]] = ("folded", "account__search_text")

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list" and "archived" not in self.request.query_params:
            rows = rows.filter(archived_at=None)
        return rows

    def with_parts(self, rows: Any) -> Any:
        terms: Any = ContractTerm.objects.all()
        standing = terms.filter(retracted_at=None).order_by("starts_on", "pk")
        rows = rows.select_related("account").prefetch_related(
            Prefetch("terms", standing, to_attr="standing_terms")
        )
        return with_worth(rows.annotate(folded=Folded("product")), at=self.at)

    def make(self, data: dict[str, Any]) -> Contract:
        for later in ("on", "reason"):
            data.pop(later, None)
        return create_contract(by=self.me, at=self.at, **data)

    def change(self, row: Contract, data: dict[str, Any]) -> Contract:
        on = data.pop("on", None)
        return update_contract(contract=row, changes=data, on=on, by=self.me, at=self.at)

    def remove(self, row: Contract) -> None:
        archive_contract(contract=row, by=self.me, at=self.at)

    def bring_back(self, row: Contract) -> Contract:
        """Bring back an archived contract."""
        return restore_contract(contract=row, by=self.me, at=self.at)

    @extend_schema(request=RenewalSerializer, responses={201: ContractSerializer})
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def renew(self, request: Request, **kwargs: Any) -> Response:
        """Renew the contract, as a new one or by going on, and answer with what goes on."""
        contract = self.get_object()
        said = read_body(RenewalSerializer(data=request.data))
        renewed = renew_contract(contract=contract, by=self.me, at=self.at, **said)
        return Response(self._shown(renewed), status=status.HTTP_201_CREATED)


class RateViewSet(RecordViewSet):
    """Exchange rates; a correction is a new row. Administrators add them, nobody removes one."""

    queryset = FxRate.objects.all()
    serializer_class = RateSerializer
    filterset_fields = ("currency", "on")
    ordering_fields = ("id", "on")
    ordering = "-on"

    def make(self, data: dict[str, Any]) -> FxRate:
        return record_rate(by=self.me, at=self.at, **data)
