import datetime as dt

import pytest

from accounts.choices import MailState, SuppressionReason
from accounts.models import MailMessage, Suppression
from accounts.services.outbox import mail_link, person_key_of, suppress
from tests.accounts.mails import queue_mail
from tests.factories import make_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2099, 6, 1, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def operator(client):
    client.force_login(make_user(role="administrator", is_staff=True, is_superuser=True))
    return client


def test_a_dead_mail_is_sent_again_from_the_admin_and_shows_no_link(operator):
    queue_mail(
        key="greeting/1",
        to="a@customer.example",
        language="en",
        subject="Hello",
        body_text="/s/{{link:answer}}/",
        at=AT,
    )
    mail = MailMessage.objects.get()
    MailMessage.objects.update(state=MailState.FAILED, dead_at=AT)

    page = operator.get(f"/admin/accounts/mailmessage/{mail.pk}/change/")
    operator.post(
        "/admin/accounts/mailmessage/", {"action": "send_again", "_selected_action": [mail.pk]}
    )

    mail.refresh_from_db()
    assert page.status_code == 200
    assert mail_link(key=mail.key, purpose="answer")[0] not in page.content.decode()
    assert mail.state == MailState.QUEUED


def test_a_suppression_is_lifted_from_the_admin(operator):
    suppress(person_key=person_key_of("a@customer.example"), reason=SuppressionReason.UNSUBSCRIBED)
    row = Suppression.objects.get()

    assert operator.get("/admin/accounts/suppression/").status_code == 200
    operator.post("/admin/accounts/suppression/", {"action": "lift", "_selected_action": [row.pk]})

    assert not Suppression.objects.in_force().exists()
