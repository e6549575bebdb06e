"""Which records and settings have a page of their changes, and what belongs to each.

A table without a row of its own to open, or whose rows come and go, is told on the page of the
settings it is changed on.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import IdentifiedKind, RecordKind, TokenScope
from accounts.models import (
    AccessPolicy,
    Account,
    AccountDomain,
    AccountPhaseFact,
    AccountRole,
    AccountShare,
    AccountStatusFact,
    ApiToken,
    AttributeDefinition,
    AttributeValue,
    Contact,
    ContactStanding,
    Contract,
    ContractTerm,
    ExternalRef,
    Inlet,
    Invoice,
    InvoicePayment,
    ListMember,
    MergeRecord,
    MinutesTemplate,
    OnboardingMilestone,
    Organisation,
    RetentionRule,
    SavedView,
    Segment,
    SeniorityWords,
    StakeholderRelation,
    StakeholderRole,
    StaticList,
    Team,
    TeamMembership,
    Ticket,
    TicketStateFact,
    TouchExpectation,
    Touchpoint,
    TouchpointSignal,
    TouchpointTodo,
    TouchpointType,
    User,
)
from accounts.models.terms import (
    day_in_words,
    days_in_words,
    month_in_words,
    notice_in_words,
)
from accounts.querysets import administers, may_answer_for_privacy, works_here
from accounts.registry import (
    Audited,
    AuditedPage,
    AuditedPart,
    audited,
    audited_pages,
    audited_parts,
    each_value,
    leading_columns,
    retentions,
    told_columns,
)
from accounts.selectors.find import view_address
from accounts.selectors.merge_words import (
    merge_title,
    model_of,
    rows_taken_over,
    values_taken_over,
)
from accounts.selectors.rule_words import rule_sentence
from accounts.selectors.segments import Vocabulary
from accounts.selectors.touchpoint_types import type_label
from accounts.selectors.view_words import view_words
from accounts.services.external_ids import IDENTIFIED
from config.lib.formats import listed
from config.lib.once import once

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
        words=("subject", "body", "purpose", "decisions"),
        private_kind=RecordKind.TOUCHPOINT_BODY,
    ),
    "ticket": Audited(Ticket, lambda row: reverse("accounts:ticket_detail", args=[row.pk])),
    "invoice": Audited(Invoice, lambda row: reverse("accounts:invoice_detail", args=[row.pk])),
    "onboardingmilestone": Audited(
        OnboardingMilestone, lambda row: reverse("accounts:milestones", args=[row.account_id])
    ),
    "mergerecord": Audited(
        MergeRecord,
        lambda row: reverse("accounts:merge_detail", args=[row.pk]),
        title=merge_title,
    ),
    "segment": Audited(
        Segment,
        lambda row: f"{reverse('accounts:list')}?segment={row.pk}",
        account_path="",
    ),
    "staticlist": Audited(
        StaticList,
        lambda row: f"{reverse('accounts:list')}?list={row.pk}",
        account_path="",
        words=("name",),
    ),
    "savedview": Audited(SavedView, view_address, account_path="", words=("name", "query")),
    "attributedefinition": Audited(
        AttributeDefinition, lambda row: reverse("accounts:attribute_list"), account_path=""
    ),
    "apitoken": Audited(ApiToken, lambda row: reverse("accounts:settings_tokens"), account_path=""),
    "user": Audited(
        User,
        lambda row: reverse("accounts:settings_person", args=[row.pk]),
        account_path="",
        allows=administers,
    ),
    "inlet": Audited(
        Inlet,
        lambda row: reverse("accounts:inlet_detail", args=[row.pk]),
        account_path="",
        allows=administers,
    ),
    "team": Audited(
        Team,
        lambda row: reverse("accounts:settings_team", args=[row.pk]),
        account_path="",
        allows=administers,
    ),
}
_PAGES = {
    "organisation": AuditedPage(
        _("Organisation"), "accounts:settings_organisation", (Organisation,), administers
    ),
    "access": AuditedPage(_("Access"), "accounts:settings_access", (AccessPolicy,), administers),
    "teams": AuditedPage(
        _("Teams"), "accounts:settings_teams", (Team, TeamMembership), administers
    ),
    "people": AuditedPage(
        _("Colleagues"), "accounts:settings_people", (User, TeamMembership, ApiToken), administers
    ),
    "attributes": AuditedPage(
        _("Attributes"), "accounts:attribute_list", (AttributeDefinition,), works_here
    ),
    "seniority": AuditedPage(
        _("Levels of titles"), "accounts:seniority", (SeniorityWords,), works_here
    ),
    "touch-models": AuditedPage(
        _("Touch models"), "accounts:expectation_list", (TouchExpectation,), works_here
    ),
    "touchpoint-types": AuditedPage(
        _("Types of talks"), "accounts:touchpoint_type_list", (TouchpointType,), works_here
    ),
    "minutes": AuditedPage(
        _("Templates for minutes"), "accounts:minutes_list", (MinutesTemplate,), works_here
    ),
    "inlets": AuditedPage(_("Inlets"), "accounts:inlet_list", (Inlet,), administers),
    "retention": AuditedPage(
        _("How long data is kept"),
        "accounts:retention",
        (RetentionRule, Organisation),
        may_answer_for_privacy,
    ),
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
    AuditedPart("user", TeamMembership, "user_id", _("Membership")),
    AuditedPart("user", ApiToken, "user_id", _("API token")),
    AuditedPart("staticlist", ListMember, "list_id", pgettext_lazy("of a list", "Member")),
    *(
        AuditedPart(
            kind, ExternalRef, "object_id", _("Id in another system"), where=(("kind", kind),)
        )
        for kind in IdentifiedKind.values
    ),
)


def _rule(rule: Any, row: Any, user: Any) -> str:
    vocabulary = once("history.vocabulary", lambda: Vocabulary(user))
    return rule_sentence(rule, vocabulary)


def _kept(key: Any, row: Any, user: Any) -> Any:
    return retentions.get(key).label if key in retentions else key


def _scopes(scopes: Any, row: Any, user: Any) -> str:
    words = dict(TokenScope.choices)
    return listed(words.get(scope, scope) for scope in scopes)


def _taken_over(before: Any, after: Any, *, row: Any, names: Any) -> list[tuple[Any, Any, Any]]:
    return values_taken_over(after or {}, model_of(row["kind"]), names.of)


def _identified(row: Mapping[str, Any]) -> dict[Any, set[int]]:
    """Return which record an id of another system leads to; all kinds where none is named."""
    models = [IDENTIFIED[row["kind"]]] if "kind" in row else IDENTIFIED.values()
    return {model: {row["object_id"]} if "object_id" in row else set() for model in models}


_TOLD = {
    "accounts.segment.rule": each_value(_rule),
    "accounts.contract.notice_months": each_value(lambda n, row, user: notice_in_words(n)),
    "accounts.contract.payment_days": each_value(lambda n, row, user: days_in_words(n)),
    "accounts.contract.payment_months": each_value(lambda n, row, user: month_in_words(n)),
    "accounts.contract.closing_day": each_value(lambda day, row, user: day_in_words(day)),
    "accounts.contract.payment_day": each_value(lambda day, row, user: day_in_words(day)),
    "accounts.savedview.query": each_value(
        lambda query, row, user: view_words(row.get("list_key", ""), query, user)
    ),
    "accounts.retentionrule.key": each_value(_kept),
    "accounts.touchpointtype.key": each_value(lambda key, row, user: type_label(key)),
    "accounts.apitoken.scopes": each_value(_scopes),
    "accounts.externalref.kind": each_value(
        lambda kind, row, user: capfirst(str(IDENTIFIED[kind]._meta.verbose_name))
    ),
    "accounts.mergerecord.values": _taken_over,
}

for key, record in _RECORDS.items():
    audited.register(key)(record)
for part in _PARTS:
    audited_parts.register(f"{part.record}.{part.model._meta.model_name}")(part)
for key, page in _PAGES.items():
    audited_pages.register(key)(page)
for key, tell in _TOLD.items():
    told_columns.register(key)(tell)
leading_columns.register("accounts.mergerecord.values")(rows_taken_over)
leading_columns.register("accounts.externalref.object_id")(_identified)
