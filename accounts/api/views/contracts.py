"""The resource `contracts`."""

from typing import Any

from django.db.models import Prefetch

from accounts.api.base import RecordViewSet
from accounts.api.filters import ContractFilter
from accounts.api.serializers.contracts import ContractSerializer
from accounts.models import Contract, ContractTerm
from accounts.services.contracts import archive_contract, create_contract, update_contract


class ContractViewSet(RecordViewSet):
    """Agreements with accounts; ARR comes from nowhere else. `DELETE` archives."""

    queryset = Contract.objects.all()
    serializer_class = ContractSerializer
    filterset_class = ContractFilter
    ordering_fields = ("id", "starts_on", "ends_on", "updated_at")
    ordering = "id"

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action == "list" and "archived" not in self.request.query_params:
            rows = rows.filter(archived_at=None)
        return rows

    def with_parts(self, rows: Any) -> Any:
        terms: Any = ContractTerm.objects.all()
        standing = terms.filter(retracted_at=None).order_by("starts_on", "pk")
        return rows.select_related("account").prefetch_related(
            Prefetch("terms", standing, to_attr="standing_terms")
        )

    def make(self, data: dict[str, Any]) -> Contract:
        data.pop("on", None)
        return create_contract(by=self.me, at=self.at, **data)

    def change(self, row: Contract, data: dict[str, Any]) -> Contract:
        on = data.pop("on", None)
        return update_contract(contract=row, changes=data, on=on, by=self.me, at=self.at)

    def remove(self, row: Contract) -> None:
        archive_contract(contract=row, by=self.me, at=self.at)
