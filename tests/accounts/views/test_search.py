import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.names import fold_for_search
from accounts.models import AccessPolicy, Account, AccountDomain, Contact, SavedView
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def member(client, team):
    client.force_login(make_user(team=team, email="me@yorisoi.test"))
    return client


def company(team, name, kana=""):
    known = f"{fold_for_search(name)}\n{fold_for_search(kana)}"
    return make_account(team=team, name=name, name_kana=kana, search_text=known)


def person(account, family, given, kana=""):
    return make_contact(
        account=account,
        family_name=family,
        given_name=given,
        family_kana=kana,
        search_text=f"{family}{given}\n{fold_for_search(kana)}",
    )


def found(client, text, **more):
    sections = client.get("/search/", {"q": text, **more}).context["sections"]
    return {section.key: [one.label for one in section.findings] for section in sections}


def options(client, text="", here=""):
    return found(client, text, part="options", here=here)


@pytest.mark.parametrize("text", ["青嶺", "あおみね", "アオミネ", "ｱｵﾐﾈ", "aomine", "ＡＯＭＩＮＥ"])
def test_an_account_is_found_by_kanji_kana_romaji_and_any_width(member, team, text):
    company(team, "青嶺精機", "アオミネセイキ")
    company(team, "別会社", "ベツガイシャ")

    assert found(member, text) == {"accounts": ["青嶺精機"]}


def test_people_are_found_beside_accounts_and_out_of_sight_is_not(member, team):
    account = company(team, "佐伯商事", "サエキショウジ")
    person(account, "佐伯", "直美", "サエキ")
    foreign = company(make_team(), "佐伯工業", "サエキコウギョウ")
    person(foreign, "佐伯", "健", "サエキ")

    assert found(member, "saeki") == {"accounts": ["佐伯商事"], "people": ["佐伯 直美"]}


def test_who_may_see_no_contacts_finds_none(member, team):
    AccessPolicy.objects.create(
        role="member", kind="contact", read_scope="none", write_scope="none"
    )
    person(company(team, "甲"), "佐伯", "直美")

    assert found(member, "佐伯") == {}


@pytest.mark.parametrize("text", ["契約", "contract"])
def test_pages_answer_to_their_names_in_both_languages(member, text):
    assert "Contracts" in options(member, text)["pages"]


def test_actions_and_saved_views_are_found_by_name(member):
    user = member.get("/search/").wsgi_request.user
    SavedView.objects.create(
        list_key="tickets", name="重い問い合わせ", owner=user, query="priority=high"
    )

    assert options(member, "重い")["pages"] == ["重い問い合わせ"]
    assert options(member, "log a")["actions"] == ["Log a touchpoint"]


def test_the_account_on_screen_comes_first_with_what_can_be_done_there(member, team):
    account = company(team, "青嶺精機", "アオミネセイキ")
    person(account, "瀬戸", "薫", "セト")
    other = company(team, "青嶺電機", "アオミネデンキ")

    sections = member.get(f"/search/?part=options&here={account.pk}").context["sections"]
    asked = options(member, "青嶺", here=account.pk)

    assert [section.key for section in sections][:2] == ["here", "people"]
    assert [one.label for one in sections[0].findings] == [
        "青嶺精機",
        "Log a touchpoint",
        "New task",
    ]
    assert f"account={account.pk}" in sections[0].findings[1].href
    assert (asked["here"], asked["accounts"]) == (["青嶺精機"], [other.name])


def test_an_account_out_of_sight_is_not_on_screen(member):
    hidden = company(make_team(), "内緒")

    assert "here" not in options(member, here=hidden.pk)


@pytest.mark.parametrize(
    "query", ["q=%00", "part=options&here=x", "part=options&here=9" + "9" * 30]
)
def test_odd_questions_are_answered(member, query):
    assert member.get(f"/search/?{query}").status_code == 200


@pytest.mark.parametrize("number", [1, 7])
def test_the_same_queries_for_one_and_for_seven_findings(
    member, team, django_assert_max_num_queries, number
):
    for _ in range(number):
        account = company(team, "青嶺")
        person(account, "青嶺", "隆")

    with django_assert_max_num_queries(10):
        member.get(f"/search/?q=青嶺&part=options&here={account.pk}")


NUMBER = "7000012050002"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"T{NUMBER}",
        f"t{NUMBER}",
        "7-0000-1205-0002",
        "７０００ ０１２０ ５０００２",
        "Ｔ" + NUMBER,
    ],
)
def test_an_account_is_found_by_its_corporate_number_however_typed(member, api, team, text):
    Account.objects.filter(pk=company(team, "国税庁").pk).update(corporate_number=NUMBER)
    company(team, "別会社")
    foreign = company(make_team(), "見えない会社")
    Account.objects.filter(pk=foreign.pk).update(corporate_number=NUMBER)

    assert found(member, text) == {"accounts": ["国税庁"]}
    listed = member.get("/accounts/", {"q": text}).text
    assert "国税庁" in listed
    assert "別会社" not in listed
    rows = api(make_user(team=team)).get("/api/v1/accounts/", {"search": text}).json()["results"]
    assert [row["name"] for row in rows] == ["国税庁"]


@pytest.mark.parametrize(
    "text",
    ["aomine.example", "www.aomine.example", "https://aomine.example/about", "taro@AOMINE.example"],
)
def test_an_account_is_found_by_its_domain(member, team, text):
    AccountDomain.objects.create(account=company(team, "青嶺精機"), domain="aomine.example")
    AccountDomain.objects.create(account=company(make_team(), "よそ"), domain="aomine.example")

    assert found(member, text) == {"accounts": ["青嶺精機"]}


@pytest.mark.parametrize(
    "text", ["03-1234-5678", "0312345678", "０３（１２３４）５６７８", "+81 3 1234 5678"]
)
@pytest.mark.parametrize(
    "phone", ["03-1234-5678", "(03) 1234-5678", "+81-3-1234-5678", "０３１２３４５６７８"]
)
def test_people_are_found_by_their_number_however_written(member, api, team, text, phone):
    account = company(team, "青嶺精機")
    Contact.objects.filter(pk=person(account, "佐伯", "直美").pk).update(phone=phone)
    Contact.objects.filter(pk=person(account, "森", "健").pk).update(phone="03-1234-5679")

    assert found(member, text) == {"people": ["佐伯 直美"]}
    rows = api(make_user(team=team)).get("/api/v1/contacts/", {"search": text}).json()["results"]
    assert [row["family_name"] for row in rows] == ["佐伯"]


def test_numbers_and_domains_are_looked_up_by_indexes(member, team):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    people = Contact.objects.search("03-1234-5678").order_by().explain()

    assert "accounts_contact_phone" in people
    assert "accounts_people" in people
    assert "Seq Scan" not in people


def test_a_search_by_number_costs_the_queries_of_one_by_name(member, team):
    counts = []
    for text in ("青嶺", NUMBER, "aomine.example", "03-1234-5678"):
        with CaptureQueriesContext(connection) as queries:
            member.get("/search/", {"q": text})
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
