"""What a file would do, field by field, before anything is stored."""

import csv
import io

import pytest

from accounts.models import AttributeDefinition, ImportChange, TouchpointTodo
from accounts.services.accounts import create_account
from accounts.services.imports.preview import count_by_field, read_changes, write_changes
from accounts.services.imports.runs import remove_expired_files
from tests.accounts.importers.files import AT, take_in
from tests.factories import make_account, make_contact, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


def changes(kind, *rows, **order):
    run = take_in(kind, *rows, is_dry_run=True, **order)
    return run, read_changes(run, list(run.changes.order_by("line")))


def fields(row):
    return {change.column: (change.before, change.after) for change in row.fields}


@pytest.fixture
def account(team):
    AttributeDefinition.objects.create(key="region", type="text", label_en="R", label_ja="地")
    return create_account(
        team=team, external_id="A-1", name="青嶺", tier="c", attributes={"region": "east"}, at=AT
    )


def test_a_changed_row_says_what_stands_there_and_what_would(account):
    other = make_team(name="営業二課")
    run, (row,) = changes(
        "accounts",
        ["external_id", "name", "tier", "team", "region", "arr", "tracked", "live_on"],
        ["A-1", "青嶺", "a", other.name, "west", "1200000", "yes", "2026/4/1"],
    )
    assert (row.row, row.kind, row.record) == (2, "updated", "青嶺")
    attribute = AttributeDefinition.objects.get()
    assert fields(row) == {
        "tier": ("C", "A"),
        "team": ("営業一課", "営業二課"),
        f"attribute_{attribute.pk}": ("east", "west"),
        "arr": ("0", "1,200,000"),
        "tracked": ("No", "Yes"),
        "live_on": (None, "2026/04/01"),
    }
    assert dict(count_by_field(run))["Tier"] == 1


def test_a_choice_says_the_names_of_its_options(account):
    options = [{"value": "food", "label_en": "Food", "label_ja": "食品"}]
    kept = AttributeDefinition.objects.create(
        key="industry", type="choice", label_en="I", label_ja="業種", options=options
    )
    _run, (row,) = changes("accounts", ["external_id", "業種"], ["A-1", "food"])
    assert fields(row) == {f"attribute_{kept.pk}": (None, "Food")}


def test_a_todo_says_by_name_whose_it_is_and_whose_it_would_be(team):
    customer = make_account(external_id="B-1", team=team)
    talk = make_touchpoint(account=customer, external_id="T-1")
    first, _second = (
        make_contact(account=customer, external_id=key, family_name=name, given_name="葵")
        for key, name in (("P-1", "鯨岡"), ("P-2", "鯱"))
    )
    TouchpointTodo.objects.create(touchpoint=talk, side="theirs", text="確認", contact=first)
    header = ["account_external_id", "touchpoint_external_id", "side", "text", "due_on"]

    _run, (row,) = changes(
        "todos",
        [*header, "contact_external_id"],
        ["B-1", "T-1", "theirs", "確認", "2026-06-20", "P-2"],
    )
    _run, (same,) = changes(
        "todos",
        [*header, "contact_external_id"],
        ["B-1", "T-1", "theirs", "確認", "2026-06-20", "P-1"],
    )

    assert fields(row)["contact_external_id"] == ("鯨岡 葵", "鯱 葵")
    assert set(fields(same)) == {"due_on"}


def test_a_new_row_shows_what_it_would_hold_and_wrong_or_unchanged_rows_nothing(account):
    _run, rows = changes(
        "accounts",
        ["external_id", "name", "tier"],
        ["A-1", "青嶺", "c"],
        ["A-2", "港", "b"],
        ["A-3", "悪い", "z"],
    )
    assert [(row.row, row.kind, fields(row)["name"]) for row in rows] == [
        (3, "created", (None, "港"))
    ]


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("contacts", ["account_external_id", "family_name", "email"],
         ["A-1", "佐藤", "s@a.example"]),
        ("contracts", ["external_id", "account_external_id", "arr", "starts_on"],
         ["C-1", "A-1", "120", "2026-04-01"]),
        ("tickets", ["external_id", "account_external_id", "subject", "severity", "opened_at"],
         ["T-1", "A-1", "遅い", "high", "2026-06-01"]),
        ("invoices", ["external_id", "account_external_id", "issued_on", "due_on", "amount"],
         ["I-1", "A-1", "2026-06-01", "2026-06-30", "100"]),
        ("touchpoints", ["external_id", "account_external_id", "type", "occurred_at", "subject"],
         ["P-1", "A-1", "visit", "2026-06-01", "訪問"]),
    ],
)  # fmt: skip
def test_every_kind_shows_its_rows(account, kind, header, row):
    run, (change,) = changes(kind, header, row)
    assert run.job.result["created"] == 1
    assert change.kind == "created"
    assert change.record
    assert len(change.fields) >= 2


def test_the_download_holds_every_field_and_no_formula(account):
    run, _rows = changes("accounts", ["external_id", "name"], ["A-1", "=1+1"])
    text = write_changes(run).read().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1] == ["2", "updated", "'=1+1", "Formal name", "青嶺", "'=1+1", ""]


def test_changes_go_with_the_files(account):
    run, _rows = changes("accounts", ["external_id", "name"], ["A-1", "改名"])
    remove_expired_files(at=run.expires_at)
    assert not ImportChange.objects.exists()


def test_an_import_keeps_no_changes(account):
    take_in("accounts", ["external_id", "name"], ["A-1", "改名"])
    assert not ImportChange.objects.exists()
