"""Every route of the product, found from the URL resolver, and how tests fill its parameters.

**To add a route:** usually nothing. A REST resource whose queryset is of a model in `RECORDS` is
filled by itself. Where the walk says it can't fill a route, add one line:

- to `RECORDS` if the model is new: how to make one record of it for an account;
- to `PARAMETERS` for a page: `"namespace:name": {"parameter": Model}`;
- to `FREE` if the parameter names nothing that belongs to an account (a playbook's key);
- to `PUBLIC` if nobody needs to sign in, or to `OWN` if it is about the caller alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import (
    Account,
    AccountRole,
    AccountShare,
    AttributeDefinition,
    Contact,
    Contract,
    Export,
    ImportRun,
    Invoice,
    InvoicePayment,
    MailMessage,
    MergeRecord,
    OnboardingMilestone,
    SavedView,
    Segment,
    StaticList,
    Team,
    Ticket,
    Touchpoint,
    TouchpointMention,
    TouchpointTodo,
    User,
)
from playbooks.models import PlaybookRun, Task
from scoring.models import (
    CustomMetric,
    EventName,
    HealthAlert,
    HealthOverride,
    Measurement,
    Scorecard,
    ScoreFeedback,
    Validation,
    WaitingKey,
    WriteKey,
)
from surveys.models import Survey
from tests.factories import (
    make_account,
)
from tests.route_records import HOUSE, MARK, RECORDS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: A page is read and takes forms; only the interface for programs tells the others apart.
OF_PAGES = ("GET", "POST")

#: Pages whose parameters name a record.
PARAMETERS: dict[str, dict[str, type[models.Model]]] = {
    "scoring:measurement_retract": {"pk": Measurement},
    "accounts:mention_seen": {"pk": TouchpointMention},
    "accounts:list_edit": {"pk": StaticList},
    "accounts:list_archive": {"pk": StaticList},
    "accounts:list_restore": {"pk": StaticList},
    "accounts:segment_edit": {"pk": Segment},
    "accounts:segment_archive": {"pk": Segment},
    "accounts:segment_restore": {"pk": Segment},
    "accounts:segment_original": {"pk": Segment},
    "accounts:view_edit": {"pk": SavedView},
    "accounts:view_remove": {"pk": SavedView},
    "accounts:view_default": {"pk": SavedView},
    "accounts:detail": {"pk": Account},
    "accounts:export_detail": {"pk": Export},
    "accounts:export_file": {"pk": Export},
    "accounts:export_delete": {"pk": Export},
    "accounts:edit": {"pk": Account},
    "accounts:status": {"pk": Account},
    "accounts:phase": {"pk": Account},
    "accounts:lifecycle": {"pk": Account},
    "accounts:attributes": {"pk": Account},
    "accounts:external_ids": {"pk": Account},
    "accounts:external_id_set": {"pk": Account},
    "accounts:attribute_edit": {"pk": AttributeDefinition},
    "accounts:attribute_archive": {"pk": AttributeDefinition},
    "accounts:attribute_restore": {"pk": AttributeDefinition},
    "accounts:contract_new": {"pk": Account},
    "accounts:contract_detail": {"pk": Contract},
    "accounts:contract_edit": {"pk": Contract},
    "accounts:contract_terms": {"pk": Contract},
    "accounts:contract_renew": {"pk": Contract},
    "accounts:contract_notice": {"pk": Contract},
    "accounts:contract_archive": {"pk": Contract},
    "accounts:contract_restore": {"pk": Contract},
    "accounts:archive": {"pk": Account},
    "accounts:restore": {"pk": Account},
    "accounts:roles": {"pk": Account},
    "accounts:role_assign": {"pk": Account},
    "accounts:role_end": {"pk": Account, "role": AccountRole},
    "accounts:share_new": {"pk": Account},
    "accounts:share_end": {"pk": Account, "share": AccountShare},
    "accounts:history": {"pk": Account},
    "accounts:privacy_person": {"pk": Contact},
    "accounts:privacy_export": {"pk": Contact},
    "accounts:privacy_erase": {"pk": Contact},
    "accounts:ticket_new": {"pk": Account},
    "accounts:ticket_detail": {"pk": Ticket},
    "accounts:ticket_edit": {"pk": Ticket},
    "accounts:ticket_resolve": {"pk": Ticket},
    "accounts:ticket_reopen": {"pk": Ticket},
    "accounts:ticket_wait": {"pk": Ticket},
    "accounts:ticket_retract": {"pk": Ticket},
    "accounts:ticket_restore": {"pk": Ticket},
    "accounts:invoice_new": {"pk": Account},
    "accounts:invoice_detail": {"pk": Invoice},
    "accounts:invoice_edit": {"pk": Invoice},
    "accounts:payment_new": {"pk": Invoice},
    "accounts:invoice_retract": {"pk": Invoice},
    "accounts:invoice_restore": {"pk": Invoice},
    "accounts:payment_retract": {"pk": InvoicePayment},
    "accounts:milestones": {"pk": Account},
    "accounts:milestone_plan": {"pk": Account},
    "accounts:milestone_new": {"pk": Account},
    "accounts:milestone_edit": {"pk": OnboardingMilestone},
    "accounts:milestone_complete": {"pk": OnboardingMilestone},
    "accounts:milestone_reopen": {"pk": OnboardingMilestone},
    "accounts:milestone_retract": {"pk": OnboardingMilestone},
    "accounts:milestone_restore": {"pk": OnboardingMilestone},
    "accounts:import_detail": {"pk": ImportRun},
    "accounts:import_errors": {"pk": ImportRun},
    "accounts:import_follow": {"pk": ImportRun},
    "accounts:touchpoint_detail": {"pk": Touchpoint},
    "accounts:touchpoint_edit": {"pk": Touchpoint},
    "accounts:touchpoint_retract": {"pk": Touchpoint},
    "accounts:touchpoint_restore": {"pk": Touchpoint},
    "accounts:todo_settle": {"pk": TouchpointTodo},
    "accounts:merge": {"pk": Account},
    "accounts:contact_merge": {"pk": Contact},
    "accounts:merge_detail": {"pk": MergeRecord},
    "accounts:merge_undo": {"pk": MergeRecord},
    "accounts:import_undo": {"pk": ImportRun},
    "accounts:import_changes": {"pk": ImportRun},
    "accounts:import_mapping": {"pk": ImportRun},
    "accounts:mail_detail": {"pk": MailMessage},
    "accounts:settings_team": {"pk": Team},
    "accounts:settings_team_delete": {"pk": Team},
    "accounts:settings_person": {"pk": User},
    "accounts:mail_resend": {"pk": MailMessage},
    "accounts:mail_confirm": {"pk": MailMessage},
    "accounts_api:map": {"pk": Account},
    "accounts:map": {"pk": Account},
    "accounts:contact_new": {"pk": Account},
    "accounts:contact_detail": {"pk": Contact},
    "accounts:contact_edit": {"pk": Contact},
    "accounts:contact_state": {"pk": Contact},
    "accounts:contact_place": {"pk": Contact},
    "accounts:contact_move": {"pk": Contact},
    "accounts:contact_introduce": {"pk": Contact},
    "accounts:contact_confirm": {"pk": Contact},
    "accounts:contact_archive": {"pk": Contact},
    "accounts:contact_restore": {"pk": Contact},
    "accounts:contact_undo": {"pk": Contact},
    "scoring:quality_source": {"pk": WriteKey},
    "scoring:source_owner": {"pk": WriteKey},
    "scoring:source_replay": {"pk": WriteKey},
    "scoring:event_name": {"pk": EventName},
    "scoring:unknown_give": {"pk": WaitingKey},
    "scoring:unknown_make": {"pk": WaitingKey},
    "scoring:write_key_edit": {"pk": WriteKey},
    "scoring:write_key_revoke": {"pk": WriteKey},
    "scoring:metric_edit": {"pk": CustomMetric},
    "scoring:metric_archive": {"pk": CustomMetric},
    "scoring:metric_restore": {"pk": CustomMetric},
    "scoring_api:health": {"pk": Account},
    "scoring_api:health_override": {"pk": Account},
    "scoring:alert_acknowledge": {"pk": HealthAlert},
    "scoring:alert_unacknowledge": {"pk": HealthAlert},
    "scoring:alert_false": {"pk": HealthAlert},
    "scoring:alert_true": {"pk": HealthAlert},
    "scoring:alert_snooze": {"pk": HealthAlert},
    "scoring:alert_wake": {"pk": HealthAlert},
    "scoring:override_set": {"pk": Account},
    "scoring:override_end": {"pk": Account},
    "scoring:override_review": {"pk": HealthOverride},
    "scoring:feedback_new": {"pk": Account},
    "scoring:feedback_retract": {"pk": ScoreFeedback},
    "scoring_api:health_diff": {"pk": Account},
    "scoring_api:health_history": {"pk": Account},
    "scoring:validation_detail": {"pk": Validation},
    "scoring:scorecard_detail": {"pk": Scorecard},
    "scoring:scorecard_compare": {"pk": Scorecard},
    "scoring:scorecard_edit": {"pk": Scorecard},
    "scoring:scorecard_archive": {"pk": Scorecard},
    "scoring:scorecard_restore": {"pk": Scorecard},
    "scoring:scorecard_draft": {"pk": Scorecard},
    "scoring:draft_begin": {"pk": Scorecard},
    "scoring:draft_discard": {"pk": Scorecard},
    "scoring:draft_trial": {"pk": Scorecard},
    "scoring:scorecard_review": {"pk": Scorecard},
    "scoring:version_submit": {"pk": Scorecard},
    "scoring:version_reject": {"pk": Scorecard},
    "scoring:version_publish": {"pk": Scorecard},
    "scoring:version_try": {"pk": Scorecard},
    "scoring:version_revert": {"pk": Scorecard},
    "scoring:version_promote": {"pk": Scorecard},
    "scoring:version_withdraw": {"pk": Scorecard},
    "scoring:validation_cancel": {"pk": Validation},
    "surveys:detail": {"pk": Survey},
    "surveys:wave_new": {"pk": Survey},
    "playbooks:task_detail": {"pk": Task},
    "playbooks:task_complete": {"pk": Task},
    "playbooks:task_reopen": {"pk": Task},
    "playbooks:task_snooze": {"pk": Task},
    "playbooks:task_assign": {"pk": Task},
    "playbooks:task_cancel": {"pk": Task},
    "playbooks:run_stop": {"pk": PlaybookRun},
}
#: Parameters that name nothing of a customer, and a value to try.
FREE: dict[str, dict[str, Any]] = {
    "accounts:expectation_edit": {"model": "high"},
    "accounts:minutes_edit": {"key": "regular_meeting"},
    "accounts:minutes_drop": {"key": "regular_meeting"},
    "accounts:touchpoint_type_edit": {"key": "call"},
    "accounts:touchpoint_type_move": {"key": "call"},
    "accounts:touchpoint_type_archive": {"key": "call"},
    "accounts:touchpoint_type_unarchive": {"key": "call"},
    "accounts:touchpoint_type_restore": {"key": "call"},
    "accounts:history": {"kind": "account"},
    "accounts:contact_undo": {"change": "invented"},
    "scoring:alert_rule": {"kind": "crossing"},
    "scoring:kpi_target": {"kpi": "nrr"},
    "scoring:what_if": {"key": "standard"},
    "scoring:version_revert": {"number": 1},
    "scoring:version_promote": {"number": 2},
    "scoring:version_withdraw": {"number": 2},
    "scoring:backtest": {"key": "standard"},
    "playbooks:playbook_detail": {"key": "at_risk_review"},
    "playbooks:playbook_switch": {"key": "at_risk_review"},
    "scim": {"path": "Users"},
    "surveys:form": {"link": "invented"},
    "surveys:unsubscribe": {"link": "invented"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "invented"},
    "openid_connect_login": {"provider_id": "company"},
    "openid_connect_callback": {"provider_id": "company"},
    "mfa_edit_webauthn": {"pk": 1},
    "accounts:settings_token_revoke": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
#: Routes that nobody needs to sign in for; the whole list, so keep it short.
PUBLIC = {
    "healthz",
    "readyz",
    "metrics",
    "schema",
    "docs",
    "preferences",
    "surveys:form",
    "surveys:unsubscribe",
    "styleguide",
    "styleguide_dialog",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
}
#: Ingestion knows only write keys: a session or an API token is nothing to it.
WRITE_KEY_NAMESPACES = {"ingest"}
#: About the caller alone: everybody who is signed in may write here.
OWN = re.compile(
    r"^(preferences|account_.*|mfa_.*|usersessions_.*|socialaccount_.*|accounts:settings_token.*|admin:.*)$"
)


@dataclass(frozen=True)
class Route:
    """One address pattern under the name it is reversed by."""

    name: str
    template: str
    parameters: tuple[str, ...]
    model: type[models.Model] | None
    fixed: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def is_api(self) -> bool:
        return self.template.startswith(("api/", "v1/", "scim/"))

    @property
    def is_public(self) -> bool:
        return self.name in PUBLIC

    @property
    def is_of_write_keys(self) -> bool:
        return self.name.partition(":")[0] in WRITE_KEY_NAMESPACES

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def is_own(self) -> bool:
        return OWN.match(self.name) is not None

    def names_a_record(self) -> bool:
        """Say whether a parameter names a record of an account."""
        return any(model in RECORDS for model in self._models().values())

    def address(self, account: Account) -> str:
        """Return the address for records of an account."""
        values = self.fixed | FREE.get(self.name, {})
        for parameter, model in self._models().items():
            make = RECORDS.get(model)
            row = make(account) if make else HOUSE[model]()
            values[parameter] = row.pk
        return reverse(self.name, kwargs=values)

    def _models(self) -> dict[str, type[models.Model]]:
        if self.name in PARAMETERS:
            return PARAMETERS[self.name]
        if self.model is not None and self.parameters == ("pk",):
            return {"pk": self.model}
        return {}

    def fault(self) -> str:
        """Return why the walk can't try the route, or nothing."""
        if self.name.endswith(":") or not self.name:
            return f"/{self.template} has no name: give it one"
        filled = set(self._models()) | set(FREE.get(self.name, {}))
        if missing := set(self.parameters) - filled:
            return f"{self.name} needs {sorted(missing)}: say how in tests/routes.py"
        unknown = [m for m in self._models().values() if m not in RECORDS and m not in HOUSE]
        if unknown:
            return f"{self.name} shows {unknown[0].__name__}: add it in tests/route_records.py"
        return ""


