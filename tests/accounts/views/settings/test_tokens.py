"""Keys to the API: shown once, made only by somebody who has just shown who they are."""

import re

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a sentence nobody guesses"
FORM = {"name": "BI", "scopes": ["read"], "days": 30}


@pytest.fixture
def person() -> User:
    user = make_user(username="saeki", language="en")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client) -> None:
    client.post("/auth/login/", {"login": "saeki", "password": PASSWORD})


def confirm(client: Client) -> None:
    client.post("/auth/reauthenticate/", {"password": PASSWORD})


def shown(page: str) -> str:
    return re.search(
        r'<textarea[^>]* id="token"[^>]* readonly data-copy="Copy"[^>]*>([^<]+)<', page
    )[1]


def test_making_a_token_asks_once_more_who_it_is(client: Client, person: User) -> None:
    sign_in(client)
    assert "/auth/reauthenticate/" in client.get("/settings/tokens/new/")["Location"]
    assert "/auth/reauthenticate/" in client.post("/settings/tokens/new/", FORM)["Location"]
    assert not ApiToken.objects.exists()


def test_a_token_is_shown_once_and_opens_the_api(client: Client, person: User) -> None:
    sign_in(client)
    confirm(client)
    page = client.post("/settings/tokens/new/", FORM).content.decode()
    text = shown(page)
    bearer = {"authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/accounts/", headers=bearer).status_code == 200
    assert text not in client.get("/settings/tokens/").content.decode()


def test_a_revoked_token_opens_nothing(client: Client, person: User) -> None:
    sign_in(client)
    confirm(client)
    page = client.post("/settings/tokens/new/", FORM).content.decode()
    text = shown(page)

    client.post(f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/")

    bearer = {"authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/accounts/", headers=bearer).status_code == 401


def test_revoking_a_token_asks_first(client: Client, person: User) -> None:
    sign_in(client)
    confirm(client)
    client.post("/settings/tokens/new/", FORM)
    address = f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/"
    listed = client.get("/settings/tokens/").content.decode()
    assert f'href="{address}"' in listed
    assert f'action="{address}"' not in listed

    assert "It can&#x27;t be undone." in client.get(address).content.decode()
    assert ApiToken.objects.get().revoked_at is None


def test_nobody_revokes_the_token_of_another(client: Client, person: User) -> None:
    sign_in(client)
    confirm(client)
    client.post("/settings/tokens/new/", FORM)
    other = Client()
    other.force_login(make_user())
    token = ApiToken.objects.get()
    assert other.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_who_signs_in_through_the_company_only_must_have_done_so_recently(
    client: Client, person: User
) -> None:
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    answer = client.get("/settings/tokens/new/")
    assert answer["Location"] == "/auth/again/?next=%2Fsettings%2Ftokens%2Fnew%2F"
    assert client.get(answer["Location"]).status_code == 200
