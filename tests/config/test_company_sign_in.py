"""Sign-in through a real OpenID provider: issuer and subject say who it is, never the address."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import environ
import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.test import Client, RequestFactory

from accounts.models import User
from config.lib.clock import app_now
from config.oidc import CompanySignInAdapter
from config.settings.oidc import oidc_apps, oidc_origins
from tests.factories import make_user
from tests.identity_provider import IdentityProvider
from tests.live import free_port
from tests.threads import at_once

pytestmark = pytest.mark.django_db
PASSWORD = "a sentence nobody guesses"
CALLBACK = "http://testserver/auth/oidc/company/login/callback/"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with IdentityProvider(port=free_port(), callback=CALLBACK) as running:
        yield running


@pytest.fixture(autouse=True)
def company(settings, provider: IdentityProvider) -> None:
    environment = environ.Env()
    environment.ENVIRON = {
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": "yorisoi",
        "OIDC_CLIENT_SECRET": "known to both",
        "OIDC_NAME": "Harukaze ID",
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": oidc_apps(environment), "OAUTH_PKCE_ENABLED": True}
    }
    assert oidc_origins(environment) == [provider.issuer]


@pytest.fixture
def saeki() -> User:
    user = make_user(username="naoto", email="saeki@harukaze.example", language="en")
    user.set_password(PASSWORD)
    user.save()
    return user


def come_back(client: Client, provider: IdentityProvider, *, login: str, process: str = "login"):
    away = client.post(f"/auth/oidc/company/login/?process={process}")
    assert away["Location"].startswith(provider.issuer)
    back = urlsplit(provider.sign_in(away["Location"], login=login))
    return client.get(f"{back.path}?{back.query}")


def is_signed_in(client: Client) -> bool:
    return client.get("/menu/").status_code == 200


def connect(client: Client, provider: IdentityProvider, user: User, *, login: str):
    client.post("/auth/login/", {"login": user.username, "password": PASSWORD})
    client.post("/auth/reauthenticate/", {"password": PASSWORD})
    return come_back(client, provider, login=login, process="connect")


def test_the_sign_in_page_offers_the_company(client: Client) -> None:
    page = client.get("/auth/login/", headers={"accept-language": "en"}).content.decode()
    assert "Sign in through Harukaze ID" in page


def test_an_unknown_subject_is_refused_even_with_the_address_of_a_user(
    client: Client, provider: IdentityProvider, saeki: User
) -> None:
    answer = come_back(client, provider, login="saeki")
    assert answer.status_code == 403
    assert "Harukaze ID" in answer.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_a_person_connects_once_and_then_signs_in_through_the_company(
    client: Client, provider: IdentityProvider, saeki: User
) -> None:
    connect(client, provider, saeki, login="saeki")
    tie = SocialAccount.objects.get()
    assert tie.user == saeki
    assert "saeki" not in tie.uid
    client.post("/auth/logout/")

    assert come_back(client, provider, login="saeki")["Location"] == "/"
    assert is_signed_in(client)


def test_a_subject_of_one_person_never_becomes_another_ones(
    client: Client, provider: IdentityProvider, saeki: User
) -> None:
    connect(client, provider, saeki, login="saeki")
    other = Client()
    mori = make_user(username="mori2", email="mori2@harukaze.example")
    mori.set_password(PASSWORD)
    mori.save()

    connect(other, provider, mori, login="saeki")

    assert [tie.user for tie in SocialAccount.objects.all()] == [saeki]


def test_the_same_subject_of_another_issuer_is_somebody_else(
    client: Client, provider: IdentityProvider, saeki: User, settings
) -> None:
    connect(client, provider, saeki, login="saeki")
    client.post("/auth/logout/")
    with IdentityProvider(port=free_port(), callback=CALLBACK) as impostor:
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"]["server_url"] = impostor.issuer
        assert come_back(client, impostor, login="saeki").status_code == 403
    assert not is_signed_in(client)


def test_where_it_is_allowed_a_newcomer_becomes_a_member_without_a_team(
    client: Client, provider: IdentityProvider, settings
) -> None:
    settings.OIDC_CREATES_USERS = True

    assert come_back(client, provider, login="mori")["Location"] == "/"

    mori = User.objects.get()
    assert (mori.email, mori.family_name, mori.role) == ("mori@harukaze.example", "森", "member")
    assert not mori.teams.exists()
    assert not mori.has_usable_password()
    assert is_signed_in(client)


def test_a_newcomer_with_the_address_of_a_user_is_refused(
    client: Client, provider: IdentityProvider, settings, saeki: User
) -> None:
    settings.OIDC_CREATES_USERS = True
    assert come_back(client, provider, login="saeki").status_code == 403
    assert User.objects.count() == 1


def test_who_is_no_longer_active_is_not_let_in(
    client: Client, provider: IdentityProvider, saeki: User
) -> None:
    connect(client, provider, saeki, login="saeki")
    client.post("/auth/logout/")
    User.objects.update(is_active=False)

    come_back(client, provider, login="saeki")

    assert not is_signed_in(client)


def test_an_answer_nobody_asked_for_is_refused(client: Client, provider: IdentityProvider) -> None:
    answer = client.get("/auth/oidc/company/login/callback/?code=invented&state=invented")
    assert answer.status_code in {401, 403}
    assert not is_signed_in(client)


def test_connecting_asks_once_more_who_it_is(
    client: Client, provider: IdentityProvider, saeki: User
) -> None:
    client.post("/auth/login/", {"login": saeki.username, "password": PASSWORD})

    answer = come_back(client, provider, login="saeki", process="connect")

    assert answer["Location"] == "/auth/reauthenticate/"
    assert not SocialAccount.objects.exists()
    client.post("/auth/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == saeki


def test_a_person_disconnects(client: Client, provider: IdentityProvider, saeki: User) -> None:
    connect(client, provider, saeki, login="saeki")
    page = client.get("/auth/company/").content.decode()
    assert "Disconnect" in page

    client.post("/auth/company/", {"account": SocialAccount.objects.get().pk})

    assert not SocialAccount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_last_identities_disconnected_at_once_one_stays(saeki: User) -> None:
    saeki.set_unusable_password()
    saeki.save()
    for _round in range(4):
        SocialAccount.objects.all().delete()
        ties = [
            SocialAccount.objects.create(user=saeki, provider="company", uid=uid) for uid in "ab"
        ]
        clients = [just_in(saeki) for _tie in ties]
        calls = [
            lambda client=client, tie=tie: client.post("/auth/company/", {"account": tie.pk})
            for client, tie in zip(clients, ties, strict=True)
        ]

        assert at_once(calls, refused=KeyError) == ["done", "done"]
        assert SocialAccount.objects.count() == 1


def just_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time()}]
    session.save()
    return client


def test_whom_the_directory_assigned_signs_in_without_connecting(
    client: Client, provider: IdentityProvider, saeki: User, settings
) -> None:
    User.objects.filter(pk=saeki.pk).update(directory_id="saeki")
    assert come_back(client, provider, login="saeki").status_code == 403

    settings.OIDC_SUBJECT_IS_DIRECTORY_ID = True

    assert come_back(client, provider, login="saeki")["Location"] == "/"
    assert is_signed_in(client)
    assert SocialAccount.objects.get().user == saeki
    assert come_back(Client(), provider, login="mori").status_code == 403


def test_an_assigned_person_who_left_is_not_let_in(
    client: Client, provider: IdentityProvider, saeki: User, settings
) -> None:
    settings.OIDC_SUBJECT_IS_DIRECTORY_ID = True
    User.objects.filter(pk=saeki.pk).update(directory_id="saeki", is_active=False)
    assert come_back(client, provider, login="saeki").status_code == 403
    assert not SocialAccount.objects.exists()


def on_the_way_back(client: Client, provider: IdentityProvider, *, login: str, process: str) -> str:
    away = client.post(f"/auth/oidc/company/login/?process={process}")
    back = urlsplit(provider.sign_in(away["Location"], login=login))
    return f"{back.path}?{back.query}"


@pytest.mark.django_db(transaction=True)
def test_a_subject_that_two_connect_at_once_becomes_one_persons(
    provider: IdentityProvider, saeki: User
) -> None:
    mori = make_user(username="mori2", email="mori2@harukaze.example")
    mori.set_password(PASSWORD)
    mori.save()
    arrivals = []
    for user in (saeki, mori):
        client = Client()
        client.post("/auth/login/", {"login": user.username, "password": PASSWORD})
        client.post("/auth/reauthenticate/", {"password": PASSWORD})
        way = on_the_way_back(client, provider, login="saeki", process="connect")
        arrivals.append((client, way))
    told = []

    outcomes = at_once(
        [lambda c=client, w=way: told.append(c.get(w)) for client, way in arrivals],
        refused=KeyError,
    )

    assert outcomes == ["done", "done"]
    assert {answer.status_code for answer in told} <= {302, 409}
    assert SocialAccount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_who_arrives_twice_at_once_is_made_once_and_let_in(settings) -> None:
    settings.OIDC_CREATES_USERS = True
    let_in = []

    def arrive() -> None:
        request = RequestFactory().get("/")
        request.session = {}
        claimed = User(email="mori@harukaze.example", family_name="森", date_joined=app_now())
        identity = SocialAccount(provider="company", uid="digest")
        login = SocialLogin(user=claimed, account=identity)
        let_in.append(CompanySignInAdapter().save_user(request, login))

    assert at_once([arrive, arrive], refused=ImmediateHttpResponse) == ["done", "done"]
    assert {user.pk for user in let_in} == {User.objects.get().pk}
    assert SocialAccount.objects.count() == 1


def test_an_address_that_became_another_users_opens_nothing_of_theirs(
    client: Client, provider: IdentityProvider, saeki: User
) -> None:
    mori = make_user(username="mori2", email="mori2@harukaze.example")
    connect(client, provider, saeki, login="saeki")
    client.post("/auth/logout/")
    User.objects.filter(pk=saeki.pk).update(email="former@harukaze.example")
    User.objects.filter(pk=mori.pk).update(email="saeki@harukaze.example")

    come_back(client, provider, login="saeki")

    assert int(client.session["_auth_user_id"]) == saeki.pk
    assert User.objects.get(pk=saeki.pk).email == "former@harukaze.example"
