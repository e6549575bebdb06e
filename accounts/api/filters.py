"""What lists can be filtered by."""

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from accounts.choices import ROLE_FIELDS, IdentifiedKind, StakeholderRoleKind
from accounts.domain.rules import fields_of
from accounts.models import (
    Account,
    AccountRole,
    Contact,
    Contract,
    ExternalRef,
    Inlet,
    InletDelivery,
    Invoice,
    InvoicePayment,
    ListMember,
    MailMessage,
    OnboardingMilestone,
    Organisation,
    Segment,
    StakeholderRelation,
    StakeholderRole,
    StaticList,
    Team,
    TeamMembership,
    Ticket,
    Touchpoint,
    TouchpointMention,
    TouchpointTodo,
    User,
)
from accounts.registry import field_of
from accounts.selectors.days import OrganisationDay
from accounts.selectors.touchpoint_types import find_type, touchpoint_types
from accounts.services.segments import moment_of, read_rules
from accounts.services.touchpoint_types import UnknownTouchpointType
from config.lib.clock import app_now


class ArchivedFilter(filters.BooleanFilter):
    """`?archived=true` shows what was archived instead of what was not."""

    def __init__(self) -> None:
        super().__init__(field_name="archived_at", lookup_expr="isnull", exclude=True)


class HoldingFilter(filters.DateFilter):
    """`?holding_on=2026-04-01` keeps facts that hold on that day."""

    def filter(self, qs: Any, value: Any) -> Any:
        return qs.holding_on(value) if value else qs


class IntegerFilter(filters.NumberFilter):
    """A whole number; half of one is refused instead of finding nothing."""

    field_class = forms.IntegerField


class KnownAsFilter(filters.CharFilter):
    """`?known_as=salesforce:0015` keeps the record another system knows by this id."""

    def __init__(self, kind: IdentifiedKind) -> None:
        self.kind = kind
        super().__init__(
            help_text="An id in another system: source:id.",
            validators=[RegexValidator("^[^:]+:.+$")],
        )

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        source, _, number = value.partition(":")
        refs = ExternalRef.objects.filter(kind=self.kind, source=source, value=number)
        return qs.filter(pk__in=refs.values("object_id"))


class HolderFilter(filters.ModelChoiceFilter):
    """`?manager=7` keeps accounts where this user holds the role today."""

    def __init__(self, key: str) -> None:
        self.role = ROLE_FIELDS[key]
        super().__init__(
            queryset=User.objects.all(), help_text=f"Id of the user who is {self.role} today."
        )

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        roles: Any = AccountRole.objects.filter(account=OuterRef("pk"), role=self.role, user=value)
        return qs.filter(Exists(roles.current().holding_on(OrganisationDay(app_now()))))


class AccountFilter(filters.FilterSet):
    manager = extend_schema_field(OpenApiTypes.INT)(HolderFilter("manager"))
    account_owner = extend_schema_field(OpenApiTypes.INT)(HolderFilter("account_owner"))
    deputy = extend_schema_field(OpenApiTypes.INT)(HolderFilter("deputy"))
    arr = filters.RangeFilter()
    renewal_on = filters.DateFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    archived = ArchivedFilter()
    segment = extend_schema_field(OpenApiTypes.INT)(
        filters.ModelChoiceFilter(
            queryset=Segment.objects.filter(archived_at=None), method="in_segment"
        )
    )
    list = extend_schema_field(OpenApiTypes.INT)(
        filters.ModelChoiceFilter(
            queryset=StaticList.objects.filter(archived_at=None), method="on_list"
        )
    )
    domain = filters.CharFilter(field_name="domains__domain", lookup_expr="iexact", distinct=True)
    known_as = KnownAsFilter(IdentifiedKind.ACCOUNT)

    class Meta:
        model = Account
        fields = (
            "external_id",
            "kind",
            "status",
            "phase",
            "tier",
            "touch_model",
            "tracked",
            "team",
            "parent",
            "sold_via",
            "corporate_number",
        )

    def on_list(self, rows: Any, name: str, chosen: StaticList) -> QuerySet[Any]:
        """Keep accounts somebody put on the list."""
        members = ListMember.objects.filter(list=chosen).values("account")
        kept: QuerySet[Any] = rows.filter(pk__in=members)
        return kept

    def in_segment(self, rows: Any, name: str, segment: Segment) -> QuerySet[Any]:
        """Keep accounts that fulfil the segment's rules now."""
        rules = read_rules(segment.rule)
        for kind in {field_of(key).kind for key in fields_of(rules)}:
            rows = rows.showing(self.request.user, kind)
        kept: QuerySet[Any] = rows.matching(rules, moment_of(app_now()))
        return kept


class ContactFilter(filters.FilterSet):
    email = filters.CharFilter(lookup_expr="iexact")
    role = filters.ChoiceFilter(
        choices=StakeholderRoleKind.choices, method="playing", help_text="A part played today."
    )
    state_on = filters.DateFromToRangeFilter()
    in_post_since_on = filters.DateFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    archived = ArchivedFilter()
    known_as = KnownAsFilter(IdentifiedKind.CONTACT)

    class Meta:
        model = Contact
        fields = ("account", "external_id", "state", "language", "is_ghost", "moved_from")

    def playing(self, rows: Any, name: str, role: str) -> QuerySet[Any]:
        """Keep who plays a part today."""
        kept: QuerySet[Any] = rows.playing([role], on=OrganisationDay(app_now()))
        return kept


class StakeholderFilter(filters.FilterSet):
    confirmed = filters.BooleanFilter(field_name="confirmed_on", lookup_expr="isnull", exclude=True)
    holding_on = HoldingFilter()

    class Meta:
        model = StakeholderRole
        fields = ("account", "contact", "role")


