import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Contact, SeniorityWords
from accounts.selectors.seniority import LevelOfTitle, seniority_of
from accounts.services.seniority import BadTitleWords, add_title_word, write_seniority
from tests.accounts.domain.test_seniority import TITLES
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
PAGE = "/settings/titles/"


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team, role="administrator"))
    return team


@pytest.fixture
def contact(team):
    return make_contact(account=make_account(team=team), title="課長")


def test_statements_say_the_same_as_pages(contact):
    for title in [title for ones in TITLES.values() for title in ones]:
        Contact.objects.update(title=title)
        row = Contact.objects.annotate(level=LevelOfTitle("title")).get()
        assert (row.level or "") == seniority_of(title), title


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.sampled_from([*"部課長代理副 aAvVpPーマネ社", "head of", "CEO"]), max_size=6))
def test_statements_say_the_same_of_any_title(contact, parts):
    Contact.objects.update(title="".join(parts))
    row = Contact.objects.annotate(level=LevelOfTitle("title")).get()
    assert (row.level or "") == seniority_of(row.title)


def test_contacts_are_listed_by_level_and_show_it(client, contact):
    make_contact(account=contact.account, title="部長")

    page = client.get("/contacts/?seniority=manager&columns=name,seniority")
    person = client.get(f"/contacts/{contact.pk}/").content.decode()

    assert [row.pk for row in page.context["page"].rows] == [contact.pk]
    assert "Manager level" in page.content.decode()
    assert "Manager level" in person


def test_the_api_tells_the_level(api, contact, team):
    reader = api(make_user(team=team, role="member"))

    assert reader.get(f"/api/v1/contacts/{contact.pk}/").data["seniority"] == "manager"


def test_a_title_without_a_level_is_given_one(client, contact):
    Contact.objects.update(title="ファブリーダー長老")
    SeniorityWords.objects.create(level="lead", words=[])
    assert "長老" in client.get(PAGE).content.decode()

    client.post(f"{PAGE}add/", {"word": "ファブリーダー長老", "level": "lead"})

    assert SeniorityWords.objects.get().words == ["ファブリーダー長老"]
    assert seniority_of("ファブリーダー長老") == "lead"
    assert client.post(f"{PAGE}add/", {"word": "x", "level": "emperor"}).status_code == 400


def test_words_are_edited_and_what_is_as_shipped_is_not_stored(client, team):
    shown = client.get(f"{PAGE}edit/").context["form"]
    values = {name: shown[name].value() for name in shown.fields}

    client.post(f"{PAGE}edit/", {**values, "officer": "顧問、相談役\n取締役"})

    assert [(row.level, row.words) for row in SeniorityWords.objects.all()] == [
        ("officer", ["顧問", "相談役", "取締役"])
    ]
    client.post(f"{PAGE}edit/", values)
    assert not SeniorityWords.objects.exists()


def test_only_administrators_change_them(client, team):
    client.force_login(make_user(team=team, role="member"))

    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}edit/").status_code == 403
    assert client.post(f"{PAGE}add/", {"word": "x", "level": "lead"}).status_code == 403


def test_as_many_words_as_may_be_kept_are_read_by_the_database(client, contact):
    kanji = [chr(0x4E00 + n) for n in range(4_200)]
    words = ["".join(kanji[n : n + 7]) for n in range(0, len(kanji), 7)]

    def found():
        return [row.pk for row in client.get("/contacts/?seniority=manager").context["page"].rows]

    def add_all():
        for word in words:
            add_title_word(word=f"{word}室長", level="director")

    write_seniority(words={"lead": words[:300], "staff": [*words[300:], "VP", "vp長"]})

    assert found() == [contact.pk]
    with pytest.raises(BadTitleWords):
        write_seniority(words={"manager": [f"{one}課長" for one in words]})
    with pytest.raises(BadTitleWords):
        add_all()
    assert found() == [contact.pk]


@pytest.mark.parametrize("word", ["a(b", "a|b", "[x]", "a{3}", "^", "*", "a-b", "%s", "\U0001f600"])
def test_signs_in_a_word_are_signs(client, contact, word):
    Contact.objects.update(title=f"x {word} y")

    client.post(f"{PAGE}add/", {"word": word, "level": "lead"})

    row = Contact.objects.annotate(level=LevelOfTitle("title")).get()
    assert row.level == seniority_of(row.title) == "lead"
