"""Ids of records in other systems come from files, each once."""

import pytest

from accounts.models import AccessPolicy, Account, ExternalRef
from accounts.services.imports.undo import undo_here
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_invoice,
    make_team,
    make_ticket,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
HEADER = ["account_external_id", "種別", "record_external_id", "システム", "外部ID"]


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


@pytest.fixture
def records(account):
    return {
        "account": account,
        "contact": make_contact(account=account, external_id="R"),
        "contract": make_contract(account=account, external_id="R"),
        "touchpoint": make_touchpoint(account=account, external_id="R"),
        "ticket": make_ticket(account=account, external_id="R"),
        "invoice": make_invoice(account=account, external_id="R"),
    }


def test_a_record_of_each_kind_gets_its_id_once(records):
    rows = [
        ["A-1", kind, "" if kind == "account" else "R", "Salesforce", "001"] for kind in records
    ]

    assert counts(take_in("external_ids", HEADER, *rows)) == (6, 0, 0, 0)
    assert counts(take_in("external_ids", HEADER, *rows)) == (0, 0, 6, 0)

    kept = ExternalRef.objects.values_list("kind", "object_id", "source", "value")
    assert set(kept) == {(k, r.pk, "salesforce", "001") for k, r in records.items()}
    for record in records.values():
        record.refresh_from_db()
        assert record.updated_at == AT


def test_a_file_may_call_the_account_by_its_word_and_previews_name_it(records):
    header = ["顧客", *HEADER[1:]]

    run = take_in("external_ids", header, ["A-1", "ticket", "R", "zendesk", "7"], is_dry_run=True)

    assert counts(run) == (1, 0, 0, 0)
    assert run.changes.get().label == f"{records['account'].name} · zendesk:7"


def test_kinds_are_read_as_pages_call_them(records):
    run = take_in("external_ids", HEADER, ["A-1", "顧客", "", "kintone", "7"])

    assert counts(run) == (1, 0, 0, 0)


def test_every_fault_is_named_with_its_row_and_column(account, records, team):
    other = make_account(external_id="B", team=team)
    ExternalRef.objects.create(kind="account", object_id=other.pk, source="crm", value="9")
    make_account(external_id="Z", team=team, archived_at=AT)
    make_ticket(account=account, external_id="gone", retracted_at=AT)

    run = take_in(
        "external_ids",
        HEADER,
        ["", "", "R", "", ""],
        ["A-9", "account", "", "crm", "1"],
        ["Z", "account", "", "crm", "2"],
        ["A-1", "team", "", "crm", "3"],
        ["A-1", "ticket", "", "crm", "4"],
        ["B", "ticket", "R", "crm", "5"],
        ["A-1", "ticket", "gone", "crm", "6"],
        ["A-1", "account", "", "crm!", "7"],
        ["A-1", "account", "", "external_id", "8"],
        ["A-1", "account", "", "crm", "9"],
        ["A-1", "account", "", "crm", "10"],
        ["A-1", "account", "", "crm", "10"],
    )

    assert faults(run) == [
        (2, "account_external_id", "required"),
        (2, "kind", "required"),
        (2, "source", "required"),
        (2, "value", "required"),
        (3, "account_external_id", "unknown_account"),
        (4, "account_external_id", "archived"),
        (5, "kind", "choice"),
        (6, "record_external_id", "required"),
        (7, "record_external_id", "unknown_record"),
        (8, "record_external_id", "unknown_record"),
        (9, "source", "source"),
        (10, "source", "source"),
        (11, "value", "id_taken"),
        (13, "value", "duplicate"),
    ]


def test_records_out_of_reach_get_none(account, records):
    rows = ["A-1", "ticket", "R", "crm", "1"]
    AccessPolicy.objects.create(role="member", kind="ticket", read_scope="all", write_scope="none")

    inside = take_in("external_ids", HEADER, rows, by=make_user(team=account.team))
    outside = take_in("external_ids", HEADER, rows, by=make_user(team=make_team()))

    assert faults(inside) == faults(outside) == [(2, "account_external_id", "unknown_account")]


def test_an_undo_leaves_what_is_out_of_reach_by_then(account, records):
    member = make_user(team=account.team)
    run = take_in("external_ids", HEADER, ["A-1", "ticket", "R", "crm", "1"], by=member)
    Account.objects.update(team=make_team())

    done = undo_here(run=run, at=AT, by=type(member).objects.get(pk=member.pk))

    assert [row["reason"] for row in done.job.result["kept"]] == ["foreign"]
    assert ExternalRef.objects.exists()


def test_seven_rows_cost_as_many_statements_as_one(account):
    def row(number):
        return ["A-1", "account", "", "crm", str(number)]

    statements("external_ids", HEADER, row(0))

    assert statements("external_ids", HEADER, row(1)) == statements(
        "external_ids", HEADER, *map(row, range(2, 9))
    )
