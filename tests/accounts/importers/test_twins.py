"""A preview tells new rows that may be there already; nothing is refused."""

import pytest

from accounts.models import Account
from accounts.services.imports.preview import read_changes
from accounts.services.merges.accounts import merge_accounts
from tests.accounts.importers.files import AT, counts, take_in
from tests.factories import make_account, make_contact, make_user

pytestmark = pytest.mark.django_db


def told(run) -> dict[int, str]:
    rows = read_changes(run, list(run.changes.order_by("line")))
    found = {row.row: row.twin for row in rows if row.twin}
    result = run.job.result
    assert (result["twins"], result["twin_rows"]) == (len(found), sorted(found))
    return found


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team, name="青嶺精機株式会社", name_key="青嶺精機")


def test_a_new_account_of_a_known_name_is_told(account):
    rows = [
        ["external_id", "name"],
        ["N-1", "㈱青嶺精機"],
        ["A-1", "青嶺精機"],
        ["N-2", "港"],
    ]

    run = take_in("accounts", *rows, is_dry_run=True)

    assert told(run) == {2: "青嶺精機株式会社 (A-1)"}
    assert counts(run) == (2, 1, 0, 0)
    assert counts(take_in("accounts", *rows)) == (2, 1, 0, 0)


def test_another_corporate_number_is_another_company(account):
    Account.objects.filter(pk=account.pk).update(corporate_number="1180301018771")
    header = ["external_id", "name", "corporate_number"]
    rows = [["N-1", "青嶺精機", "5010401067252"], ["N-2", "青嶺精機", "1180301018771"]]

    assert set(told(take_in("accounts", header, *rows, is_dry_run=True))) == {3}


def test_only_accounts_that_are_there_and_theirs_are_told(account, team):
    gone = make_account(external_id="B", team=team, name="港", name_key="港")
    merge_accounts(source=gone, into=account, at=AT, by=make_user(role="administrator"))
    rows = [["external_id", "name"], ["N-1", "青嶺精機"], ["N-2", "港"]]
    assert set(told(take_in("accounts", *rows, is_dry_run=True))) == {2}
    own = make_user(team=make_account().team)

    assert told(take_in("accounts", *rows, is_dry_run=True, by=own)) == {}


def test_a_new_contact_with_a_known_address_or_name_is_told(account, team):
    other = make_account(external_id="B", team=team, name="港")
    make_contact(account=other, family_name="森", given_name="鷹", email="mori@minato.example")
    make_contact(account=account, family_name="沢", given_name="鯉", email="")

    run = take_in(
        "contacts",
        ["account_external_id", "external_id", "family_name", "given_name", "email"],
        ["A-1", "1", "森", "", "MORI@minato.example"],
        ["A-1", "2", "沢", "鯉", ""],
        ["B", "3", "沢", "鯉", ""],
        is_dry_run=True,
    )

    assert told(run) == {2: "森 鷹 (港)", 3: "沢 鯉 (青嶺精機株式会社)"}


def test_new_rows_that_are_called_alike_are_told_of_each_other(account):
    header = ["external_id", "name", "corporate_number"]
    rows = [
        ["N-1", "株式会社港", ""],
        ["N-2", "港㈱", ""],
        ["N-3", "山", "1180301018771"],
        ["N-4", "山", "5010401067252"],
        ["A-1", "港", ""],
    ]

    run = take_in("accounts", header, *rows, is_dry_run=True)

    assert told(run) == {3: "株式会社港 (N-1, #2)"}


def test_new_people_that_are_called_alike_are_told_of_each_other(account):
    header = ["account_external_id", "external_id", "family_name", "given_name"]
    rows = [["A-1", "1", "沢", "鯉"], ["A-1", "2", "沢", "鮎"], ["A-1", "3", "沢", "鯉"]]

    run = take_in("contacts", header, *rows, is_dry_run=True)

    assert told(run) == {4: "沢 鯉 (#2)"}
