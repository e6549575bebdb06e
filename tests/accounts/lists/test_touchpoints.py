import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.names import fold_for_search
from accounts.models import AccessPolicy, AccountShare
from accounts.querysets import talks
from tests.accounts.services.exports.files import csv_rows, export_now
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db


def folded(text):
    return {"search_text": fold_for_search(text)}


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def reader(team):
    return make_user(team=team)


@pytest.fixture
def found(client, api, reader):
    """Return how many talks page and interface find; both say the same."""
    client.force_login(reader)

    def ask(words):
        page = {row.record.pk for row in client.get("/touchpoints/", {"q": words}).context["rows"]}
        shown = api(reader).get("/api/v1/touchpoints/", {"search": words}).json()["results"]
        assert {row["id"] for row in shown} == page
        return page

    return ask


@pytest.mark.parametrize("words", ["Helios", "ＨＥＬＩＯＳ", "セイキ", "ｾｲｷ", "青嶺", "青 helios"])
def test_a_talk_is_found_by_the_name_of_its_account(found, team, words):
    talk = make_touchpoint(account=make_account(team=team, **folded("青嶺せいき Helios Ltd")))
    make_touchpoint(account=make_account(team=team))

    assert found(words) == {talk.pk}


@pytest.mark.parametrize("column", ["subject", "purpose", "decisions"])
@pytest.mark.parametrize("words", ["ライセンス", "ﾗｲｾﾝｽ", "らいせんす", "増設", "API 増設", "設"])
def test_a_talk_is_found_by_what_it_says(found, team, column, words):
    account = make_account(team=team)
    talk = make_touchpoint(account=account, **{column: "ＡＰＩライセンス増設の件"})
    make_touchpoint(account=account)

    assert found(words) == {talk.pk}


@pytest.mark.parametrize("words", ["水上", "ミズカミ", "佐伯", "naoto saeki", "水上 佐伯"])
def test_a_talk_is_found_by_who_was_there(found, team, words):
    account = make_account(team=team)
    talk, _ = make_touchpoint(account=account), make_touchpoint(account=account)
    talk.contacts.add(make_contact(account=account, **folded("水上 隆 みずかみ たかし")))
    talk.users.add(
        make_user(family_name="佐伯", family_name_latin="Saeki", given_name_latin="Naoto")
    )

    assert found(words) == {talk.pk}


def test_every_word_must_occur(found, team):
    make_touchpoint(account=make_account(team=team, **folded("青嶺")), subject="更新の相談")

    assert len(found("青嶺 更新")) == 1
    assert found("青嶺 解約") == set()


def test_what_was_corrected_or_taken_back_is_not_found(found, team):
    account = make_account(team=team)
    make_touchpoint(account=account, subject="更新", retracted_at="2026-06-02T00:00Z")

    assert found("更新") == set()


def test_talks_of_other_teams_and_drafts_of_others_are_not_found(found, team):
    make_touchpoint(account=make_account(), subject="更新の相談")
    make_touchpoint(account=make_account(team=team), subject="更新の相談", is_draft=True)

    assert found("更新") == set()


def test_text_that_may_not_be_read_can_not_be_asked_for(found, team):
    for kind, scope in (("touchpoint", "all"), ("touchpoint_body", "own_team")):
        AccessPolicy.objects.create(role="member", kind=kind, read_scope=scope, write_scope="none")
    other = make_touchpoint(account=make_account(), subject="定例", decisions="解約したい")
    own = make_touchpoint(account=make_account(team=team), subject="定例", decisions="解約しない")

    assert found("解約") == {own.pk}
    assert found("定例") == {own.pk, other.pk}


TEXTS = ("purpose", "body", "decisions", "todos")


def test_text_that_may_not_be_read_stands_neither_in_the_list_nor_in_its_file(
    client, reader, team, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    for kind, scope in (("touchpoint", "all"), ("touchpoint_body", "own_team")):
        AccessPolicy.objects.create(role="member", kind=kind, read_scope=scope, write_scope="none")
    for account, whose in ((make_account(), "foreign"), (make_account(team=team), "own")):
        said = {name: f"{whose} {name}" for name in TEXTS[:3]}
        make_touchpoint(account=account, **said).todos.create(side="ours", text=f"{whose} todos")
    client.force_login(reader)
    query = f"columns={','.join(TEXTS)}"

    page = client.get(f"/touchpoints/?{query}").content.decode()
    file = csv_rows(export_now(reader, source="touchpoints", query=query, header="keys"))

    for text in (page, str(file)):
        assert all(f"own {name}" in text for name in TEXTS)
        assert not any(f"foreign {name}" in text for name in TEXTS)


def test_a_long_text_is_shown_by_its_beginning(client, reader, team):
    make_touchpoint(account=make_account(team=team), body="長い" * 400)
    client.force_login(reader)

    page = client.get("/touchpoints/?columns=body").content.decode()

    assert 50 <= page.count("長い") <= 60


def test_people_and_accounts_the_reader_does_not_see_are_not_told_by_asking(found, team):
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="all", write_scope="none"
    )
    account = make_account(**folded("よその会社"))
    talk = make_touchpoint(account=account)
    talk.contacts.add(make_contact(account=account, **folded("水上 隆")))

    assert found("よその会社") == set()
    assert found("水上") == set()


def test_a_shared_account_is_searched_without_the_notes_of_its_team(found, reader):
    account = make_account()
    AccountShare.objects.create(account=account, user=reader)
    talk = make_touchpoint(account=account, subject="更新の相談")
    make_touchpoint(account=account, subject="更新の内輪話", visibility="team")

    assert found("更新") == {talk.pk}


def test_the_page_asks_as_much_for_three_words_as_for_one(client, reader, team):
    account = make_account(team=team)
    for _ in range(7):
        make_touchpoint(account=account, subject="更新の相談 API")
    client.force_login(reader)
    client.get("/touchpoints/")
    counts = []
    for words in ("更新", "更新 相談 api"):
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/touchpoints/", {"q": words}).context["rows"]) == 7
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("many", [0, 2, 99])
@pytest.mark.parametrize("words", ["更新", "更新 相談", "更新 helios", "相談 見積"])
def test_common_words_find_what_rare_ones_would(client, team, monkeypatch, many, words):
    """A word that many talks hold is walked from the newest: the same rows in the same order."""
    monkeypatch.setattr(talks, "MANY", many)
    helios = make_account(team=team, **folded("ヘリオス helios"))
    for account in (helios, make_account(team=team)):
        for subject in ("更新の相談", "更新 見積", "相談"):
            make_touchpoint(account=account, subject=subject)
    make_touchpoint(account=helios, subject="更新の相談", is_draft=True)
    client.force_login(make_user(role="administrator"))

    shown = [row.record for row in client.get("/touchpoints/", {"q": words}).context["rows"]]

    assert [(talk.account_id, talk.subject) for talk in shown if talk.is_draft] == []
    assert shown == sorted(shown, key=lambda talk: (talk.occurred_at, talk.pk), reverse=True)
    names = [f"{talk.subject} {'helios' if talk.account_id == helios.pk else ''}" for talk in shown]
    assert all(word in name for name in names for word in words.split())
    assert len(shown) == {"更新": 4, "更新 相談": 2, "更新 helios": 2, "相談 見積": 0}[words]
