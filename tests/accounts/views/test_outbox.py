import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import MailState
from accounts.models import MailMessage
from accounts.services.outbox import mail_link
from tests.accounts.mails import queue_mail
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2099, 6, 1, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def member(client, team):
    client.force_login(make_user(team=team))
    return client


@pytest.fixture
def administrator(client, team):
    client.force_login(make_user(role="administrator"))
    return client


def make_mail(*, team=None, **fields):
    contact = make_contact(account=make_account(team=team or make_team()))
    values = {
        "key": f"greeting/{contact.pk}",
        "to": contact.email,
        "language": "ja",
        "subject": "アンケート",
        "body_text": "ご回答:http://localhost:8000/s/{{link:answer}}/?lang=ja\n<b>",
        "at": AT,
        "account_id": contact.account_id,
        "contact_id": contact.pk,
    }
    queue_mail(**{**values, **fields})
    return MailMessage.objects.get(contact=contact)


def doubtful_mail(**fields):
    mail = make_mail(**fields)
    MailMessage.objects.filter(pk=mail.pk).update(dialogue_at=AT)
    MailMessage.objects.filter(pk=mail.pk).doubt(error="the sender vanished", at=AT)
    return mail


def test_the_list_costs_the_same_for_one_and_for_seven_mails(member, team):
    counts = []
    for number in (1, 6):
        for _ in range(number):
            make_mail(team=team)
        member.get("/outbox/")
        with CaptureQueriesContext(connection) as queries:
            page = member.get("/outbox/")
        counts.append(len(queries))

    assert page.content.decode().count("アンケート</a>") == 7
    assert counts[0] == counts[1]


def test_mails_to_people_of_other_teams_do_not_exist(member, team):
    foreign = make_mail()

    assert "アンケート" not in member.get("/outbox/").content.decode()
    assert member.get(f"/outbox/{foreign.pk}/").status_code == 404


def test_the_link_can_be_followed_in_the_demo_and_is_hidden_elsewhere(member, team, settings):
    mail = make_mail(team=team)
    link = mail_link(key=mail.key, purpose="answer")[0]

    settings.OUTBOX_SHOWS_LINKS = True
    shown = member.get(f"/outbox/{mail.pk}/").content.decode()
    settings.OUTBOX_SHOWS_LINKS = False
    hidden = member.get(f"/outbox/{mail.pk}/").content.decode()

    assert f'href="http://localhost:8000/s/{link}/?lang=ja"' in shown
    assert link not in hidden
    assert "/s/••••••••/" in hidden
    assert "&lt;b&gt;" in shown


def test_mails_can_be_kept_by_state(member, team):
    make_mail(team=team)
    doubtful_mail(team=team, subject="Doubtful")

    page = member.get("/outbox/?state=unknown").content.decode()

    assert "Doubtful" in page
    assert "アンケート" not in page
    assert '<a href="?state=unknown" aria-current="page">' in page


def test_an_administrator_decides_what_becomes_of_a_doubtful_mail(administrator):
    again, arrived = doubtful_mail(), doubtful_mail()

    assert "Nobody knows" in administrator.get(f"/outbox/{again.pk}/").content.decode()
    administrator.post(f"/outbox/{again.pk}/resend/")
    administrator.post(f"/outbox/{arrived.pk}/confirm/")

    again.refresh_from_db()
    arrived.refresh_from_db()
    assert again.state == MailState.QUEUED
    assert arrived.state == MailState.ACCEPTED


def test_nobody_else_decides(member, team):
    mail = doubtful_mail(team=team)

    assert "Send again" not in member.get(f"/outbox/{mail.pk}/").content.decode()
    assert member.post(f"/outbox/{mail.pk}/resend/").status_code == 404
    assert member.post(f"/outbox/{mail.pk}/confirm/").status_code == 404
    mail.refresh_from_db()
    assert mail.state == MailState.UNKNOWN


def test_looking_never_resends(administrator):
    mail = doubtful_mail()

    assert administrator.get(f"/outbox/{mail.pk}/resend/").status_code == 405


@pytest.mark.parametrize(
    ("backend", "word"),
    [
        ("smtp", "Accepted"),
        ("dummy", "Kept here, not sent"),
        ("filebased", "Kept here, not sent"),
        ("console", "Kept here, not sent"),
    ],
)
def test_a_mail_is_accepted_only_where_a_mail_server_took_it(
    administrator, team, settings, backend, word
):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    mail = make_mail(team=team)
    MailMessage.objects.filter(pk=mail.pk).update(state=MailState.ACCEPTED, done_at=AT)

    listed = administrator.get("/outbox/").content.decode()
    shown = administrator.get(f"/outbox/{mail.pk}/").content.decode()

    other = {"Accepted": "Kept here, not sent"}.get(word, "Accepted")
    assert listed.count(word) == 3  # the cell, the line of a phone, the filter
    assert word in shown
    assert other not in listed + shown
    assert ("Mails stay here" in listed) == (backend != "smtp")
