import datetime as dt

import pytest

from accounts.models import Contact, StakeholderRole
from accounts.services.contacts import create_contact
from accounts.services.merges.accounts import merge_accounts
from tests.accounts.importers.files import AT, TODAY, counts, faults, statements, take_in
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db

HEADER = ["account_external_id", "external_id", "family_name", "given_name", "email"]
LATER = AT + dt.timedelta(days=30)


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def test_a_new_row_is_what_the_service_would_have_made(account):
    values = {"family_name": "水上", "given_name": "隆", "family_kana": "ミズカミ",
              "given_name_latin": "Takashi", "department": "経営企画部",
              "approach": "月曜に\n電話"}  # fmt: skip
    made = create_contact(account=account, email="a@c.example", at=AT, **values)
    header = ["account_external_id", "email", *values]
    take_in("contacts", header, ["A-1", "B@c.example", *values.values()])
    imported = Contact.objects.get(email="b@c.example")
    apart = {"id", "email", "search_text", "person_key", "_state"}
    assert {k: v for k, v in vars(imported).items() if k not in apart} == {
        k: v for k, v in vars(Contact.objects.get(pk=made.pk)).items() if k not in apart
    }
    assert imported.search_text == made.search_text.replace("a@c", "b@c")
    again = create_contact(account=make_account(), email="b@c.example", at=AT)
    assert bytes(imported.person_key) == bytes(again.person_key)


def test_a_full_name_is_family_name_and_given_name(account):
    take_in("contacts", ["顧客ID", "氏名", "メールアドレス"], ["A-1", "水上　隆", "m@c.example"],
            encoding="cp932")  # fmt: skip
    contact = Contact.objects.get()
    assert (contact.family_name, contact.given_name) == ("水上", "隆")


def test_a_person_is_known_by_id_then_by_address(account):
    take_in("contacts", HEADER, ["A-1", "P-1", "水上", "隆", "m@c.example"], ["A-1", "", "谷", "", "t@c.example"])  # noqa: E501  # fmt: skip
    run = take_in("contacts", HEADER, ["A-1", "P-1", "", "", "new@c.example"], ["A-1", "P-2", "", "次郎", "T@c.example"])  # noqa: E501  # fmt: skip
    assert counts(run) == (0, 2, 0, 0)
    stored = Contact.objects.order_by("pk").values_list("external_id", "family_name", "email")
    assert list(stored) == [("P-1", "水上", "new@c.example"), ("P-2", "谷", "t@c.example")]


def test_a_ghost_becomes_a_person(account):
    make_contact(account=account, external_id="P-1", family_name="", given_name="", email="",
                 is_ghost=True)  # fmt: skip
    take_in("contacts", HEADER, ["A-1", "P-1", "水上", "隆", ""])
    assert (Contact.objects.get().is_ghost, Contact.objects.get().family_name) == (False, "水上")


def test_who_leaves_puts_their_parts_down_on_that_day(account):
    contact = make_contact(account=account, external_id="P-1")
    StakeholderRole.objects.create(
        account=account, contact=contact, role="champion", starts_on=dt.date(2025, 1, 1)
    )
    take_in("contacts", ["account_external_id", "external_id", "state", "state_on"],
            ["A-1", "P-1", "left", "2026/05/31"])  # fmt: skip
    contact.refresh_from_db()
    assert (contact.state, contact.left_on) == ("left", dt.date(2026, 5, 31))
    role = StakeholderRole.objects.get(retracted_at=None)
    assert role.ends_on == dt.date(2026, 5, 31)
    assert StakeholderRole.objects.exclude(retracted_at=None).count() == 1
    assert contact.state_on < TODAY


def test_the_same_file_again_changes_nothing(account):
    file = [[*HEADER, "state"], ["A-1", "P-1", "水上", "隆", "m@c.example", "active"]]
    take_in("contacts", *file)
    assert counts(take_in("contacts", *file, at=LATER)) == (0, 0, 1, 0)


def test_every_fault_is_named_with_its_row_and_column(account):
    make_account(external_id="OTHER", team=account.team)
    make_contact(account=account, external_id="P-0", email="taken@c.example")
    run = take_in(
        "contacts",
        HEADER,
        ["", "", "名無し", "", ""],
        ["NO", "", "谷", "", ""],
        ["OTHER", "P-0", "谷", "", ""],
        ["A-1", "", "", "", ""],
        ["A-1", "P-1", "谷", "", "taken@c.example"],
        ["A-1", "P-2", "谷", "", "x@c.example"],
        ["A-1", "P-2", "川", "", ""],
        ["A-1", "", "川", "", "X@c.example"],
        ["A-1", "", "川", "", "not an address"],
    )
    assert counts(run)[0] == 1
    assert faults(run) == [
        (2, "account_external_id", "required"),
        (3, "account_external_id", "unknown_account"),
        (4, "account_external_id", "foreign"),
        (5, "family_name", "nameless"),
        (6, "email", "email_taken"),
        (8, "external_id", "duplicate"),
        (9, "email", "duplicate"),
        (10, "email", "mail"),
    ]


def test_people_of_accounts_out_of_reach_do_not_exist(account):
    make_account(external_id="FAR", team=make_team())
    run = take_in("contacts", HEADER, ["FAR", "P-1", "谷", "", ""], by=make_user(team=account.team))
    assert faults(run) == [(2, "account_external_id", "unknown_account")]
    assert not Contact.objects.exists()


def test_a_thousand_rows_take_as_many_statements_as_ten(account):
    def rows(prefix: str, count: int) -> list[list[str]]:
        return [["A-1", f"{prefix}{n}", "谷", "", f"{prefix}{n}@c.example"] for n in range(count)]

    statements("contacts", HEADER, *rows("w", 2))
    few = statements("contacts", HEADER, *rows("a", 10))
    assert statements("contacts", HEADER, *rows("b", 1000)) == few


def test_the_id_of_a_merged_account_leads_to_the_one_that_stayed(account):
    stayed = make_account(external_id="A-2", team=account.team)
    person = make_contact(account=account, external_id="P-1", email="m@c.example")
    merge_accounts(source=account, into=stayed, at=AT)

    run = take_in("contacts", HEADER, ["A-1", "P-1", "谷", "", ""], ["A-1", "P-2", "次", "", ""])

    assert counts(run) == (1, 1, 0, 0)
    person.refresh_from_db()
    assert (person.account, person.family_name) == (stayed, "谷")
    assert Contact.objects.get(external_id="P-2").account == stayed


def test_a_bad_mail_address_is_the_only_fault_of_a_contact_without_a_name(account):
    run = take_in("contacts", ["account_external_id", "email"], [account.external_id, "no mail"])

    assert faults(run) == [(2, "email", "mail")]
