"""Addresses of the customer record's pages."""

from django.urls import path

from accounts.registry import lists
from accounts.views.account_bulk import account_bulk, account_bulk_undo
from accounts.views.account_domains import domain_verify
from accounts.views.account_forms import (
    account_archive,
    account_edit,
    account_new,
    account_phase,
    account_restore,
    account_status,
    account_suggest,
)
from accounts.views.account_lifecycle import account_lifecycle
from accounts.views.account_list import account_list
from accounts.views.account_team import (
    account_roles,
    role_assign,
    role_end,
    share_end,
    share_new,
)
from accounts.views.accounts import account_detail
from accounts.views.attributes import (
    account_attributes,
    attribute_archive,
    attribute_edit,
    attribute_list,
    attribute_new,
    attribute_restore,
    attribute_words,
)
from accounts.views.contacts import (
    contact_archive,
    contact_confirm,
    contact_detail,
    contact_edit,
    contact_introduce,
    contact_move,
    contact_new,
    contact_place,
    contact_restore,
    contact_state,
    contact_undo,
)
from accounts.views.contracts import (
    contract_archive,
    contract_detail,
    contract_edit,
    contract_new,
    contract_notice,
    contract_preview,
    contract_renew,
    contract_restore,
    contract_terms,
)
from accounts.views.expectations import expectation_edit, expectation_list
from accounts.views.exports import (
    export_delete,
    export_detail,
    export_everything,
    export_file,
    export_list,
)
from accounts.views.external_ids import external_id_list, external_id_set
from accounts.views.history import audit_list, record_history, settings_history
from accounts.views.import_mapping import import_mapping
from accounts.views.imports import (
    import_changes,
    import_detail,
    import_errors,
    import_follow,
    import_list,
    import_undo,
)
from accounts.views.inlet_deliveries import delivery_detail, delivery_replay, inlet_detail
from accounts.views.inlet_door import inlet_door
from accounts.views.inlets import (
    inlet_edit,
    inlet_list,
    inlet_new,
    inlet_revoke,
    inlet_rotate,
)
from accounts.views.invoices import (
    invoice_detail,
    invoice_edit,
    invoice_new,
    invoice_restore,
    invoice_retract,
    payment_new,
    payment_retract,
)
from accounts.views.mentions import mention_names, mention_seen
from accounts.views.merges import (
    account_merge,
    contact_merge,
    duplicate_dismiss,
    duplicate_list,
    duplicate_recall,
    merge_detail,
    merge_undo,
)
from accounts.views.milestones import (
    milestone_edit,
    milestone_list,
    milestone_move,
    milestone_new,
    milestone_plan,
    milestone_restore,
    milestone_retract,
)
from accounts.views.minutes import minutes_drop, minutes_edit, minutes_list, minutes_new
from accounts.views.outbox import mail_confirm, mail_detail, mail_list, mail_resend
from accounts.views.privacy import (
    privacy,
    privacy_erase,
    privacy_export,
    privacy_person,
    retention,
)
from accounts.views.rates import rate_list, rate_new
from accounts.views.records import record_list
from accounts.views.saved_views import view_default, view_edit, view_new, view_remove
from accounts.views.search import search
from accounts.views.segments import (
    segment_archive,
    segment_edit,
    segment_new,
    segment_original,
    segment_restore,
)
from accounts.views.seniority import seniority, seniority_add, seniority_edit
from accounts.views.settings.organisation import access, organisation
from accounts.views.settings.password_links import person_link
from accounts.views.settings.people import (
    person_form,
    person_list,
    team_delete,
    team_form,
    team_list,
)
from accounts.views.settings.tokens import token_list, token_new, token_revoke
from accounts.views.stakeholder_map import stakeholder_map
from accounts.views.static_lists import (
    static_list_archive,
    static_list_edit,
    static_list_new,
    static_list_restore,
    static_lists,
)
from accounts.views.tickets import (
    ticket_detail,
    ticket_edit,
    ticket_move,
    ticket_new,
    ticket_restore,
    ticket_retract,
)
from accounts.views.touchpoint_pages import (
    todo_settle,
    touchpoint_detail,
    touchpoint_restore,
    touchpoint_retract,
)
from accounts.views.touchpoint_types import (
    touchpoint_type_archive,
    touchpoint_type_edit,
    touchpoint_type_list,
    touchpoint_type_move,
    touchpoint_type_new,
    touchpoint_type_restore,
    touchpoint_type_unarchive,
)
from accounts.views.touchpoints import touchpoint_edit, touchpoint_new

