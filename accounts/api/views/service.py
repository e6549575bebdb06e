"""The resources `tickets`, `invoices`, `payments` and `milestones`."""

from typing import Any, ClassVar

from django.db.models import F, Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import RecordViewSet, Restores
from accounts.api.filters import (
    InvoiceFilter,
    MilestoneFilter,
    PaymentFilter,
    TicketFilter,
)
from accounts.api.serializers.service import (
    InvoiceSerializer,
    MilestoneSerializer,
    PaymentSerializer,
    PlanSerializer,
    TicketSerializer,
)
from accounts.models import Invoice, InvoicePayment, OnboardingMilestone, Ticket
from accounts.services.invoices import (
    correct_invoice,
    record_invoice,
    record_payment,
    restore_invoice,
    retract_invoice,
    retract_payment,
)
from accounts.services.milestones import (
    plan_onboarding,
    restore_milestone,
    retract_milestone,
    set_milestone,
    update_milestone,
)
from accounts.services.tickets import record_ticket, restore_ticket, retract_ticket, update_ticket
from config.lib.bodies import read_body
from config.lib.folding import Folded


class TicketViewSet(Restores, RecordViewSet):
    """What customers asked. `DELETE` takes a ticket back."""

    queryset = Ticket.objects.filter(retracted_at=None)
    serializer_class = TicketSerializer
    filterset_class = TicketFilter
    ordering_fields = ("id", "opened_at", "resolved_at", "updated_at")
    ordering = "-opened_at"
    search_columns: ClassVar[tuple[str, ...]] = ("folded", "account__search_text")

    def with_parts(self, rows: Any) -> Any:
        return rows.annotate(folded=Folded("subject"))

    def make(self, data: dict[str, Any]) -> Ticket:
        return record_ticket(by=self.me, at=self.at, **data)

    def change(self, row: Ticket, data: dict[str, Any]) -> Ticket:
        return update_ticket(ticket=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: Ticket) -> None:
        retract_ticket(ticket=row, by=self.me, at=self.at)

    def bring_back(self, row: Ticket) -> Ticket:
        """Bring back a ticket that was taken back."""
        return restore_ticket(ticket=row, by=self.me, at=self.at)


class InvoiceViewSet(Restores, RecordViewSet):
    """What customers were asked to pay. `DELETE` takes an invoice back, with its payments."""

    queryset = Invoice.objects.filter(retracted_at=None)
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilter
    ordering_fields = ("id", "issued_on", "due_on", "amount", "updated_at")
    ordering = "-due_on"
    search_columns: ClassVar[tuple[str, ...]] = ("folded", "account__search_text")

    def with_parts(self, rows: Any) -> Any:
        payments: Any = InvoicePayment.objects.all()
        standing = payments.filter(retracted_at=None).order_by("paid_on", "pk")
        return rows.annotate(folded=Folded(F("external_id"))).prefetch_related(
            Prefetch("payments", standing, to_attr="standing_payments")
        )

    def make(self, data: dict[str, Any]) -> Invoice:
        return record_invoice(by=self.me, at=self.at, **data)

    def change(self, row: Invoice, data: dict[str, Any]) -> Invoice:
        return correct_invoice(invoice=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: Invoice) -> None:
        retract_invoice(invoice=row, by=self.me, at=self.at)

    def bring_back(self, row: Invoice) -> Invoice:
        """Bring back an invoice that was taken back, with the payments that went with it."""
        return restore_invoice(invoice=row, by=self.me, at=self.at)


class PaymentViewSet(RecordViewSet):
    """What customers paid. A wrong payment is taken back (`DELETE`) and noted anew."""

    http_method_names: Any = ("get", "post", "delete", "head", "options")
    queryset = InvoicePayment.objects.filter(retracted_at=None, invoice__retracted_at=None)
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    ordering_fields = ("id", "paid_on")
    ordering = "-id"

    def make(self, data: dict[str, Any]) -> InvoicePayment:
        return record_payment(by=self.me, at=self.at, **data)

    def remove(self, row: InvoicePayment) -> None:
        retract_payment(payment=row, by=self.me, at=self.at)


class MilestoneViewSet(Restores, RecordViewSet):
    """Steps of onboarding: planned, put off, reached. `DELETE` takes one out of the plan."""

    queryset = OnboardingMilestone.objects.filter(retracted_at=None)
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilter
    ordering_fields = ("id", "due_on", "done_on", "updated_at")
    ordering = "id"
    search_columns: ClassVar[tuple[str, ...]] = ("folded_en", "folded_ja", "account__search_text")

    def with_parts(self, rows: Any) -> Any:
        return rows.annotate(folded_en=Folded("label_en"), folded_ja=Folded("label_ja"))

    def make(self, data: dict[str, Any]) -> OnboardingMilestone:
        return set_milestone(by=self.me, at=self.at, **data)

    def change(self, row: OnboardingMilestone, data: dict[str, Any]) -> OnboardingMilestone:
        return update_milestone(milestone=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: OnboardingMilestone) -> None:
        retract_milestone(milestone=row, by=self.me, at=self.at)

    @extend_schema(request=PlanSerializer, responses=MilestoneSerializer(many=True))
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def plan(self, request: Request, **kwargs: Any) -> Response:
        """Give an account the shipped milestones it does not have yet, counted in business days."""
        shape = PlanSerializer(data=request.data, context=self.get_serializer_context())
        made = plan_onboarding(by=self.me, at=self.at, **read_body(shape))
        rows = OnboardingMilestone.objects.filter(pk__in=[row.pk for row in made])
        shown = self.get_serializer(self.complete(rows).order_by("due_on", "pk"), many=True)
        return Response(shown.data)

    def bring_back(self, row: OnboardingMilestone) -> OnboardingMilestone:
        """Bring back a milestone that was taken out of the plan."""
        return restore_milestone(milestone=row, by=self.me, at=self.at)
