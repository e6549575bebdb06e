"""Addresses below `/api/v1/`."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api.views.accounts import AccountViewSet
from accounts.api.views.attributes import AttributeViewSet
from accounts.api.views.bulk import AccountBulkView, ContactBulkView
from accounts.api.views.contracts import ContractViewSet, RateViewSet
from accounts.api.views.directory import TeamViewSet, UserViewSet
from accounts.api.views.exports import ExportViewSet
from accounts.api.views.external_ids import ExternalIdBulkView, ExternalIdViewSet
from accounts.api.views.histories import (
    AccountPhaseViewSet,
    AccountRoleViewSet,
    AccountStatusViewSet,
    AttributeValueViewSet,
    ContactStandingViewSet,
    TicketStateViewSet,
)
from accounts.api.views.history import (
    AuditView,
    RecordHistoryView,
    SettingsHistoryView,
)
from accounts.api.views.import_mappings import ImportMappingViewSet
from accounts.api.views.inlets import InletDeliveryViewSet, InletViewSet
from accounts.api.views.jobs import ImportViewSet, JobViewSet
from accounts.api.views.lists import SavedViewViewSet, StaticListViewSet
from accounts.api.views.mentions import MentionViewSet
from accounts.api.views.merges import DuplicateView, MergeViewSet
from accounts.api.views.messages import MessageViewSet
from accounts.api.views.organisation import (
    AccessPoliciesView,
    AccessPolicyView,
    OrganisationView,
)
from accounts.api.views.people import ContactViewSet, RelationViewSet, StakeholderViewSet
from accounts.api.views.privacy import ErasureViewSet, RetentionRuleViewSet
from accounts.api.views.segments import SegmentViewSet
from accounts.api.views.seniority import SeniorityLevelViewSet
from accounts.api.views.service import (
    InvoiceViewSet,
    MilestoneViewSet,
    PaymentViewSet,
    TicketViewSet,
)
from accounts.api.views.shares import ShareViewSet
from accounts.api.views.stakeholder_map import StakeholderMapView
from accounts.api.views.talk_settings import MinutesTemplateViewSet, TouchpointTypeViewSet
from accounts.api.views.todos import TodoViewSet
from accounts.api.views.touch_models import TouchModelsView, TouchModelView
from accounts.api.views.touchpoints import TouchpointViewSet

router = SimpleRouter()
router.register("accounts", AccountViewSet, basename="account")
router.register("shares", ShareViewSet, basename="share")
router.register("account-roles", AccountRoleViewSet, basename="accountrole")
router.register("account-statuses", AccountStatusViewSet, basename="accountstatus")
router.register("account-phases", AccountPhaseViewSet, basename="accountphase")
router.register("attribute-values", AttributeValueViewSet, basename="attributevalue")
router.register("contact-standings", ContactStandingViewSet, basename="contactstanding")
router.register("ticket-states", TicketStateViewSet, basename="ticketstate")
router.register("external-ids", ExternalIdViewSet, basename="externalid")
router.register("contacts", ContactViewSet, basename="contact")
router.register("stakeholders", StakeholderViewSet, basename="stakeholder")
router.register("relations", RelationViewSet, basename="relation")
router.register("contracts", ContractViewSet, basename="contract")
router.register("attributes", AttributeViewSet, basename="attribute")
router.register("rates", RateViewSet, basename="rate")
router.register("touchpoints", TouchpointViewSet, basename="touchpoint")
router.register("todos", TodoViewSet, basename="todo")
router.register("touchpoint-types", TouchpointTypeViewSet, basename="touchpointtype")
router.register("minutes-templates", MinutesTemplateViewSet, basename="minutestemplate")
router.register("seniority-levels", SeniorityLevelViewSet, basename="senioritylevel")
router.register("retention-rules", RetentionRuleViewSet, basename="retentionrule")
router.register("mentions", MentionViewSet, basename="mention")
router.register("tickets", TicketViewSet, basename="ticket")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("payments", PaymentViewSet, basename="payment")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("merges", MergeViewSet, basename="merge")
router.register("messages", MessageViewSet, basename="message")
router.register("segments", SegmentViewSet, basename="segment")
router.register("views", SavedViewViewSet, basename="view")
router.register("lists", StaticListViewSet, basename="list")
router.register("jobs", JobViewSet, basename="job")
router.register("exports", ExportViewSet, basename="export")
router.register("erasures", ErasureViewSet, basename="erasure")
router.register("imports", ImportViewSet, basename="import")
router.register("inlets", InletViewSet, basename="inlet")
router.register("inlet-deliveries", InletDeliveryViewSet, basename="inletdelivery")
router.register("import-mappings", ImportMappingViewSet, basename="importmapping")
router.register("teams", TeamViewSet, basename="team")
router.register("users", UserViewSet, basename="user")

app_name = "accounts_api"
urlpatterns = [
    path("accounts:bulk", AccountBulkView.as_view(), name="account_bulk"),
    path("contacts:bulk", ContactBulkView.as_view(), name="contact_bulk"),
    path("external-ids:bulk", ExternalIdBulkView.as_view(), name="external_ids_bulk"),
    path("accounts/<int:pk>/map/", StakeholderMapView.as_view(), name="map"),
    path("audit/", AuditView.as_view(), name="audit"),
    path("history/<slug:kind>/<int:pk>/", RecordHistoryView.as_view(), name="history"),
    path("settings-history/<slug:key>/", SettingsHistoryView.as_view(), name="settings_history"),
    path("organisation/", OrganisationView.as_view(), name="organisation"),
    path("access-policies/", AccessPoliciesView.as_view(), name="access_policies"),
    path(
        "access-policies/<slug:role>/<slug:kind>/",
        AccessPolicyView.as_view(),
        name="access_policy",
    ),
    path("touch-models/", TouchModelsView.as_view(), name="touch_models"),
    path("touch-models/<slug:key>/", TouchModelView.as_view(), name="touch_model"),
    path("duplicates/", DuplicateView.as_view(), name="duplicates"),
    *router.urls,
]