class RelationFilter(filters.FilterSet):
    holding_on = HoldingFilter()

    class Meta:
        model = StakeholderRelation
        fields = ("account", "from_contact", "to_contact", "kind")


class ContractFilter(filters.FilterSet):
    ends_on = filters.DateFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    archived = ArchivedFilter()
    known_as = KnownAsFilter(IdentifiedKind.CONTRACT)

    class Meta:
        model = Contract
        fields = ("account", "external_id", "kind", "forecast", "approval_state")


class TouchpointFilter(filters.FilterSet):
    type = filters.CharFilter(method="of_type", help_text="Key of a type, also an archived one.")
    occurred_at = filters.IsoDateTimeFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    signal = filters.CharFilter(field_name="signals__signal", distinct=True)
    contact = filters.ModelChoiceFilter(field_name="contacts", queryset=Contact.objects.all())
    user = filters.ModelChoiceFilter(field_name="users", queryset=User.objects.all())
    known_as = KnownAsFilter(IdentifiedKind.TOUCHPOINT)

    class Meta:
        model = Touchpoint
        fields = (
            "account",
            "group",
            "external_id",
            "direction",
            "sentiment",
            "visibility",
            "source",
            "is_draft",
        )

    def of_type(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        """Keep talks of a type; one that nobody knows is refused instead of finding nothing."""
        if find_type(key, among=touchpoint_types()) is None:
            raise UnknownTouchpointType
        return rows.filter(type=key)


class MentionFilter(filters.FilterSet):
    seen = filters.BooleanFilter(field_name="seen_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = TouchpointMention
        fields = ("touchpoint",)


class TodoFilter(filters.FilterSet):
    account = extend_schema_field(OpenApiTypes.INT)(
        filters.ModelChoiceFilter(field_name="touchpoint__account", queryset=Account.objects.all())
    )
    done = filters.BooleanFilter(field_name="done_on", lookup_expr="isnull", exclude=True)
    due_on = filters.DateFromToRangeFilter()

    class Meta:
        model = TouchpointTodo
        fields = ("touchpoint", "side", "user", "contact")


class UserFilter(filters.FilterSet):
    team = extend_schema_field(OpenApiTypes.INT)(
        filters.ModelChoiceFilter(queryset=Team.objects.all(), method="in_team")
    )

    class Meta:
        model = User
        fields = ("role", "is_active")

    def in_team(self, rows: QuerySet[Any], name: str, team: Team) -> QuerySet[Any]:
        """Keep members of the team itself."""
        members = TeamMembership.objects.filter(team=team)
        return rows.filter(pk__in=members.values("user"))


class ExternalIdFilter(filters.FilterSet):
    record = IntegerFilter(field_name="object_id")
    kind = filters.ChoiceFilter(choices=IdentifiedKind.choices)

    class Meta:
        model = ExternalRef
        fields = ("source", "value")


class MessageFilter(filters.FilterSet):
    created_at = filters.IsoDateTimeFromToRangeFilter()

    class Meta:
        model = MailMessage
        fields = ("state", "account", "contact", "key")


def _today() -> dt.date:
    today: dt.date = Organisation.objects.day_of(app_now())
    return today


class TicketFilter(filters.FilterSet):
    open = filters.BooleanFilter(field_name="resolved_at", lookup_expr="isnull")
    opened_at = filters.IsoDateTimeFromToRangeFilter()
    resolved_at = filters.IsoDateTimeFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    known_as = KnownAsFilter(IdentifiedKind.TICKET)

    class Meta:
        model = Ticket
        fields = ("account", "contact", "external_id", "severity", "state")


class InvoiceFilter(filters.FilterSet):
    issued_on = filters.DateFromToRangeFilter()
    due_on = filters.DateFromToRangeFilter()
    updated_at = filters.IsoDateTimeFromToRangeFilter()
    paid = filters.BooleanFilter(method="by_payment")
    late = filters.BooleanFilter(method="by_lateness")
    known_as = KnownAsFilter(IdentifiedKind.INVOICE)

    class Meta:
        model = Invoice
        fields = ("account", "contract", "external_id", "currency")

    def by_payment(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Keep invoices that are paid in full, or those that are not."""
        kept: QuerySet[Any] = rows.filter(balance__lte=0) if value else rows.filter(balance__gt=0)
        return kept

    def by_lateness(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Keep invoices that are past due today and not paid in full, or the others."""
        late = {"due_on__lt": _today(), "balance__gt": 0}
        kept: QuerySet[Any] = rows.filter(**late) if value else rows.exclude(**late)
        return kept


class PaymentFilter(filters.FilterSet):
    paid_on = filters.DateFromToRangeFilter()
    account = filters.ModelChoiceFilter(
        field_name="invoice__account", queryset=Account.objects.all()
    )

    class Meta:
        model = InvoicePayment
        fields = ("invoice",)


class MilestoneFilter(filters.FilterSet):
    due_on = filters.DateFromToRangeFilter()
    done = filters.BooleanFilter(field_name="done_on", lookup_expr="isnull", exclude=True)
    late = filters.BooleanFilter(method="by_lateness")

    class Meta:
        model = OnboardingMilestone
        fields = ("account", "key", "is_first_value")

    def by_lateness(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        """Keep milestones that are past due today and not reached, or the others."""
        late = {"due_on__lt": _today(), "done_on__isnull": True}
        kept: QuerySet[Any] = rows.filter(**late) if value else rows.exclude(**late)
        return kept


class InletFilter(filters.FilterSet):
    revoked = filters.BooleanFilter(field_name="revoked_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Inlet
        fields = ("kind", "owner")


class InletDeliveryFilter(filters.FilterSet):
    class Meta:
        model = InletDelivery
        fields = ("inlet", "problem")
