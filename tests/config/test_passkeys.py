"""Passkeys in a real browser whose authenticator is made of software."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.browser import sign_in
from tests.factories import make_user

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PASSWORD = "a sentence nobody guesses"


@pytest.fixture
def site(live_server, settings) -> str:
    # The name, not the number: browsers keep no passkeys for addresses.
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def person() -> User:
    user = make_user(username="saeki", email="saeki@harukaze.example", language="en")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def add_passkey(page: Page, site: str) -> None:
    sign_in(page, site, "saeki", PASSWORD)
    page.goto(f"{site}/auth/two-step/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("[name=name]", "Laptop")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)


def test_a_passkey_is_added_and_then_signs_in_alone(page: Page, site: str, person: User) -> None:
    add_passkey(page, site)
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    assert Authenticator.objects.filter(user=person, type="recovery_codes").count() == 1
    page.goto(f"{site}/auth/logout/")
    page.click("main button[type=submit]")

    page.goto(f"{site}/auth/login/")
    page.click("#passkey_login")
    page.wait_for_url(f"{site}/")

    page.goto(f"{site}/auth/two-step/webauthn/")
    assert page.locator("th[scope=row]").inner_text() == "Laptop"


def test_who_has_a_passkey_is_asked_for_it_after_the_password(
    page: Page, site: str, person: User
) -> None:
    add_passkey(page, site)
    page.goto(f"{site}/auth/logout/")
    page.click("main button[type=submit]")

    sign_in(page, site, "saeki", PASSWORD)

    assert "/auth/two-step/authenticate/" in page.url
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{site}/")


def test_a_refusal_of_the_device_is_said_on_the_page(page: Page, site: str, person: User) -> None:
    page.goto(f"{site}/auth/login/")
    page.click("#passkey_login")

    message = page.get_by_text("The passkey was not used")
    message.wait_for()
    assert not page.get_by_text("Sign in with a passkey").is_hidden()