def product_routes() -> list[Route]:
    """Return every route but those of the operators' admin."""
    return [route for route in _walk(get_resolver(), "", "") if not route.is_admin]


def admin_addresses() -> list[str]:
    """Return the admin's lists and forms for adding, of every registered model."""
    names = (route for route in _walk(get_resolver(), "", "") if route.is_admin)
    found = []
    for route in names:
        if route.name.endswith(("_changelist", "_add", "admin:index")):
            found.append(reverse(route.name))
    return sorted(set(found))


def make_foreign_account(**fields: Any) -> Account:
    """Make an account whose names nobody of another team may ever read."""
    return make_account(name=f"{MARK}株式会社", name_kana=MARK, short_name=MARK, **fields)


def rows_written() -> int:
    """Return how many rows this transaction has written, but for sessions and caches."""
    # The view of the same numbers joins what nobody asks here, and takes four times as long.
    statement = """
        SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(oid)
          + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)), 0)
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
          AND relname NOT IN ('django_session', 'cache_entry', 'pghistory_context')
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        template = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from _walk(entry, template, inner)
        elif isinstance(entry, URLPattern):
            yield _route(entry, template, namespace)


def _route(entry: URLPattern, template: str, namespace: str) -> Route:
    view = getattr(entry.callback, "cls", None)
    queryset = getattr(view, "queryset", None)
    parameters = tuple(sorted(entry.pattern.regex.groupindex))
    name = f"{namespace}:{entry.name or ''}" if namespace else entry.name or ""
    fixed = {key: value for key, value in entry.default_args.items() if isinstance(value, str)}
    return Route(name, template, parameters, getattr(queryset, "model", None), fixed)
