"""Exports on the pages and over the API, as somebody uses them."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Export
from accounts.services.exports.runs import run_due_export
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db

LIST = reverse("accounts:export_list")
PASSWORD = "a sentence nobody guesses"


def confirm(client, user):
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    form = urlencode({"password": PASSWORD})
    kind = "application/x-www-form-urlencoded"  # also from a client that speaks JSON
    return client.post("/auth/reauthenticate/", form, content_type=kind)


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def user(client):
    user = make_user(team=make_team())
    confirm(client, user)
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
    confirm(client, make_user(role="administrator"))
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
    confirm(client, user)

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
    client = api(user)
    confirm(client, user)
    answer = client.post("/api/v1/exports/", {"source": "accounts", "format": "zip"})
    assert answer.status_code == 400


def test_a_question_that_can_not_be_kept_is_refused(client, user):
    answer = client.post(LIST, {"source": "accounts", "query": "q=\0", "format": "csv"})

    assert answer.status_code == 400
    assert not Export.objects.exists()


def test_who_has_not_just_confirmed_is_asked_and_then_the_export_begins_with_its_filters(
    client, user
):
    client.logout()
    client.force_login(user)
    asked = client.post(LIST, {"source": "contacts", "query": "q=a&sort=name", "format": "csv"})
    assert asked["Location"].startswith("/auth/reauthenticate/")
    assert not Export.objects.exists()

    begun = client.post(asked["Location"], {"password": PASSWORD, "next": LIST})

    export = Export.objects.get()
    assert begun["Location"] == reverse("accounts:export_detail", args=[export.pk])
    assert 'href="/contacts/?q=a&amp;sort=name"' in client.get(begun["Location"]).text
    run_due_export(at=app_now())
    client.logout()
    client.force_login(user)
    file = client.get(f"{begun['Location']}file/")
    assert file["Location"].startswith("/auth/reauthenticate/")


def test_who_signs_in_through_the_company_only_comes_back_to_the_list(client, user):
    user.set_unusable_password()
    user.save()
    client.logout()
    client.force_login(user)

    page = "http://testserver/contacts/?q=a"
    asked = client.post(LIST, {"source": "contacts", "format": "csv"}, headers={"referer": page})

    assert asked["Location"] == "/auth/again/?next=%2Fcontacts%2F%3Fq%3Da"


def test_over_rest_a_session_is_asked_and_a_token_of_the_scope_write_is_not(api, user):
    order = {"source": "accounts"}
    refused = api(user).post("/api/v1/exports/", order)
    token = create_api_token(user=user, name="w", scopes=["write"], at=app_now())
    headers = {"Authorization": f"Bearer {token.text}"}

    made = APIClient().post("/api/v1/exports/", order, headers=headers)

    assert (refused.status_code, refused.data["code"]) == (403, "confirmation_required")
    assert made.status_code == 202
    run_due_export(at=app_now())
    address = f"/api/v1/exports/{made.data['id']}/file/"
    assert api(user).get(address).status_code == 403
    assert APIClient().get(address, headers=headers).status_code == 200
