"""What a passkey must not do: sign in twice with one answer, from elsewhere, or as a copy."""

import json

import pytest
from django.test import Client

from tests.factories import make_user
from tests.passkey_device import Device

pytestmark = pytest.mark.django_db
SITE, ORIGIN = "yorisoi.example", "https://yorisoi.example"
LOGIN = "/auth/two-step/webauthn/login/"


@pytest.fixture(autouse=True)
def strict(settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    settings.ALLOWED_HOSTS = [SITE]


@pytest.fixture
def person(db):
    return make_user()


@pytest.fixture
def device(person):
    made = Device(person, site=SITE)
    made.enrol()
    return made


@pytest.fixture
def browser():
    return Client(SERVER_NAME=SITE)


def challenge(browser):
    answer = browser.get(LOGIN, HTTP_X_REQUESTED_WITH="XMLHttpRequest").json()
    return answer["request_options"]["publicKey"]["challenge"]


def send(browser, credential):
    """Send what the page would; return whether it signed in."""
    browser.post(LOGIN, {"credential": json.dumps(credential)})
    return "_auth_user_id" in browser.session


def test_an_honest_device_signs_in_and_the_session_is_another_one(browser, device):
    asked = challenge(browser)
    before = browser.session.session_key

    assert send(browser, device.sign(asked, origin=ORIGIN))
    assert browser.session.session_key != before


def test_an_answer_is_good_once(browser, device):
    answer = device.sign(challenge(browser), origin=ORIGIN)
    assert send(browser, answer)
    browser.logout()
    challenge(browser)

    assert not send(browser, answer)


def test_an_answer_to_no_question_is_none(browser, device):
    assert not send(browser, device.sign("bm90aGluZw", origin=ORIGIN))


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://yorisoi.example", "https://yorisoi.example.evil.example"],
)
def test_an_answer_given_to_another_site_is_none(browser, device, origin):
    assert not send(browser, device.sign(challenge(browser), origin=origin))


def test_the_key_of_another_site_is_none(browser, person):
    other = Device(person, site="evil.example")
    other.enrol()

    assert not send(browser, other.sign(challenge(browser), origin=ORIGIN))


def test_the_key_of_one_person_never_signs_in_another(browser, device):
    device.user = make_user()

    assert not send(browser, device.sign(challenge(browser), origin=ORIGIN))


def test_who_is_no_longer_active_is_not_let_in_by_a_passkey(browser, device, person):
    person.is_active = False
    person.save()

    assert not send(browser, device.sign(challenge(browser), origin=ORIGIN))


@pytest.mark.parametrize("copied", [4, 5])
def test_a_copy_of_a_device_is_found_by_its_count(browser, device, copied):
    assert send(browser, device.sign(challenge(browser), origin=ORIGIN, count=5))
    browser.logout()

    assert not send(browser, device.sign(challenge(browser), origin=ORIGIN, count=copied))
    assert send(browser, device.sign(challenge(browser), origin=ORIGIN, count=6))


def test_devices_that_do_not_count_go_on(browser, device):
    for _time in range(2):
        assert send(browser, device.sign(challenge(browser), origin=ORIGIN))
        browser.logout()


BROKEN = [
    None, [], "x", 1, {"id": 1}, {"response": None}, {"response": []},
    {"response": {"userHandle": 5}}, {"response": {"userHandle": "é"}},
    {"response": {"userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}},
]  # fmt: skip


@pytest.mark.parametrize("part", BROKEN)
def test_a_broken_answer_signs_nobody_in_and_breaks_nothing(browser, device, part):
    credential = device.sign(challenge(browser), origin=ORIGIN)
    mixed = {**credential, **part} if isinstance(part, dict) else part

    assert not send(browser, mixed)


@pytest.mark.parametrize(
    "field", ["clientDataJSON", "authenticatorData", "signature", "userHandle"]
)
@pytest.mark.parametrize("value", [None, "", "!", "AAAA", 7, {}, "A" * 5000])
def test_a_broken_part_of_an_answer_signs_nobody_in(browser, device, field, value):
    credential = device.sign(challenge(browser), origin=ORIGIN)
    credential["response"][field] = value

    assert not send(browser, credential)


@pytest.mark.parametrize("part", [*BROKEN, {"response": {"clientDataJSON": "e30"}}])
def test_a_broken_key_is_not_added(browser, person, part):
    browser.force_login(person)
    browser.post("/auth/reauthenticate/", {"password": "correct horse battery"})
    browser.get("/auth/two-step/webauthn/add/")

    answer = browser.post(
        "/auth/two-step/webauthn/add/", {"name": "K", "credential": json.dumps(part)}
    )

    assert answer.status_code == 200
    assert not person.authenticator_set.exists()


@pytest.mark.parametrize("text", ["[" * 200_000, "9" * 5000, '{"a":' * 50_000, "NaN", "\0", "{"])
def test_what_is_no_json_signs_nobody_in(browser, text):
    challenge(browser)

    answer = browser.post(LOGIN, {"credential": text})

    assert answer.status_code == 302
    assert "_auth_user_id" not in browser.session
