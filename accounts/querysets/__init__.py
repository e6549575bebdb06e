"""Who may see what, and the filters of the customer record, by theme."""

from accounts.querysets.customers import (
    AccountQuerySet,
    ContactQuerySet,
    ContractQuerySet,
    MergeQuerySet,
    ShareQuerySet,
)
from accounts.querysets.house import (
    DirectoryQuerySet,
    ExpectationQuerySet,
    OrganisationQuerySet,
    SharedQuerySet,
)
from accounts.querysets.reach import (
    OtherAccount,
    Reach,
    ScopedQuerySet,
    SearchedQuerySet,
    account_called,
    at_or_merged_into,
    holding,
    may_answer_for_privacy,
    reach_of,
    steers,
)
from accounts.querysets.reading_order import by_account, by_contact, by_team, by_user
from accounts.querysets.service import (
    InvoiceQuerySet,
    MilestoneQuerySet,
    PaymentQuerySet,
    TicketQuerySet,
)
from accounts.querysets.talks import MentionQuerySet, TodoQuerySet, TouchpointQuerySet
from accounts.querysets.work import (
    ErasureQuerySet,
    ExportQuerySet,
    ExternalRefQuerySet,
    ImportMappingQuerySet,
    ImportRunQuerySet,
    ImportUndoQuerySet,
    MailMessageQuerySet,
    RequestedJobQuerySet,
    SuppressionQuerySet,
)

__all__ = [
    "AccountQuerySet",
    "ContactQuerySet",
    "ContractQuerySet",
    "DirectoryQuerySet",
    "ErasureQuerySet",
    "ExpectationQuerySet",
    "ExportQuerySet",
    "ExternalRefQuerySet",
    "ImportMappingQuerySet",
    "ImportRunQuerySet",
    "ImportUndoQuerySet",
    "InvoiceQuerySet",
    "MailMessageQuerySet",
    "MentionQuerySet",
    "MergeQuerySet",
    "MilestoneQuerySet",
    "OrganisationQuerySet",
    "OtherAccount",
    "PaymentQuerySet",
    "Reach",
    "RequestedJobQuerySet",
    "ScopedQuerySet",
    "SearchedQuerySet",
    "ShareQuerySet",
    "SharedQuerySet",
    "SuppressionQuerySet",
    "TicketQuerySet",
    "TodoQuerySet",
    "TouchpointQuerySet",
    "account_called",
    "at_or_merged_into",
    "by_account",
    "by_contact",
    "by_team",
    "by_user",
    "holding",
    "may_answer_for_privacy",
    "reach_of",
    "steers",
]
