"""One row of everything the addresses of the product lead to: of an account, or of the house."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import models

from accounts.models import (
    Account,
    AccountDomain,
    AccountPhaseFact,
    AccountRole,
    AccountShare,
    AccountStatusFact,
    AttributeDefinition,
    AttributeValue,
    Contact,
    ContactStanding,
    Contract,
    Erasure,
    Export,
    ExternalRef,
    FxRate,
    ImportMapping,
    ImportRun,
    Inlet,
    InletDelivery,
    Invoice,
    InvoicePayment,
    Job,
    MailMessage,
    MergeRecord,
    OnboardingMilestone,
    SavedView,
    Segment,
    StakeholderRelation,
    StakeholderRole,
    StaticList,
    Team,
    Ticket,
    TicketStateFact,
    Touchpoint,
    TouchpointMention,
    TouchpointTodo,
    User,
)
from config.lib.clock import app_now
from playbooks.models import Playbook, PlaybookRun, Task
from scoring.models import (
    CustomMetric,
    EventName,
    HealthAlert,
    HealthOverride,
    KpiTarget,
    Measurement,
    MetricDefinition,
    Scorecard,
    ScorecardVersion,
    ScoreFeedback,
    Validation,
    WaitingKey,
    WriteKey,
)
from scoring.services.scorecards import draft_version
from surveys.models import Response, Survey, Wave
from tests.accounts.inlets import make_delivery, make_inlet
from tests.factories import (
    LONG_AGO,
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_invoice,
    make_milestone,
    make_payment,
    make_team,
    make_ticket,
    make_touchpoint,
    make_user,
)
from tests.playbooks.factories import make_playbook, make_run, make_task
from tests.scoring.factories import (
    make_alert,
    make_event_name,
    make_feedback,
    make_measurement,
    make_metric,
    make_override,
    make_scorecard,
    make_scorecard_draft,
)
from tests.scoring.ingest import make_waiting_key, make_write_key
from tests.surveys.factories import make_response, make_survey, make_wave

MARK = "ZZYZX見知らぬ"


def _past(model: Any, **values: Any) -> models.Model:
    """Make a fact that is over: of what goes on there is one."""
    fact: models.Model = model.objects.create(starts_on=LONG_AGO, ends_on=LONG_AGO, **values)
    return fact


def _part(account: Account) -> StakeholderRole:
    contact = make_contact(account=account, family_name=MARK)
    return StakeholderRole.objects.create(
        account=account, contact=contact, role="champion", starts_on=LONG_AGO
    )


def _line(account: Account) -> StakeholderRelation:
    one, other = (make_contact(account=account, family_name=MARK) for _ in range(2))
    return StakeholderRelation.objects.create(
        account=account, from_contact=one, to_contact=other, kind="influences", starts_on=LONG_AGO
    )


def _invoice(account: Account) -> Invoice:
    number = f"{MARK}-{Invoice.objects.count()}"
    return make_invoice(account=account, external_id=number)


def _milestone(account: Account) -> OnboardingMilestone:
    return make_milestone(account=account, label_en=MARK, label_ja=MARK)


def _mail(account: Account) -> MailMessage:
    key = f"walk-{MailMessage.objects.count()}"
    return MailMessage.objects.create(
        key=key,
        account=account,
        contact=make_contact(account=account, family_name=MARK),
        to_address="person@customer.example",
        language="ja",
        subject=MARK,
        body_text=MARK,
        due_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
    )


def _job(account: Account) -> Job:
    """The work of somebody else; jobs concern who asked for them."""
    return Job.objects.create(kind="import", requested_by=make_user(), error=MARK)


def _other_id(account: Account) -> ExternalRef:
    number = ExternalRef.objects.count()
    return ExternalRef.objects.create(
        kind="account", object_id=account.pk, source="crm", value=f"{MARK}-{number}"
    )


def _rate() -> FxRate:
    day = dt.date(2026, 1, 1) + dt.timedelta(days=FxRate.objects.count())
    return FxRate.objects.create(currency="USD", on=day, rate=150)


def _target() -> KpiTarget:
    return KpiTarget.objects.create(kpi="nrr", period="FY2026", team=make_team(), rate=1)


def _merge(account: Account) -> MergeRecord:
    return MergeRecord.objects.create(
        kind="account",
        source_id=make_account(team=account.team).pk,
        target_id=account.pk,
        account=account,
        merged_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
    )


def _attribute() -> AttributeDefinition:
    key = f"walk_{AttributeDefinition.objects.count()}"
    return AttributeDefinition.objects.create(key=key, type="text", label_en="W", label_ja="巡")


def _segment() -> Segment:
    return Segment.objects.create(
        key=f"walk-{Segment.objects.count()}",
        name_en="Walk",
        name_ja="巡回",
        rule={"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]},
    )


def _view() -> SavedView:
    return SavedView.objects.create(list_key="accounts", name="Walk", owner=make_user())


def _mapping() -> ImportMapping:
    mapping = {"columns": {"ID": "external_id"}, "clear": []}
    return ImportMapping.objects.create(
        name="Walk", kind="accounts", mapping=mapping, owner=make_user(), is_shared=True
    )


def _list() -> StaticList:
    return StaticList.objects.create(name="Walk", owner=make_user())


def _validation() -> Validation:
    return Validation.objects.create(job=Job.objects.create(kind="validation"), kind="linkage")


def _scorecard() -> Scorecard:
    """A scorecard in force, with a pilot and a draft, so that every part of its page shows."""
    measure = {"metric": "touch_recency", "weight": 1, "curve": [[0, 100], [3, 0]]}
    care = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1}
    version = make_scorecard(
        {"schema": 1, "dimensions": [{**care, "measures": [measure]}]},
        is_default=False,
        condition={"segment": _segment().key},
        position=Scorecard.objects.count(),
    )
    pilot = draft_version(scorecard=version.scorecard, definition=version.definition)
    ScorecardVersion.objects.filter(pk=pilot.pk).update(
        state="published",
        effective_on=LONG_AGO,
        published_at=app_now(),
        pilot_segment=_segment(),
    )
    draft_version(scorecard=version.scorecard, definition=version.definition)
    return version.scorecard


def _import(account: Account) -> ImportRun:
    return ImportRun.objects.create(
        job=_job(account),
        kind="accounts",
        file_name=MARK,
        size=1,
        sha256="0" * 64,
        expires_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    )


def _erasure(account: Account) -> Erasure:
    return Erasure.objects.create(contacts=[account.pk], reference=MARK)


def _export(account: Account) -> Export:
    job = Job.objects.create(kind="export", requested_by=make_user(), error=MARK)
    return Export.objects.create(
        job=job,
        source="accounts",
        file_name=MARK,
        expires_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    )


#: How to make one record of each kind of customer data; its texts carry `MARK` where they can.
def _alert(account: Account) -> HealthAlert:
    """The account's open alert; one kind is open once, so the one before it clears first."""
    standing = HealthAlert.objects.filter(account=account, closed_at=None)
    standing.update(closed_at=app_now(), closed_as="cleared")
    return make_alert(account=account)


