"""Rows name accounts and contacts by own-system id, by our code, by other ids or by name."""

import pytest

from accounts.choices import MergeKind
from accounts.models import Account, Contact, ExternalRef, Ticket, Touchpoint
from accounts.services.imports.faults import stored_faults
from accounts.services.merges.accounts import merge_accounts
from tests.accounts.importers.files import AT, counts, faults, take_in
from tests.accounts.services.exports.files import archive_rows, take_everything
from tests.factories import make_account, make_contact, make_contract, make_team, make_user

pytestmark = pytest.mark.django_db
TICKET = ["external_id", "account_external_id", "subject", "opened_at"]


@pytest.fixture
def account(team):
    known = {"name": "株式会社青嶺精機", "name_key": "青嶺精機", "short_name": "アオミネ"}
    return make_account(external_id="A-1", team=team, **known)


def other_id(account, source, value):
    ExternalRef.objects.create(
        kind=MergeKind.ACCOUNT, object_id=account.pk, source=source, value=value
    )


@pytest.mark.parametrize(
    "word",
    ["A-1", "株式会社青嶺精機", "青嶺精機㈱", "アオミネ", "hubspot:7", "7"],
)
@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("contacts", ["family_name"], ["鯨岡"]),
        ("contracts", ["external_id", "starts_on", "arr"], ["K-1", "2026-04-01", "1"]),
        ("tickets", ["external_id", "subject", "opened_at"], ["T-1", "動かない", "2026-06-01"]),
        ("invoices", ["external_id", "issued_on", "amount"], ["R-1", "2026-06-01", "1"]),
        ("touchpoints", ["type", "subject", "occurred_at"], ["call", "電話", "2026-06-01"]),
        ("measurements", ["key", "value", "measured_at"], ["k", "1", "2026-06-01"]),
    ],
)
def test_every_kind_takes_every_name_of_an_account(account, word, kind, header, row):
    other_id(account, "hubspot", "7")

    run = take_in(kind, ["account_external_id", *header], [word, *row])

    assert counts(run) == (1, 0, 0, 0), run.job.result
    assert take_in(kind, ["account_external_id", *header], ["A-1", *row]).job.result["failed"] == 0


def test_an_id_counts_before_a_name_and_a_full_name_before_one_without_its_form(account, team):
    named = make_account(external_id="B", team=team, name="A-1", name_key="a-1")
    limited = make_account(external_id="C", team=team, name="有限会社青嶺精機", name_key="青嶺精機")

    rows = [["T-1", "A-1", "a", "2026-06-01"], ["T-2", "有限会社青嶺精機", "b", "2026-06-01"]]
    assert counts(take_in("tickets", TICKET, *rows)) == (2, 0, 0, 0)

    owners = Ticket.objects.order_by("external_id").values_list("account_id", flat=True)
    assert list(owners) == [account.pk, limited.pk]
    assert not named.tickets.exists()


def test_a_name_of_several_accounts_is_told_with_their_number(account, team):
    make_account(external_id="B", team=team, name="青嶺精機有限会社", name_key="青嶺精機")

    run = take_in("tickets", TICKET, ["T-1", "青嶺精機", "a", "2026-06-01"])

    assert faults(run) == [(2, "account_external_id", "ambiguous_account")]
    (fault,) = stored_faults(run.job.result, [])
    assert "青嶺精機: 2" in fault.reason


def test_names_lead_only_to_accounts_the_user_may_change(account):
    stranger = make_user()

    run = take_in("tickets", TICKET, ["T-1", "アオミネ", "a", "2026-06-01"], by=stranger)

    assert faults(run) == [(2, "account_external_id", "unknown_account")]


def test_another_id_of_a_merged_account_leads_to_the_one_that_stayed(account, team):
    gone = make_account(external_id="B", team=team)
    merge_accounts(source=gone, into=account, at=AT, by=make_user(role="administrator"))
    other_id(gone, "salesforce", "001")

    run = take_in("tickets", TICKET, ["T-1", "001", "a", "2026-06-01"])

    assert counts(run) == (1, 0, 0, 0), run.job.result
    assert Ticket.objects.get().account_id == account.pk


def test_a_parent_is_named_by_name_unless_a_row_of_the_file_has_that_id(account):
    header = ["external_id", "name", "parent_external_id"]

    run = take_in(
        "accounts",
        header,
        ["N-1", "港", "青嶺精機"],
        ["アオミネ", "浜", ""],
        ["N-2", "磯", "アオミネ"],
    )

    assert counts(run) == (3, 0, 0, 0), run.job.result
    parents = dict(Account.objects.values_list("external_id", "parent__external_id"))
    assert (parents["N-1"], parents["N-2"]) == ("A-1", "アオミネ")


