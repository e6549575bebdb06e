"""Columns that read more than the row hold what its page shows, in files too."""

import pytest

from accounts.models import Contact
from accounts.services.stakeholders import assign_role, relate, set_standing
from accounts.services.touchpoints import Todo, record_touchpoint
from config.lib.clock import app_now
from tests.accounts.services.exports.files import csv_rows, export_now
from tests.factories import (
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_invoice,
    make_organisation,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()
    return make_account(team=make_team())


def only_row(account, source, *columns) -> dict[str, str]:
    user = make_user(team=account.team)
    export = export_now(user, source=source, query=f"columns={','.join(columns)}", header="keys")
    titles, row = csv_rows(export)
    return dict(zip(titles, row, strict=True))


def test_a_contact_says_what_the_map_says(account):
    at = app_now()
    senior = make_contact(account=account, family_name="鯨岡", given_name="長")
    junior = make_contact(account=account, family_name="森", family_kana="モリ", successor=senior)
    for role in ("champion", "day_to_day"):
        assign_role(contact=junior, role=role, at=at)
    set_standing(contact=junior, stance="supporter", influence="high", at=at)
    relate(from_contact=junior, to_contact=senior, kind="reports_to", at=at)
    Contact.objects.filter(pk=senior.pk).update(archived_at=at)

    row = only_row(
        account,
        "contacts",
        *("reading", "roles", "stance", "influence", "strength", "reports_to", "successor"),
    )

    assert row["reading"].startswith("モリ")
    assert row["roles"] == "Champion, Day-to-day contact"
    assert (row["stance"], row["influence"], row["strength"]) == ("supporter", "high", "")
    assert row["reports_to"] == row["successor"] == str(senior)


def test_a_talk_says_who_was_there_and_what_came_of_it(account):
    at, colleague = app_now(), make_user(team=account.team)
    record_touchpoint(
        accounts=[account],
        type="call",
        occurred_at=at,
        subject="電話",
        decisions="3席増やす",
        contacts=[make_contact(account=account, family_name="森", given_name="鷹")],
        users=[colleague],
        signals=["complaint"],
        todos=[Todo("ours", "見積"), Todo("theirs", "確認")],
        at=at,
    )

    row = only_row(account, "touchpoints", "contacts", "users", "signals", "todos", "decisions")

    assert row["contacts"] == str(Contact.objects.get())
    assert row["users"] == str(colleague)
    assert (row["signals"], row["todos"]) == ("Complaint", "見積, 確認")
    assert row["decisions"] == "3席増やす"


@pytest.mark.parametrize("source", ["contacts", "contracts", "invoices"])
def test_lists_name_the_account_manager(account, source):
    manager = make_user(team=account.team)
    make_account_role(account=account, user=manager)
    make_account_role(account=account, user=make_user(), role="deputy")
    make = {"contacts": make_contact, "contracts": make_contract, "invoices": make_invoice}
    make[source](account=account)

    assert only_row(account, source, "manager")["manager"] == str(manager)
