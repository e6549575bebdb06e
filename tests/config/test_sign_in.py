"""Signing in: by address or name, with a second step, and never by signing up."""

import re

import pytest
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import User
from accounts.services.tokens import create_api_token
from accounts.services.users import LastAdministrator, update_user
from config.adapter import MfaAdapter
from config.lib.clock import app_now
from tests.factories import make_user
from tests.threads import at_once

pytestmark = pytest.mark.django_db
PASSWORD = "a sentence nobody guesses"


@pytest.fixture
def person() -> User:
    user = make_user(username="saeki", email="saeki@harukaze.example", language="en")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post("/auth/login/", {"login": login, "password": password, **more})


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.parametrize("login", ["saeki", "saeki@harukaze.example", "SAEKI@harukaze.example"])
def test_a_person_signs_in_by_name_or_address(client: Client, person: User, login: str) -> None:
    assert sign_in(client, login)["Location"] == "/"
    assert client.get("/menu/").status_code == 200


def test_who_comes_back_signs_in_anew_on_every_device(client: Client, person: User) -> None:
    sign_in(client, "saeki")
    assert client.get("/menu/").status_code == 200

    update_user(user=person, changes={"is_active": False}, at=app_now())
    assert client.get("/menu/").status_code == 302
    update_user(user=person, changes={"is_active": True}, at=app_now())

    assert client.get("/menu/").status_code == 302
    assert not UserSession.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_lets_in_once_however_many_send_it(person: User) -> None:
    Authenticator.objects.create(
        user=person, type="totp", data={"secret": MfaAdapter().encrypt(generate_totp_secret())}
    )
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    clients = [Client() for _number in range(4)]
    for one in clients:
        sign_in(one, "saeki")

    at_once(
        [lambda c=one: c.post("/auth/two-step/authenticate/", {"code": code}) for one in clients],
        refused=KeyError,
    )

    assert [one.get("/menu/").status_code for one in clients].count(200) == 1


@pytest.mark.django_db(transaction=True)
def test_two_second_steps_removed_at_once_leave_no_codes_behind(person: User) -> None:
    request = RequestFactory().get("/")
    request.user = person
    for _round in range(4):
        keys = [
            Authenticator.objects.create(user=person, type="totp", data={}),
            Authenticator.objects.create(user=person, type="webauthn", data={}),
        ]
        RecoveryCodes.activate(person)

        calls = [lambda key=key: delete_and_cleanup(request, key) for key in keys]

        assert at_once(calls, refused=KeyError) == ["done", "done"]
        assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "changes",
    [
        [{"role": "member"}, {"role": "member"}],
        [{"is_active": False}, {"is_active": False}],
        [{"role": "viewer"}, {"is_active": False}],
    ],
)
def test_two_administrators_who_let_each_other_go_leave_one(changes) -> None:
    for _round in range(4):
        User.objects.all().delete()
        one, other = (make_user(role="administrator") for _number in range(2))
        calls = [
            lambda user=user, change=change: update_user(user=user, changes=change, at=app_now())
            for user, change in zip((one, other), changes, strict=True)
        ]

        assert sorted(at_once(calls, refused=LastAdministrator)) == ["done", "refused"]