def _override(account: Account) -> HealthOverride:
    """The account's standing override; there is one at a time, so the one before it ends first."""
    HealthOverride.objects.filter(account=account, retracted_at=None).update(retracted_at=app_now())
    return make_override(account=account, reason=MARK)


RECORDS: dict[type[models.Model], Callable[[Account], models.Model]] = {
    Account: lambda account: account,
    Contact: lambda account: make_contact(account=account, family_name=MARK),
    Contract: lambda account: make_contract(account=account, product=MARK),
    Touchpoint: lambda account: make_touchpoint(account=account, subject=MARK, body=MARK),
    Ticket: lambda account: make_ticket(account=account, subject=MARK),
    Invoice: _invoice,
    InvoicePayment: lambda account: make_payment(invoice=_invoice(account)),
    OnboardingMilestone: _milestone,
    Measurement: lambda account: make_measurement(account=account),
    HealthAlert: _alert,
    HealthOverride: _override,
    ScoreFeedback: lambda account: make_feedback(account=account, reason=MARK),
    StakeholderRole: _part,
    StakeholderRelation: _line,
    PlaybookRun: lambda account: make_run(account=account),
    MailMessage: _mail,
    MergeRecord: _merge,
    TouchpointTodo: lambda account: TouchpointTodo.objects.create(
        touchpoint=make_touchpoint(account=account), side="ours", text=MARK
    ),
    TouchpointMention: lambda account: TouchpointMention.objects.create(
        touchpoint=make_touchpoint(account=account), user=make_user()
    ),
    Job: _job,
    ImportRun: _import,
    Erasure: _erasure,
    Export: _export,
    AccountRole: lambda account: make_account_role(
        account=account, user=make_user(), role="deputy", ends_on=LONG_AGO
    ),
    AccountStatusFact: lambda account: _past(AccountStatusFact, account=account, status="prospect"),
    AccountPhaseFact: lambda account: _past(AccountPhaseFact, account=account, phase="adoption"),
    AttributeValue: lambda account: _past(AttributeValue, account=account, key="walk", value=MARK),
    ContactStanding: lambda account: _past(
        ContactStanding,
        account=account,
        contact=make_contact(account=account, family_name=MARK),
        stance="neutral",
    ),
    TicketStateFact: lambda account: _past(
        TicketStateFact, ticket=make_ticket(account=account), state="open"
    ),
    AccountDomain: lambda account: AccountDomain.objects.create(
        account=account, domain=f"{uuid4().hex}.example"
    ),
    AccountShare: lambda account: AccountShare.objects.create(account=account, team=make_team()),
    ExternalRef: _other_id,
    Response: lambda account: make_response(account=account, comment=MARK),
    Task: lambda account: make_task(account=account, title_en=MARK, title_ja=MARK),
}
#: Records of our own house, which every colleague may see.
HOUSE: dict[type[models.Model], Callable[[], models.Model]] = {
    FxRate: _rate,
    KpiTarget: _target,
    AttributeDefinition: _attribute,
    SavedView: _view,
    ImportMapping: _mapping,
    StaticList: _list,
    Inlet: make_inlet,
    InletDelivery: make_delivery,
    Segment: _segment,
    CustomMetric: make_metric,
    MetricDefinition: lambda: make_metric().definition,
    ScorecardVersion: make_scorecard_draft,
    Team: make_team,
    User: make_user,
    Playbook: make_playbook,
    Survey: make_survey,
    Wave: make_wave,
    WriteKey: make_write_key,
    WaitingKey: make_waiting_key,
    EventName: lambda: make_event_name(f"event {uuid4()}"),
    Validation: _validation,
    Scorecard: _scorecard,
}
