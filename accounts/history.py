"""Which records of the customer record have a page of their changes, and what belongs to each."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import IdentifiedKind, RecordKind
from accounts.models import (
    Account,
    AccountDomain,
    AccountPhaseFact,
    AccountRole,
    AccountShare,
    AccountStatusFact,
    AttributeValue,
    Contact,
    ContactStanding,
    Contract,
    ContractTerm,
    ExternalRef,
    Invoice,
    InvoicePayment,
    OnboardingMilestone,
    Segment,
    StakeholderRelation,
    StakeholderRole,
    Team,
    TeamMembership,
    Ticket,
    TicketStateFact,
    Touchpoint,
    TouchpointSignal,
    TouchpointTodo,
)
from accounts.registry import Audited, AuditedPart, audited, audited_parts

_RECORDS = {
    "account": Audited(
        Account, lambda row: reverse("accounts:detail", args=[row.pk]), account_path=""
    ),
    "contact": Audited(Contact, lambda row: reverse("accounts:contact_detail", args=[row.pk])),
    "contract": Audited(Contract, lambda row: reverse("accounts:contract_detail", args=[row.pk])),
    "touchpoint": Audited(
        Touchpoint,
        lambda row: reverse("accounts:touchpoint_detail", args=[row.pk]),
        private=("body", "purpose", "decisions"),
        private_kind=RecordKind.TOUCHPOINT_BODY,
    ),
    "ticket": Audited(Ticket),
    "invoice": Audited(Invoice),
    "onboardingmilestone": Audited(OnboardingMilestone),
    "segment": Audited(Segment, account_path=""),
    "team": Audited(Team, account_path=""),
}
_PARTS = (
    AuditedPart("account", AccountStatusFact, "account_id", _("Status")),
    AuditedPart("account", AccountPhaseFact, "account_id", _("Phase")),
    AuditedPart("account", AttributeValue, "account_id", _("Attribute")),
    AuditedPart("account", AccountRole, "account_id", _("Our role")),
    AuditedPart("account", AccountShare, "account_id", pgettext_lazy("noun", "Share")),
    AuditedPart("account", AccountDomain, "account_id", _("Domain")),
    AuditedPart("contact", StakeholderRole, "contact_id", _("Stakeholder role")),
    AuditedPart("contact", ContactStanding, "contact_id", _("Standing")),
    AuditedPart("contact", StakeholderRelation, "from_contact_id", _("Relation")),
    AuditedPart("contract", ContractTerm, "contract_id", _("Contract term")),
    AuditedPart("touchpoint", TouchpointSignal, "touchpoint_id", _("Signal")),
    AuditedPart(
        "touchpoint",
        TouchpointTodo,
        "touchpoint_id",
        _("To do"),
        RecordKind.TOUCHPOINT_BODY,
        private=("text",),
    ),
    AuditedPart("ticket", TicketStateFact, "ticket_id", _("State")),
    AuditedPart("invoice", InvoicePayment, "invoice_id", _("Payment")),
    AuditedPart("team", TeamMembership, "team_id", _("Membership")),
    *(
        AuditedPart(
            kind, ExternalRef, "object_id", _("Id in another system"), where=(("kind", kind),)
        )
        for kind in IdentifiedKind.values
    ),
)

for key, record in _RECORDS.items():
    audited.register(key)(record)
for part in _PARTS:
    audited_parts.register(f"{part.record}.{part.model._meta.model_name}")(part)