def test_a_wrong_password_is_refused_and_the_name_is_kept(client: Client, person: User) -> None:
    response = sign_in(client, "saeki", "wrong")
    assert 'role="alert"' in response.content.decode()
    assert 'value="saeki"' in response.content.decode()
    assert client.get("/menu/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    form = {"email": "new@x.example", "username": "new", "password1": PASSWORD}
    assert "administrator" in client.get("/auth/signup/").content.decode()
    client.post("/auth/signup/", form)
    assert not User.objects.filter(username="new").exists()


def test_guessing_a_password_is_slowed_down(client: Client, person: User) -> None:
    for _ in range(6):
        sign_in(client, "saeki", "wrong")
    assert "Location" not in sign_in(client, "saeki").headers


def test_a_second_step_is_set_up_asked_for_and_checked(client: Client, person: User) -> None:
    sign_in(client, "saeki")
    assert "/auth/reauthenticate/" in client.get("/auth/two-step/totp/activate/")["Location"]
    client.post("/auth/reauthenticate/", {"password": PASSWORD})
    page = client.get("/auth/two-step/totp/activate/").content.decode()
    secret = re.search(r">([A-Z2-7]{16,})</p>", page)[1]
    answer = client.post("/auth/two-step/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/auth/two-step/recovery-codes/"
    codes = re.findall(r"<li>([0-9a-f]{8})</li>", client.get(answer["Location"]).content.decode())
    assert len(codes) == 10
    assert secret not in str(Authenticator.objects.get(type="totp").data)

    client.post("/auth/logout/")
    assert sign_in(client, "saeki")["Location"].startswith("/auth/two-step/authenticate/")
    assert client.get("/menu/").status_code == 302
    wrong = client.post("/auth/two-step/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    client.post("/auth/two-step/authenticate/", {"code": codes[0]})
    assert client.get("/menu/").status_code == 200


@pytest.mark.parametrize("path", ["", "generate/"])
def test_without_a_second_step_recovery_codes_lead_to_its_set_up(
    client: Client, person: User, path: str
) -> None:
    sign_in(client, "saeki")
    answer = client.get(f"/auth/two-step/recovery-codes/{path}", follow=True)
    assert answer.redirect_chain[-1][0] == "/auth/two-step/"
    assert "set up one first" in answer.content.decode()
    assert client.post("/auth/two-step/recovery-codes/generate/")["Location"] == "/auth/two-step/"
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_behind_the_sign_in(client: Client) -> None:
    for path in ("", "generate/"):
        answer = client.get(f"/auth/two-step/recovery-codes/{path}")
        assert answer["Location"].startswith("/auth/login/")


def test_a_wrong_code_is_listed_by_the_word_of_its_field(client: Client, person: User) -> None:
    User.objects.update(language="ja")
    sign_in(client, "saeki")
    client.post("/auth/reauthenticate/", {"password": PASSWORD})
    client.get("/auth/two-step/totp/activate/")

    page = client.post("/auth/two-step/totp/activate/", {"code": "0"}).content.decode()

    assert re.search(r'<a class="y-link" href="#id_code">コード</a>', page)
    assert "Authenticator code" not in page


def test_a_forgotten_password_is_replaced_through_the_mail(client: Client, person: User) -> None:
    client.post("/auth/password/reset/", {"email": "saeki@harukaze.example"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    new = "another long sentence"
    client.post(form, {"password1": new, "password2": new})
    assert sign_in(client, "saeki", new)["Location"] == "/"


def test_asking_for_an_unknown_address_looks_the_same_and_mails_nobody(client: Client) -> None:
    answer = client.post("/auth/password/reset/", {"email": "nobody@x.example"})
    assert answer["Location"] == "/auth/password/reset/done/"
    assert mail.outbox == []


@pytest.mark.parametrize(
    "path",
    [
        "/auth/password/change/",
        "/auth/two-step/",
        "/auth/logout/",
        "/auth/inactive/",
        "/auth/password/reset/",
        "/auth/password/reset/done/",
        "/auth/password/reset/key/done/",
        "/auth/password/reset/key/a-b/",
        "/auth/signup/",
        "/menu/",
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_signing_in_is_made_in_both_languages(
    client: Client, person: User, path: str, language: str
) -> None:
    User.objects.update(language=language)
    if "reset" not in path and "signup" not in path:
        client.force_login(person)
    page = client.get(path, headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}"' in page
    assert "<c-" not in page
    title = re.search(r"<h1[^>]*>(.*?)</h1>", page)[1]
    assert title.isascii() == (language == "en")


def test_the_devices_are_listed_and_the_others_signed_out(client: Client, person: User) -> None:
    other = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/133.0"})
    sign_in(other, "saeki")
    sign_in(client, "saeki")
    assert "Firefox, Windows" in client.get("/auth/devices/").content.decode()

    client.post("/auth/devices/")

    assert other.get("/menu/").status_code == 302
    assert client.get("/menu/").status_code == 200


def test_who_is_made_inactive_is_out_at_the_next_request(client: Client, person: User) -> None:
    sign_in(client, "saeki")
    make_user(role="administrator")
    token = create_api_token(user=person, name="test", at=app_now()).text
    bearer = {"authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/accounts/", headers=bearer).status_code == 200

    update_user(user=person, changes={"is_active": False}, at=app_now())

    assert client.get("/menu/").status_code == 302
    assert Client().get("/api/v1/accounts/", headers=bearer).status_code == 401
    assert "/auth/inactive/" in sign_in(client, "saeki").headers.get("Location", "/auth/inactive/")
    assert client.get("/menu/").status_code == 302


def test_a_wrong_present_password_is_named_once_and_the_same_everywhere(client, person):
    client.force_login(person)
    data = {
        "oldpassword": "wrong",
        "password1": "another sentence",
        "password2": "another sentence",
    }

    page = client.post("/auth/password/change/", data).content.decode()

    assert page.count("Present password") == 2  # the list of errors, and the label
    assert "Current Password" not in page


@pytest.mark.parametrize(("language", "name"), [("en", "Passkey 1"), ("ja", "パスキー1")])
def test_a_passkey_is_offered_a_plain_name(db, language, name):
    user = make_user()

    with translation.override(language):
        assert MfaAdapter().generate_authenticator_name(user, "webauthn") == name


def test_a_refused_sign_in_is_worded_as_its_form_is(client):
    make_user(username="aki", email="aki@harukaze.example")
    for name in ("aki", "aki@harukaze.example", "nobody"):
        page = client.post(
            "/auth/login/",
            {"login": name, "password": "wrong"},
            headers={"accept-language": "ja"},
        ).content.decode()
        assert "メールアドレス、ユーザー名またはパスワードが正しくありません。" in page