app_name = "accounts"
urlpatterns = [
    path("accounts/", account_list, name="list"),
    path("accounts/new/", account_new, name="new"),
    path("accounts/suggest/", account_suggest, name="suggest"),
    path("accounts/<int:pk>/", account_detail, name="detail"),
    path("accounts/<int:pk>/map/", stakeholder_map, name="map"),
    path("accounts/<int:pk>/contacts/new/", contact_new, name="contact_new"),
    path("contacts/<int:pk>/", contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/edit/", contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/state/", contact_state, name="contact_state"),
    path("contacts/<int:pk>/place/", contact_place, name="contact_place"),
    path("contacts/<int:pk>/move/", contact_move, name="contact_move"),
    path("contacts/<int:pk>/introduce/", contact_introduce, name="contact_introduce"),
    path("contacts/<int:pk>/confirm/", contact_confirm, name="contact_confirm"),
    path("contacts/<int:pk>/archive/", contact_archive, name="contact_archive"),
    path("contacts/<int:pk>/restore/", contact_restore, name="contact_restore"),
    path("contacts/<int:pk>/undo/<str:change>/", contact_undo, name="contact_undo"),
    path("hooks/in/<str:key>/", inlet_door, name="inlet_door"),
    path("settings/inlets/", inlet_list, name="inlet_list"),
    path("settings/inlets/new/", inlet_new, name="inlet_new"),
    path("settings/inlets/<int:pk>/", inlet_detail, name="inlet_detail"),
    path("settings/inlets/<int:pk>/edit/", inlet_edit, name="inlet_edit"),
    path("settings/inlets/<int:pk>/rotate/", inlet_rotate, name="inlet_rotate"),
    path("settings/inlets/<int:pk>/revoke/", inlet_revoke, name="inlet_revoke"),
    path("settings/deliveries/<int:pk>/", delivery_detail, name="delivery_detail"),
    path("settings/deliveries/<int:pk>/replay/", delivery_replay, name="delivery_replay"),
    path("exports/", export_list, name="export_list"),
    path("exports/everything/", export_everything, name="export_everything"),
    path("exports/<int:pk>/", export_detail, name="export_detail"),
    path("exports/<int:pk>/file/", export_file, name="export_file"),
    path("exports/<int:pk>/delete/", export_delete, name="export_delete"),
    path("accounts/<int:pk>/edit/", account_edit, name="edit"),
    path("accounts/<int:pk>/status/", account_status, name="status"),
    path("accounts/<int:pk>/phase/", account_phase, name="phase"),
    path("accounts/<int:pk>/contracts/new/", contract_new, name="contract_new"),
    path("contracts/preview/", contract_preview, name="contract_preview"),
    path("contracts/<int:pk>/", contract_detail, name="contract_detail"),
    path("contracts/<int:pk>/edit/", contract_edit, name="contract_edit"),
    path("contracts/<int:pk>/terms/", contract_terms, name="contract_terms"),
    path("contracts/<int:pk>/renew/", contract_renew, name="contract_renew"),
    path("contracts/<int:pk>/notice/", contract_notice, name="contract_notice"),
    path("contracts/<int:pk>/archive/", contract_archive, name="contract_archive"),
    path("contracts/<int:pk>/restore/", contract_restore, name="contract_restore"),
    path("accounts/<int:pk>/attributes/", account_attributes, name="attributes"),
    path("settings/titles/", seniority, name="seniority"),
    path("settings/titles/edit/", seniority_edit, name="seniority_edit"),
    path("settings/titles/add/", seniority_add, name="seniority_add"),
    path("settings/attributes/", attribute_list, name="attribute_list"),
    path("settings/attributes/new/", attribute_new, name="attribute_new"),
    path("settings/attributes/<int:pk>/", attribute_edit, name="attribute_edit"),
    path("settings/attributes/<int:pk>/words/", attribute_words, name="attribute_words"),
    path("settings/attributes/<int:pk>/archive/", attribute_archive, name="attribute_archive"),
    path("settings/attributes/<int:pk>/restore/", attribute_restore, name="attribute_restore"),
    path("settings/touch-models/", expectation_list, name="expectation_list"),
    path("settings/touch-models/<slug:model>/", expectation_edit, name="expectation_edit"),
    path("settings/rates/", rate_list, name="rate_list"),
    path("settings/rates/new/", rate_new, name="rate_new"),
    path("accounts/<int:pk>/lifecycle/", account_lifecycle, name="lifecycle"),
    path("accounts/<int:pk>/archive/", account_archive, name="archive"),
    path("accounts/<int:pk>/restore/", account_restore, name="restore"),
    path("accounts/<int:pk>/domains/<int:domain>/verify/", domain_verify, name="domain_verify"),
    path("accounts/<int:pk>/ids/", external_id_list, name="external_ids"),
    path("accounts/<int:pk>/ids/set/", external_id_set, name="external_id_set"),
    path("accounts/<int:pk>/roles/", account_roles, name="roles"),
    path("accounts/<int:pk>/roles/assign/", role_assign, name="role_assign"),
    path("accounts/<int:pk>/roles/<int:role>/end/", role_end, name="role_end"),
    path("accounts/<int:pk>/shares/new/", share_new, name="share_new"),
    path("accounts/<int:pk>/shares/<int:share>/end/", share_end, name="share_end"),
    path("history/<slug:kind>/<int:pk>/", record_history, name="history"),
    path("history/settings/<slug:key>/", settings_history, name="settings_history"),
    path("settings/audit/", audit_list, name="audit_list"),
    path("duplicates/", duplicate_list, name="duplicate_list"),
    path("duplicates/dismiss/", duplicate_dismiss, name="duplicate_dismiss"),
    path("duplicates/recall/", duplicate_recall, name="duplicate_recall"),
    path("accounts/<int:pk>/merge/", account_merge, name="merge"),
    path("contacts/<int:pk>/merge/", contact_merge, name="contact_merge"),
    path("merges/<int:pk>/", merge_detail, name="merge_detail"),
    path("merges/<int:pk>/undo/", merge_undo, name="merge_undo"),
    path("settings/retention/", retention, name="retention"),
    path("settings/privacy/", privacy, name="privacy"),
    path("settings/privacy/<int:pk>/", privacy_person, name="privacy_person"),
    path("settings/privacy/<int:pk>/export/", privacy_export, name="privacy_export"),
    path("settings/privacy/<int:pk>/erase/", privacy_erase, name="privacy_erase"),
    path("imports/", import_list, name="import_list"),
    path("imports/<int:pk>/", import_detail, name="import_detail"),
    path("imports/<int:pk>/import/", import_follow, name="import_follow"),
    path("imports/<int:pk>/errors/", import_errors, name="import_errors"),
    path("imports/<int:pk>/columns/", import_mapping, name="import_mapping"),
    path("imports/<int:pk>/changes/", import_changes, name="import_changes"),
    path("imports/<int:pk>/undo/", import_undo, name="import_undo"),
    path("outbox/", mail_list, name="mail_list"),
    path("outbox/<int:pk>/", mail_detail, name="mail_detail"),
    path("outbox/<int:pk>/resend/", mail_resend, name="mail_resend"),
    path("outbox/<int:pk>/confirm/", mail_confirm, name="mail_confirm"),
    path("settings/organisation/", organisation, name="settings_organisation"),
    path("settings/access/", access, name="settings_access"),
    path("settings/teams/", team_list, name="settings_teams"),
    path("settings/teams/new/", team_form, name="settings_team_new"),
    path("settings/teams/<int:pk>/", team_form, name="settings_team"),
    path("settings/teams/<int:pk>/delete/", team_delete, name="settings_team_delete"),
    path("settings/people/", person_list, name="settings_people"),
    path("settings/people/new/", person_form, name="settings_person_new"),
    path("settings/people/<int:pk>/", person_form, name="settings_person"),
    path("settings/people/<int:pk>/link/", person_link, name="settings_person_link"),
    path("settings/tokens/", token_list, name="settings_tokens"),
    path("settings/tokens/new/", token_new, name="settings_token_new"),
    path("settings/tokens/<int:pk>/revoke/", token_revoke, name="settings_token_revoke"),
    path("touchpoints/new/", touchpoint_new, name="touchpoint_new"),
    path("mentions/names/", mention_names, name="mention_names"),
    path("mentions/<int:pk>/seen/", mention_seen, name="mention_seen"),
    path("settings/touchpoint-types/", touchpoint_type_list, name="touchpoint_type_list"),
    path("settings/touchpoint-types/new/", touchpoint_type_new, name="touchpoint_type_new"),
    path(
        "settings/touchpoint-types/<slug:key>/", touchpoint_type_edit, name="touchpoint_type_edit"
    ),
    path(
        "settings/touchpoint-types/<slug:key>/move/",
        touchpoint_type_move,
        name="touchpoint_type_move",
    ),
    path(
        "settings/touchpoint-types/<slug:key>/archive/",
        touchpoint_type_archive,
        name="touchpoint_type_archive",
    ),
    path(
        "settings/touchpoint-types/<slug:key>/unarchive/",
        touchpoint_type_unarchive,
        name="touchpoint_type_unarchive",
    ),
    path(
        "settings/touchpoint-types/<slug:key>/restore/",
        touchpoint_type_restore,
        name="touchpoint_type_restore",
    ),
    path("settings/minutes/", minutes_list, name="minutes_list"),
    path("settings/minutes/new/", minutes_new, name="minutes_new"),
    path("settings/minutes/<slug:key>/", minutes_edit, name="minutes_edit"),
    path("settings/minutes/<slug:key>/drop/", minutes_drop, name="minutes_drop"),
    path("touchpoints/<int:pk>/", touchpoint_detail, name="touchpoint_detail"),
    path("touchpoints/<int:pk>/edit/", touchpoint_edit, name="touchpoint_edit"),
    path("touchpoints/<int:pk>/retract/", touchpoint_retract, name="touchpoint_retract"),
    path("touchpoints/<int:pk>/restore/", touchpoint_restore, name="touchpoint_restore"),
    path("todos/<int:pk>/settle/", todo_settle, name="todo_settle"),
    path("accounts/bulk/", account_bulk, name="bulk"),
    path("accounts/bulk/undo/", account_bulk_undo, name="bulk_undo"),
    path("search/", search, name="search"),
    path("lists/", static_lists, name="lists"),
    path("lists/new/", static_list_new, name="list_new"),
    path("lists/<int:pk>/edit/", static_list_edit, name="list_edit"),
    path("lists/<int:pk>/archive/", static_list_archive, name="list_archive"),
    path("lists/<int:pk>/restore/", static_list_restore, name="list_restore"),
    path("segments/new/", segment_new, name="segment_new"),
    path("segments/<int:pk>/edit/", segment_edit, name="segment_edit"),
    path("segments/<int:pk>/archive/", segment_archive, name="segment_archive"),
    path("segments/<int:pk>/restore/", segment_restore, name="segment_restore"),
    path("segments/<int:pk>/original/", segment_original, name="segment_original"),
    path("views/new/", view_new, name="view_new"),
    path("views/<int:pk>/edit/", view_edit, name="view_edit"),
    path("views/<int:pk>/remove/", view_remove, name="view_remove"),
    path("views/<int:pk>/default/", view_default, name="view_default"),
    path("accounts/<int:pk>/tickets/new/", ticket_new, name="ticket_new"),
    path("tickets/<int:pk>/", ticket_detail, name="ticket_detail"),
    path("tickets/<int:pk>/edit/", ticket_edit, name="ticket_edit"),
    path("tickets/<int:pk>/resolve/", ticket_move, {"to": "resolve"}, "ticket_resolve"),
    path("tickets/<int:pk>/reopen/", ticket_move, {"to": "reopen"}, "ticket_reopen"),
    path("tickets/<int:pk>/wait/", ticket_move, {"to": "wait"}, "ticket_wait"),
    path("tickets/<int:pk>/retract/", ticket_retract, name="ticket_retract"),
    path("tickets/<int:pk>/restore/", ticket_restore, name="ticket_restore"),
    path("accounts/<int:pk>/invoices/new/", invoice_new, name="invoice_new"),
    path("invoices/<int:pk>/", invoice_detail, name="invoice_detail"),
    path("invoices/<int:pk>/edit/", invoice_edit, name="invoice_edit"),
    path("invoices/<int:pk>/payments/new/", payment_new, name="payment_new"),
    path("invoices/<int:pk>/retract/", invoice_retract, name="invoice_retract"),
    path("invoices/<int:pk>/restore/", invoice_restore, name="invoice_restore"),
    path("payments/<int:pk>/retract/", payment_retract, name="payment_retract"),
    path("accounts/<int:pk>/milestones/", milestone_list, name="milestones"),
    path("accounts/<int:pk>/milestones/plan/", milestone_plan, name="milestone_plan"),
    path("accounts/<int:pk>/milestones/new/", milestone_new, name="milestone_new"),
    path("milestones/<int:pk>/edit/", milestone_edit, name="milestone_edit"),
    path("milestones/<int:pk>/complete/", milestone_move, {"to": "complete"}, "milestone_complete"),
    path("milestones/<int:pk>/reopen/", milestone_move, {"to": "reopen"}, "milestone_reopen"),
    path("milestones/<int:pk>/retract/", milestone_retract, name="milestone_retract"),
    path("milestones/<int:pk>/restore/", milestone_restore, name="milestone_restore"),
    *(path(f"{key}/", record_list, {"key": key}, name="record_list") for key in lists),
]
