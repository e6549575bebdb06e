"""A colleague's first password, and a forgotten one: by mail where mails leave, else by hand."""

import html
import re
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts.models import User
from tests.accounts.views.settings.test_house import person_form
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a sentence nobody guesses"
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


class RefusingBackend(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")


@pytest.fixture
def admin(client: Client) -> Client:
    make_organisation()
    user = make_user(role="administrator", username="admin", language="en", team=make_team())
    user.set_password(PASSWORD)
    user.save()
    client.post("/auth/login/", {"login": "admin", "password": PASSWORD})
    client.post("/auth/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def saeki() -> User:
    return make_user(email="saeki@harukaze.example", username="saeki", language="en")


def address(person: User) -> str:
    return f"/settings/people/{person.pk}/link/"


def link_in(page: str) -> str:
    return html.unescape(re.search(r'id="link"[^>]*>([^<]+)<', page)[1]).strip()


def test_where_mails_leave_a_new_colleague_is_told_to_be_invited(admin: Client) -> None:
    page = admin.post("/settings/people/new/", person_form(), follow=True).content.decode()

    assert "invited by mail" in page
    assert len(mail.outbox) == 1


def test_where_no_mail_leaves_the_form_says_so_and_a_link_is_offered(
    admin: Client, settings
) -> None:
    settings.EMAIL_BACKEND = NO_MAIL

    form = admin.get("/settings/people/new/").content.decode()
    answer = admin.post("/settings/people/new/", person_form(), follow=True)

    person = User.objects.get(email="saeki@harukaze.example")
    assert "No mail leaves this installation" in form
    assert "invite" not in form.lower()
    assert answer.redirect_chain[-1][0] == address(person)
    assert "invited by mail" not in answer.content.decode()


def test_the_link_is_shown_once_and_opens_the_first_password(
    admin: Client, saeki: User, settings, caplog, capsys
) -> None:
    settings.EMAIL_BACKEND = NO_MAIL
    asked = admin.get(address(saeki)).content.decode()
    link = link_in(admin.post(address(saeki)).content.decode())
    secret = link.rstrip("/").split("/")[-1]

    other = Client()
    place = other.get(link.removeprefix("http://testserver"), follow=True).redirect_chain[-1][0]
    other.post(place, {"password1": PASSWORD + "!", "password2": PASSWORD + "!"})

    assert 'id="link"' not in asked
    assert secret not in admin.get(address(saeki)).content.decode()
    assert User.objects.get(pk=saeki.pk).check_password(PASSWORD + "!")
    assert "no longer works" in Client().get(link, follow=True).content.decode()
    said = capsys.readouterr()
    assert secret not in caplog.text + said.out + said.err


def test_where_mails_leave_a_link_is_sent_and_not_shown(admin: Client, saeki: User) -> None:
    page = admin.post(address(saeki), follow=True).content.decode()

    assert [message.to for message in mail.outbox] == [["saeki@harukaze.example"]]
    assert "Sent to saeki@harukaze.example" in page
    assert 'id="link"' not in page


def test_a_mail_the_server_does_not_take_is_told_and_the_link_shown(
    admin: Client, saeki: User, settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"

    page = admin.post(address(saeki)).content.decode()
    made = admin.post("/settings/people/new/", person_form(email="b@x.example"), follow=True)

    assert "did not take the mail" in page
    assert link_in(page).startswith("http://testserver/auth/password/reset/key/")
    assert made.status_code == 200
    assert "invited by mail" not in made.content.decode()


def test_the_person_page_leads_to_the_link_but_not_for_who_may_not_sign_in(
    admin: Client, saeki: User
) -> None:
    page = f"/settings/people/{saeki.pk}/"
    assert address(saeki) in admin.get(page).content.decode()
    User.objects.filter(pk=saeki.pk).update(is_active=False)
    assert address(saeki) not in admin.get(page).content.decode()
    assert admin.post(address(saeki)).status_code == 404


def test_only_an_administrator_who_has_just_signed_in_gets_a_link(
    client: Client, saeki: User
) -> None:
    make_organisation()
    client.force_login(make_user(role="manager"))
    assert client.post(address(saeki)).status_code == 403
    client.force_login(make_user(role="administrator"))
    assert "/auth/" in client.post(address(saeki))["Location"]


@pytest.mark.parametrize(("backend", "is_offered"), [("", True), (NO_MAIL, False)])
def test_who_forgot_a_password_is_promised_a_mail_only_where_mails_leave(
    client: Client, settings, backend: str, is_offered: bool
) -> None:
    settings.EMAIL_BACKEND = backend or settings.EMAIL_BACKEND
    page = client.get("/auth/password/reset/").content.decode()
    assert ('name="email"' in page, "administrator" in page) == (is_offered, not is_offered)
