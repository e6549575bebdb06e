"""Exports on the pages and over the API, as somebody uses them."""

import pytest
from django.urls import reverse

from accounts.models import Export
from accounts.services.exports.runs import run_due_export
from config.lib.clock import app_now
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db

LIST = reverse("accounts:export_list")


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def user(client):
    user = make_user(team=make_team())
    client.force_login(user)
    return user


def test_the_button_of_the_account_list_makes_a_file_to_fetch(client, user):
    make_account(team=user.teams.get(), name="青嶺精機", tier="a")
    make_account(team=user.teams.get(), name="ほか", tier="b")
    assert 'name="query" value="tier=a"' in client.get("/accounts/?tier=a").content.decode()

    answer = client.post(LIST, {"source": "accounts", "query": "tier=a", "format": "csv"})

    assert "being made" in client.get(answer.url).content.decode()
    run_due_export(at=app_now())
    assert "The file is ready" in client.get(answer.url).content.decode()
    assert "accounts-" in client.get(LIST).content.decode()
    file = client.get(f"{answer.url}file/")
    assert "attachment" in file["Content-Disposition"]
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert "青嶺精機" in text
    assert "ほか" not in text


def test_others_never_get_the_file_but_administrators_do(client, user):
    answer = client.post(LIST, {"source": "accounts", "format": "xlsx"})
    run_due_export(at=app_now())

    client.force_login(make_user(team=user.teams.get(), role="manager"))
    assert client.get(f"{answer.url}file/").status_code == 404
    assert client.get(LIST).content.decode().count("accounts-") == 0
    client.force_login(make_user(role="administrator"))
    assert client.get(f"{answer.url}file/").status_code == 200


def test_a_file_can_be_deleted_before_its_time(client, user):
    answer = client.post(LIST, {"source": "accounts", "format": "csv"})
    run_due_export(at=app_now())

    client.post(f"{answer.url}delete/")

    assert client.get(f"{answer.url}file/").status_code == 404
    assert "kept no longer" in client.get(answer.url).content.decode()


def test_a_list_that_is_not_there_is_not_found(client, user):
    assert client.post(LIST, {"source": "secrets", "format": "csv"}).status_code == 404


def test_the_api_answers_before_the_file_is_made_and_hands_it_out_after(api, user):
    make_account(team=user.teams.get(), external_id="A-1")
    client = api(user)

    made = client.post("/api/v1/exports/", {"source": "accounts", "query": "columns=tier"})

    assert made.status_code == 202, made.data
    address = f"/api/v1/exports/{made.data['id']}/"
    assert client.get(f"{address}file/").status_code == 404
    run_due_export(at=app_now())
    assert client.get(address).data["state"] == "done"
    text = b"".join(client.get(f"{address}file/").streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "external_id,name,tier"
    assert Export.objects.get().rows == 1


def test_the_api_refuses_formats_there_are_not(api, user):
    answer = api(user).post("/api/v1/exports/", {"source": "accounts", "format": "zip"})
    assert answer.status_code == 400


def test_a_question_that_can_not_be_kept_is_refused(client, user):
    answer = client.post(LIST, {"source": "accounts", "query": "q=\0", "format": "csv"})

    assert answer.status_code == 400
    assert not Export.objects.exists()
