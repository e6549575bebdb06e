"""Which records of the customer record have a page of their changes, and what belongs to each."""

from django.urls import reverse

from accounts.choices import RecordKind
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
)
from accounts.registry import Audited, AuditedPart, audited, audited_parts

_RECORDS = {
    "account": Audited(
        Account, lambda row: reverse("accounts:detail", args=[row.pk]), account_path=""
    ),
    "contact": Audited(Contact),
    "contract": Audited(Contract),
    "touchpoint": Audited(
        Touchpoint,
        private=("body", "decisions"),
        private_kind=RecordKind.TOUCHPOINT_BODY,
    ),
    "ticket": Audited(Ticket),
    "invoice": Audited(Invoice),
    "onboardingmilestone": Audited(OnboardingMilestone),
    "segment": Audited(Segment, account_path=""),
    "team": Audited(Team, account_path=""),
}
_PARTS = (
    AuditedPart("account", AccountStatusFact, "account_id"),
    AuditedPart("account", AccountPhaseFact, "account_id"),
    AuditedPart("account", AttributeValue, "account_id"),
    AuditedPart("account", AccountRole, "account_id"),
    AuditedPart("account", AccountShare, "account_id"),
    AuditedPart("account", AccountDomain, "account_id"),
    AuditedPart("contact", StakeholderRole, "contact_id"),
    AuditedPart("contact", ContactStanding, "contact_id"),
    AuditedPart("contact", StakeholderRelation, "from_contact_id"),
    AuditedPart("contract", ContractTerm, "contract_id"),
    AuditedPart("ticket", TicketStateFact, "ticket_id"),
    AuditedPart("invoice", InvoicePayment, "invoice_id"),
    AuditedPart("team", TeamMembership, "team_id"),
)

for key, record in _RECORDS.items():
    audited.register(key)(record)
for part in _PARTS:
    audited_parts.register(f"{part.record}.{part.model._meta.model_name}")(part)
