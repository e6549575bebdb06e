"""Words for columns that name themselves in English only, for the admin and the history.

A field without a `verbose_name` is called after its column, which no catalogue translates. Such
columns get a word here, once for all models of ours. It is set on the loaded models, not written
in them: a word is no part of the schema, so no migration follows from one.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

#: Our apps, and those of the library whose rows the admin shows.
APPS = ("accounts", "scoring", "surveys", "playbooks", "usersessions", "mfa")
COLUMNS: dict[str, Promise] = {
    "account": pgettext_lazy("column", "account"),
    "acknowledged_by": pgettext_lazy("column", "acknowledged by"),
    "acted_at": pgettext_lazy("column", "acted on at"),
    "action": pgettext_lazy("column", "action"),
    "added_at": pgettext_lazy("column", "added at"),
    "after": pgettext_lazy("column", "after"),
    "archived_at": pgettext_lazy("column", "archived at"),
    "author": pgettext_lazy("column", "author"),
    "batch_id": pgettext_lazy("column", "batch"),
    "body": pgettext_lazy("column", "body"),
    "cadence_days": pgettext_lazy("column", "cadence in days"),
    "cause_place": pgettext_lazy("column", "cause"),
    "cause_points": pgettext_lazy("column", "points of the cause"),
    "cohort_id": pgettext_lazy("column", "frozen table"),
    "contact": pgettext_lazy("column", "contact"),
    "contacts": pgettext_lazy("column", "contacts"),
    "contract": pgettext_lazy("column", "contract"),
    "created_at": pgettext_lazy("column", "created at"),
    "created_by": pgettext_lazy("column", "created by"),
    "definition": pgettext_lazy("column", "definition"),
    "digest": pgettext_lazy("column", "digest"),
    "data": pgettext_lazy("column", "data"),
    "ends_on": pgettext_lazy("column", "ends before"),
    "episode_key": pgettext_lazy("column", "cause of the run"),
    "event": pgettext_lazy("column", "event"),
    "false_by": pgettext_lazy("column", "false alarm according to"),
    "finished_at": pgettext_lazy("column", "finished at"),
    "first_at": pgettext_lazy("column", "first at"),
    "from_contact": pgettext_lazy("column", "from contact"),
    "history_context": pgettext_lazy("column", "context of the change"),
    "invoice": pgettext_lazy("column", "invoice"),
    "ip": pgettext_lazy("column", "IP address"),
    "is_declared": pgettext_lazy("column", "known time is declared"),
    "is_shipped": pgettext_lazy("column", "shipped with the product"),
    "job": pgettext_lazy("column", "job"),
    "key": pgettext_lazy("column", "key"),
    "last_seen_at": pgettext_lazy("column", "last seen at"),
    "last_used_at": pgettext_lazy("column", "last used at"),
    "list": pgettext_lazy("column", "list"),
    "members": pgettext_lazy("column", "members"),
    "merged_by": pgettext_lazy("column", "merged by"),
    "merged_into": pgettext_lazy("column", "merged into"),
    "message_id": pgettext_lazy("column", "message"),
    "moved_from": pgettext_lazy("column", "came from"),
    "name_key": pgettext_lazy("column", "name for comparing"),
    "near_cadence_days": pgettext_lazy("column", "cadence near the renewal in days"),
    "onboarding_cadence_days": pgettext_lazy("column", "cadence during onboarding in days"),
    "opened_at": pgettext_lazy("column", "opened at"),
    "over_event": pgettext_lazy("column", "event to divide by"),
    "parent": pgettext_lazy("column", "above it"),
    "person_key": pgettext_lazy("column", "digest of the person"),
    "pgh_context": pgettext_lazy("column", "context of the change"),
    "pgh_created_at": pgettext_lazy("column", "changed at"),
    "pgh_id": pgettext_lazy("column", "number of the change"),
    "pgh_label": pgettext_lazy("column", "change"),
    "pgh_obj": pgettext_lazy("column", "row"),
    "playbook": pgettext_lazy("column", "playbook"),
    "position": pgettext_lazy("column", "position"),
    "prefix": pgettext_lazy("column", "begins with"),
    "preview": pgettext_lazy("column", "preview"),
    "properties": pgettext_lazy("column", "properties"),
    "published_by": pgettext_lazy("column", "published by"),
    "reason": pgettext_lazy("column", "reason"),
    "recorded_at": pgettext_lazy("column", "recorded at"),
    "requested_by": pgettext_lazy("column", "requested by"),
    "required_roles": pgettext_lazy("column", "required roles"),
    "retracted_at": pgettext_lazy("column", "withdrawn at"),
    "reverts_to": pgettext_lazy("column", "goes back to"),
    "reviewed_by": pgettext_lazy("column", "reviewed by"),
    "revoked_at": pgettext_lazy("column", "revoked at"),
    "run": pgettext_lazy("column", "run"),
    "run_kind": pgettext_lazy("column", "kind of run"),
    "schema_version": pgettext_lazy("column", "version of the format"),
    "scorecard": pgettext_lazy("column", "scorecard"),
    "search_text": pgettext_lazy("column", "text for searching"),
    "segment": pgettext_lazy("column", "segment"),
    "series": pgettext_lazy("column", "series"),
    "settled_at": pgettext_lazy("column", "settled at"),
    "sha256": pgettext_lazy("column", "SHA-256 digest"),
    "since": pgettext_lazy("column", "since"),
    "slot": pgettext_lazy("column", "slot"),
    "stage": pgettext_lazy("column", "stage"),
    "started_at": pgettext_lazy("column", "started at"),
    "starter_digest": pgettext_lazy("column", "digest of the original"),
    "starts_on": pgettext_lazy("column", "starts on"),
    "state": pgettext_lazy("column", "state"),
    "step_key": pgettext_lazy("column", "step"),
    "submitted_by": pgettext_lazy("column", "submitted by"),
    "successor": pgettext_lazy("column", "successor"),
    "survey": pgettext_lazy("column", "survey"),
    "team": pgettext_lazy("column", "team"),
    "ticket": pgettext_lazy("column", "ticket"),
    "to_contact": pgettext_lazy("column", "to contact"),
    "touchpoint": pgettext_lazy("column", "touchpoint"),
    "type": pgettext_lazy("column", "type"),
    "undone_by": pgettext_lazy("column", "undone by"),
    "updated_at": pgettext_lazy("column", "updated at"),
    "user": pgettext_lazy("column", "colleague"),
    "user_agent": pgettext_lazy("column", "browser"),
    "users": pgettext_lazy("column", "colleagues"),
    "version": pgettext_lazy("column", "version"),
    "write_key": pgettext_lazy("column", "write key"),
}
ROWS: dict[str, Promise] = {
    "accounts.AccountStatusFact": pgettext_lazy("rows", "status over time"),
    "accounts.AccountPhaseFact": pgettext_lazy("rows", "phase over time"),
    "accounts.AttributeValue": pgettext_lazy("rows", "attributes over time"),
    "accounts.TicketStateFact": pgettext_lazy("rows", "state over time"),
}


def name_fields() -> None:
    """Give every column and kind of row that has no word of its own the one it has here."""
    for model in _models():
        for field in unnamed_fields(model):
            if field.name in COLUMNS:
                field.verbose_name = COLUMNS[field.name]
        if model._meta.label in ROWS:
            word: Any = ROWS[model._meta.label]
            model._meta.verbose_name = model._meta.verbose_name_plural = word


def unnamed_fields(model: type[models.Model]) -> list[Any]:
    """Return the columns for which the model itself has no word."""
    every: list[Any] = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field for field in every if field._verbose_name is None and field.name != "id"]


def _models() -> Iterable[type[models.Model]]:
    return (model for app in APPS for model in apps.get_app_config(app).get_models())
