import pytest

from accounts.models import Account, AccountDomain, Contact
from accounts.selectors.duplicates import duplicate_pairs, likely_twins
from accounts.services.accounts import archive_account, create_account
from accounts.services.contacts import create_contact
from accounts.services.merges.duplicates import dismiss_duplicate, recall_dismissal
from tests.accounts.services.merges.books import AT
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
NUMBER, OTHER_NUMBER = "5835678256246", "7000012050002"


@pytest.fixture
def team(db):
    make_organisation()
    return make_team()


@pytest.fixture
def user(team):
    return make_user(team=team)


def account(team, name, **fields):
    return create_account(at=AT, name=name, team=team, **fields)


def found(user, kind="account", **more):
    pairs = duplicate_pairs(kind=kind, user=user, size=50, **more)
    return [(pair.low, pair.high, [str(reason) for reason in pair.reasons]) for pair in pairs]


def test_one_corporate_number_or_one_name_without_its_form_speaks_for_a_duplicate(team, user):
    one = account(team, "株式会社ひなた工業", corporate_number=NUMBER)
    other = account(team, "ひなた工業(株)", corporate_number=NUMBER)
    third = account(team, "ひなた 工業")

    assert found(user) == [
        (one, other, ["corporate_number", "name_key"]),
        (one, third, ["name_key"]),
        (other, third, ["name_key"]),
    ]
    assert found(user, reason="corporate_number") == [
        (one, other, ["corporate_number", "name_key"])
    ]


def test_different_corporate_numbers_decide_against(team, user):
    account(team, "株式会社ひなた工業", corporate_number=NUMBER)
    account(team, "ひなた工業(株)", corporate_number=OTHER_NUMBER)

    assert found(user) == []


def test_only_verified_domains_count(team, user):
    one, other, third = account(team, "A"), account(team, "B"), account(team, "C")
    for row, is_verified in ((one, True), (other, True), (third, False)):
        AccountDomain.objects.create(account=row, domain="a.example", is_verified=is_verified)

    assert found(user) == [(one, other, ["domain"])]


def test_what_was_called_two_stays_away_until_that_is_taken_back(team, user):
    one, other = account(team, "A"), account(team, "A KK")
    dismiss_duplicate(kind="account", one=other.pk, other=one.pk, at=AT, by=user)
    assert found(user) == []

    recall_dismissal(kind="account", one=one.pk, other=other.pk)
    assert len(found(user)) == 1


def test_neither_foreign_nor_archived_accounts_are_compared(team, user):
    account(team, "A")
    archive_account(account=account(team, "A KK"), at=AT)
    account(make_team(), "A LLC")

    assert found(user) == []


def test_pages_go_on_after_the_last_pair(team, user):
    rows = [account(team, f"A{form}") for form in ("", " KK", " LLC")]

    first = duplicate_pairs(kind="account", user=user, size=1)
    rest = duplicate_pairs(
        kind="account", user=user, after=(first[0].low.pk, first[0].high.pk), size=9
    )

    assert [(pair.low, pair.high) for pair in rest] == [(rows[0], rows[2]), (rows[1], rows[2])]


def test_people_meet_by_address_name_or_telephone(team, user):
    firm, elsewhere = account(team, "A"), account(team, "B")
    person = {"family_name": "水上", "given_name": "隆"}
    one = create_contact(account=firm, at=AT, email="m@a.example", phone="03-1234-5678", **person)
    same_mail = create_contact(account=elsewhere, at=AT, email="M@A.example", family_name="水上")
    same_name = create_contact(account=firm, at=AT, **person)
    same_phone = create_contact(
        account=elsewhere, at=AT, family_name="水上", given_name="T", phone="03 1234 5678"
    )
    create_contact(account=elsewhere, at=AT, family_name="田辺", phone="03-1234-5678")

    assert found(user, kind="contact") == [
        (one, same_mail, ["email"]),
        (one, same_name, ["name"]),
        (one, same_phone, ["phone"]),
    ]


def test_finding_takes_as_many_queries_for_many_as_for_few(team, user, django_assert_num_queries):
    for number in range(7):
        account(team, f"A{' KK' * (number % 2)}")
    found(user)

    with django_assert_num_queries(2):
        assert len(found(user)) == 21


def test_the_likely_twins_of_an_account_are_those_of_its_pairs(team, user):
    source = account(team, "株式会社ひなた工業", corporate_number=NUMBER)
    numbered = account(team, "日向工業", corporate_number=NUMBER)
    named, domained = account(team, "ひなた工業(株)"), account(team, "Hinata")
    for row in (source, domained):
        AccountDomain.objects.create(account=row, domain="h.example", is_verified=True)
    account(team, "ひなた工業", corporate_number=OTHER_NUMBER)
    account(team, "Hinata KK")

    twins = likely_twins(source, among=Account.objects.visible_to(user), size=50)

    assert twins == {numbered: ["corporate_number"], named: ["name_key"], domained: ["domain"]}
    assert likely_twins(source, among=Account.objects.none(), size=50) == {}


def test_the_likely_twins_of_a_person_work_at_the_same_account(team, user):
    here, elsewhere = account(team, "A"), account(team, "B")
    one, other, _ = (
        create_contact(account=place, family_name="林", given_name="恵", at=AT)
        for place in (here, here, elsewhere)
    )

    twins = likely_twins(one, among=Contact.objects.visible_to(user), size=50)

    assert twins == {other: ["name"]}
