"""The tables of the accounts app, one module a family."""

from accounts.models.account import (
    Account,
    AccountDomain,
    AccountPhaseFact,
    AccountRole,
    AccountShare,
    AccountStatusFact,
    AttributeDefinition,
    AttributeValue,
)
from accounts.models.contact import Contact, ContactStanding, StakeholderRelation, StakeholderRole
from accounts.models.contract import Contract, ContractTerm, FxRate
from accounts.models.expectation import TouchExpectation
from accounts.models.exports import Export
from accounts.models.imports import ImportChange, ImportEffect, ImportMapping, ImportUndo
from accounts.models.inlets import (
    DeliveryProblem,
    DeliveryState,
    Inlet,
    InletDelivery,
)
from accounts.models.jobs import ImportRun, Job
from accounts.models.known import ContactBefore, ContractBefore
from accounts.models.last_touch import AccountTouch
from accounts.models.lists import DefaultView, ListMember, SavedView, StaticList
from accounts.models.merge import DuplicateDismissal, MergeMove, MergeRecord
from accounts.models.minutes import MinutesTemplate, TouchpointMention
from accounts.models.organisation import Organisation
from accounts.models.outbox import MailMessage, Suppression
from accounts.models.people import AccessPolicy, ApiToken, Team, TeamMembership, User
from accounts.models.privacy import Erasure, RetentionRule
from accounts.models.segment import Segment, SegmentMembership
from accounts.models.seniority import SeniorityWords
from accounts.models.service import (
    Invoice,
    InvoicePayment,
    OnboardingMilestone,
    Ticket,
    TicketStateFact,
)
from accounts.models.touchpoint import Touchpoint, TouchpointSignal, TouchpointTodo
from accounts.models.touchpoint_type import TouchpointType
from accounts.models.work import DirtyAccount, ExternalRef, IdempotencyKey, ScheduleSlot

__all__ = [
    "AccessPolicy",
    "Account",
    "AccountDomain",
    "AccountPhaseFact",
    "AccountRole",
    "AccountShare",
    "AccountStatusFact",
    "AccountTouch",
    "ApiToken",
    "AttributeDefinition",
    "AttributeValue",
    "Contact",
    "ContactBefore",
    "ContactStanding",
    "Contract",
    "ContractBefore",
    "ContractTerm",
    "DefaultView",
    "DeliveryProblem",
    "DeliveryState",
    "DirtyAccount",
    "DuplicateDismissal",
    "Erasure",
    "Export",
    "ExternalRef",
    "FxRate",
    "IdempotencyKey",
    "ImportChange",
    "ImportEffect",
    "ImportMapping",
    "ImportRun",
    "ImportUndo",
    "Inlet",
    "InletDelivery",
    "Invoice",
    "InvoicePayment",
    "Job",
    "ListMember",
    "MailMessage",
    "MergeMove",
    "MergeRecord",
    "MinutesTemplate",
    "OnboardingMilestone",
    "Organisation",
    "RetentionRule",
    "SavedView",
    "ScheduleSlot",
    "Segment",
    "SegmentMembership",
    "SeniorityWords",
    "StakeholderRelation",
    "StakeholderRole",
    "StaticList",
    "Suppression",
    "Team",
    "TeamMembership",
    "Ticket",
    "TicketStateFact",
    "TouchExpectation",
    "Touchpoint",
    "TouchpointMention",
    "TouchpointSignal",
    "TouchpointTodo",
    "TouchpointType",
    "User",
]
