"""Every kind of file is taken back by the same means, what it made and what it changed."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection

from accounts.registry import importers
from accounts.services.accounts import create_account
from accounts.services.contacts import create_contact
from accounts.services.contracts import create_contract
from accounts.services.imports.undo import undo_here
from tests.accounts.importers.files import AT, counts, take_in
from tests.factories import make_touchpoint

pytestmark = pytest.mark.django_db
BEFORE = AT - dt.timedelta(days=30)
LATER, LATEST = AT + dt.timedelta(hours=1), AT + dt.timedelta(hours=2)

FILES = {
    "accounts": (["external_id", "name", "tier"], ["N-1", "新月", "b"], ["N-1", "満月", "a"]),
    "contacts": (["account_external_id", "external_id", "family_name"],
                 ["A-1", "P-9", "佐藤"], ["A-1", "P-9", "鈴木"]),
    "contracts": (["external_id", "account_external_id", "arr", "starts_on"],
                  ["C-1", "A-1", "100", "2026-04-01"], ["C-1", "A-1", "200", "2026-04-01"]),
    "tickets": (["external_id", "account_external_id", "subject", "severity", "opened_at"],
                ["T-1", "A-1", "遅い", "high", "2026-06-01"],
                ["T-1", "A-1", "遅い", "low", "2026-06-01"]),
    "invoices": (["external_id", "account_external_id", "issued_on", "due_on", "amount"],
                 ["I-1", "A-1", "2026-05-01", "2026-05-29", "100"],
                 ["I-1", "A-1", "2026-05-01", "2026-05-29", "300"]),
    "touchpoints": (["external_id", "account_external_id", "type", "occurred_at", "subject"],
                    ["V-1", "A-1", "visit", "2026-06-01", "訪問"],
                    ["V-1", "A-1", "visit", "2026-06-02", "再訪"]),
    "stakeholders": (["account_external_id", "contact_external_id", "role", "starts_on"],
                     ["A-1", "P-1", "champion", "2026-05-01"],
                     ["A-1", "P-1", "champion", "2026-05-02"]),
    "todos": (["account_external_id", "touchpoint_external_id", "side", "text", "due_on"],
              ["A-1", "V-0", "ours", "見積", "2026-06-20"],
              ["A-1", "V-0", "ours", "見積", "2026-06-30"]),
    "terms": (["contract_external_id", "starts_on", "arr"],
              ["K-0", "2026-06-01", "70"], ["K-0", "2026-06-01", "90"]),
    "milestones": (["account_external_id", "key", "label_ja", "due_on"],
                   ["A-1", "kick_off", "キックオフ", "2026-06-20"],
                   ["A-1", "kick_off", "キックオフ", "2026-06-30"]),
    "external_ids": (["account_external_id", "kind", "source", "value"],
                     ["A-1", "account", "salesforce", "001A"], None),
    "measurements": (["account_external_id", "key", "value", "measured_at"],
                     ["A-1", "seats_used", "1", "2026-06-01"],
                     ["A-1", "seats_used", "2", "2026-06-01"]),
}  # fmt: skip
#: What undo leaves as it was before: every row that stands, without when it was written. The day
#: since which an account is a customer follows from its first contract and stays.
APART = {"id", "recorded_at", "updated_at", "created_at", "is_declared", "customer_since_on"}
TABLES = (
    "account", "contact", "contract", "contractterm", "ticket", "invoice", "touchpoint",
    "stakeholderrole", "touchpointtodo", "onboardingmilestone", "attributevalue",
    "accountstatusfact", "externalref",
)  # fmt: skip


def standing():
    """Return every row that stands, whatever its id."""
    models = [apps.get_model("accounts", name) for name in TABLES]
    found = {}
    for model in [*models, apps.get_model("scoring", "measurement")]:
        columns = [f.attname for f in model._meta.concrete_fields if f.attname not in APART]
        ends = [name for name in ("archived_at", "retracted_at") if name in columns]
        rows = model._base_manager.filter(**{f"{name}__isnull": True for name in ends})
        found[model.__name__] = sorted(map(str, rows.values_list(*columns)))
    return found


def take(kind, header, row, at):
    run = take_in(kind, header, row, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
    return run


@pytest.fixture
def account(team):
    account = create_account(team=team, external_id="A-1", name="青嶺", at=BEFORE)
    create_contact(account=account, family_name="高木", external_id="P-1", at=BEFORE)
    make_touchpoint(account=account, external_id="V-0", recorded_at=BEFORE)
    create_contract(
        account=account, external_id="K-0", starts_on=dt.date(2026, 1, 1), kind="open_ended",
        arr=50, at=BEFORE,
    )  # fmt: skip
    return account


def test_every_kind_stands_here():
    assert set(FILES) == set(importers)


@pytest.mark.parametrize("kind", FILES)
def test_what_a_file_made_is_gone_and_can_be_taken_in_again(account, kind):
    header, first, _second = FILES[kind]
    before = standing()
    run = take(kind, header, first, AT)
    assert counts(run) == (1, 0, 0, 0)

    done = undo_here(run=run, at=LATER)

    assert done.job.result["kept"] == []
    assert standing() == before
    assert counts(take(kind, header, first, LATEST)) == (1, 0, 0, 0)


@pytest.mark.parametrize("kind", [kind for kind, (_h, _f, second) in FILES.items() if second])
def test_what_a_file_changed_is_what_it_was(account, kind):
    header, first, second = FILES[kind]
    take(kind, header, first, AT)
    before = standing()
    run = take(kind, header, second, LATER)
    assert counts(run) == (0, 1, 0, 0)

    done = undo_here(run=run, at=LATEST)

    assert done.job.result["kept"] == []
    assert standing() == before