@pytest.mark.parametrize("word", ["P-1", "鯨岡 瑠璃子", "鯨岡瑠璃子", "Kujira@Whale.example"])
def test_a_contact_is_named_by_id_address_or_name_at_its_account(account, word):
    person = make_contact(
        account=account, external_id="P-1", family_name="鯨岡", given_name="瑠璃子",
        email="kujira@whale.example", search_text="鯨岡瑠璃子\nkujira@whale.example\np-1",
    )  # fmt: skip

    ticket = take_in(
        "tickets", [*TICKET, "contact_external_id"], ["T-1", "A-1", "a", "2026-06-01", word]
    )
    talk = take_in(
        "touchpoints",
        ["account_external_id", "type", "subject", "occurred_at", "contact_external_ids"],
        ["A-1", "call", "電話", "2026-06-01", word],
    )
    part = take_in(
        "stakeholders",
        ["account_external_id", "contact_external_id", "role"],
        ["A-1", word, "champion"],
    )

    assert [counts(run) for run in (ticket, talk, part)] == [(1, 0, 0, 0)] * 3
    assert Ticket.objects.get().contact == person
    assert list(Touchpoint.objects.get().contacts.all()) == [person]
    assert person.stakeholder_roles.get().role == "champion"


@pytest.mark.parametrize("word", ["hubspot:7", "7"])
@pytest.mark.parametrize("at_account", ["A-1", ""])
def test_a_contact_is_named_by_its_id_in_another_system(account, word, at_account):
    person = make_contact(account=account, external_id="P-1")
    for source in ("hubspot", "salesforce"):
        ExternalRef.objects.create(kind="contact", object_id=person.pk, source=source, value="7")

    part = take_in(
        "stakeholders",
        ["account_external_id", "contact_external_id", "role"],
        [at_account, word, "champion"],
    )

    assert counts(part) == (1, 0, 0, 0), part.job.result
    assert person.stakeholder_roles.get().role == "champion"


def test_an_id_in_another_system_leads_only_to_people_of_accounts_within_reach(account):
    other = make_account(external_id="B")
    for number, source in enumerate(("hubspot", "salesforce")):
        person = make_contact(account=other, external_id=f"P-{number}")
        ExternalRef.objects.create(kind="contact", object_id=person.pk, source=source, value="7")
    colleague = make_user(team=account.team)
    header = ["account_external_id", "contact_external_id", "role"]
    rows = [["", "7", "champion"], ["A-1", "7", "champion"], ["", "hubspot:7", "champion"]]

    run = take_in("stakeholders", header, *rows, by=colleague)

    assert faults(run) == [(line, "contact_external_id", "unknown_contact") for line in (2, 3, 4)]


def test_two_people_of_one_name_are_told_with_their_number(account):
    for number in (1, 2):
        make_contact(account=account, family_name="森", email=f"{number}@a.example",
                     search_text="森")  # fmt: skip

    run = take_in("tickets", [*TICKET, "contact_external_id"],
                  ["T-1", "A-1", "a", "2026-06-01", "森"])  # fmt: skip

    assert faults(run) == [(2, "contact_external_id", "ambiguous_contact")]


def test_an_invoice_names_its_contract_by_our_code(account, administrator_files):
    contract = make_contract(account=account)
    archive = take_everything(administrator_files)
    (code,) = (row["external_id"] for row in archive_rows(archive, "import/contracts.csv"))

    run = take_in(
        "invoices",
        ["external_id", "account_external_id", "issued_on", "amount", "contract_external_id"],
        ["R-1", "A-1", "2026-06-01", "1", code],
    )

    assert counts(run) == (1, 0, 0, 0), run.job.result
    assert account.invoices.get().contract == contract


@pytest.fixture
def administrator_files(team):
    return make_user(role="administrator")


def test_the_code_of_another_installation_is_nobody_of_ours(account):
    Account.objects.filter(pk=account.pk).update(external_id=None)

    run = take_in("contacts", ["account_external_id", "family_name"],
                  [f"yorisoi-{account.pk}-000000", "森"])  # fmt: skip

    assert faults(run) == [(2, "account_external_id", "unknown_account")]
    assert not Contact.objects.exists()


def test_how_many_are_called_so_at_a_foreign_account_is_not_told(team):
    foreign = make_account(team=make_team(), external_id="F-1")
    for _ in range(2):
        make_contact(account=foreign, family_name="田中", given_name="一", search_text="田中 一\n")
    header = ["external_id", "account_external_id", "subject", "opened_at", "contact_external_id"]
    rows = [[word, "F-1", "a", "2026-06-01", word] for word in ("田中一", "鈴木")]

    run = take_in("tickets", header, *rows, by=make_user(team=team))

    assert faults(run) == [(row, "account_external_id", "unknown_account") for row in (2, 3)]
