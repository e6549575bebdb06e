"""The other system goes on sending the ids of what was merged here: they mean who stayed."""

import datetime as dt

import pytest

from accounts.models import Account, Contact, StakeholderRole, Touchpoint
from accounts.services.merges.accounts import merge_accounts
from accounts.services.merges.undo import undo_merge
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
HEADER = ["external_id", "name"]


@pytest.fixture
def gone(team):
    return make_account(external_id="A-1", team=team, name="青嶺精機")


@pytest.fixture
def stayed(team):
    return make_account(external_id="A-2", team=team, name="青嶺")


@pytest.fixture
def merged(gone, stayed):
    return merge_accounts(source=gone, into=stayed, at=AT)


def test_a_row_of_an_account_that_was_merged_goes_to_the_one_that_stayed(merged, stayed):
    run = take_in("accounts", HEADER, ["A-1", "青嶺グループ"], at=LATER)

    stayed.refresh_from_db()
    assert counts(run) == (0, 1, 0, 0)
    assert (stayed.name, stayed.external_id) == ("青嶺グループ", "A-2")
    assert Account.objects.get(external_id="A-1").name == "青嶺精機"


def test_of_two_rows_for_one_account_its_own_counts(merged, stayed):
    run = take_in("accounts", HEADER, ["A-1", "古い名前"], ["A-2", "青嶺グループ"], at=LATER)

    stayed.refresh_from_db()
    assert stayed.name == "青嶺グループ"
    assert faults(run) == [(2, "external_id", "duplicate")]


def test_a_second_row_with_the_same_new_id_is_still_a_duplicate(team):
    rows = ["A-8", "一", "営業一課"], ["A-8", "二", "営業一課"], ["A-9", "三", "営業一課"]

    run = take_in("accounts", [*HEADER, "team"], *rows)

    assert counts(run) == (2, 0, 0, 1)
    assert faults(run) == [(3, "external_id", "duplicate")]


def test_a_parent_that_was_merged_is_the_one_that_stayed(merged, stayed, team):
    header = [*HEADER, "team", "parent_external_id"]

    take_in("accounts", header, ["A-3", "青嶺販売", "営業一課", "A-1"], at=LATER)

    assert Account.objects.get(external_id="A-3").parent == stayed


def test_the_contract_of_an_account_file_goes_on_at_the_one_that_stayed(gone, stayed):
    header = ["external_id", "arr", "contract_starts_on", "contract_ends_on"]
    take_in("accounts", header, ["A-1", "1000000", "2026-04-01", "2027-03-31"])
    merge_accounts(source=gone, into=stayed, at=AT)

    run = take_in("accounts", header, ["A-1", "1500000", "2026-04-01", "2027-03-31"], at=LATER)

    stayed.refresh_from_db()
    assert counts(run) == (0, 1, 0, 0)
    assert stayed.contracts.get().external_id == "account:A-1"
    assert stayed.arr == 1_500_000


def test_after_the_undo_a_row_goes_to_its_account_again(merged, gone, stayed):
    undo_merge(record=merged, at=AT + dt.timedelta(minutes=5))

    take_in("accounts", HEADER, ["A-1", "青嶺グループ"], at=LATER)

    gone.refresh_from_db()
    stayed.refresh_from_db()
    assert (gone.name, stayed.name) == ("青嶺グループ", "青嶺")


@pytest.fixture
def person(gone, stayed):
    """Return the person who stayed of two with one address."""
    make_contact(account=gone, external_id="P-1", email="m@c.example")
    person = make_contact(account=stayed, external_id="P-2", email="m@c.example")
    merge_accounts(source=gone, into=stayed, at=AT)
    return person


def test_a_row_of_a_contact_that_was_merged_goes_to_the_one_that_stayed(person):
    header = ["account_external_id", "external_id", "title"]

    run = take_in("contacts", header, ["A-1", "P-1", "部長"], at=LATER)

    person.refresh_from_db()
    assert counts(run) == (0, 1, 0, 0)
    assert (person.title, person.external_id) == ("部長", "P-2")
    assert Contact.objects.get(external_id="P-1").title == ""


def test_parts_and_talks_name_a_merged_contact_by_the_old_id(person):
    role = ["account_external_id", "contact_external_id", "role"]
    talk = ["account_external_id", "external_id", "type", "occurred_at", "subject"]

    take_in("stakeholders", role, ["A-1", "P-1", "champion"], at=LATER)
    take_in(
        "touchpoints",
        [*talk, "contact_external_ids"],
        ["A-1", "T-1", "call", "2026-05-01 10:00", "Call", "P-1"],
        at=LATER,
    )

    assert StakeholderRole.objects.get().contact == person
    assert list(Touchpoint.objects.get().contacts.all()) == [person]


def test_a_thousand_rows_take_as_many_statements_as_ten(team):
    def rows(prefix, count):
        return [[f"{prefix}{n}", "株式会社", "営業一課"] for n in range(count)]

    header = [*HEADER, "team"]
    statements("accounts", header, *rows("w", 2))
    few = statements("accounts", header, *rows("a", 10))
    assert statements("accounts", header, *rows("b", 1000)) == few
