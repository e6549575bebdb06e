import datetime as dt

import pytest
from django.core import mail

from accounts.choices import MailState
from accounts.models import MailMessage
from accounts.services.outbox import BATCH
from accounts.tasks import send_mails
from config.lib.clock import app_now
from config.lib.due import due_work
from tests.accounts.mails import queue_mail

pytestmark = pytest.mark.django_db


def queue(number=1):
    for n in range(number):
        queue_mail(
            key=f"greeting/{n}",
            to="mizukami@customer.example",
            language="en",
            subject="Hello",
            body_text="Hello",
            at=app_now(),
        )


def test_a_queued_mail_rings_its_sender_and_is_sent_by_itself(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queue()

    assert len(mail.outbox) == 1
    assert MailMessage.objects.get().state == MailState.ACCEPTED


def test_more_than_a_batch_rings_again(django_capture_on_commit_callbacks):
    queue(BATCH + 1)

    with django_capture_on_commit_callbacks(execute=True):
        send_mails()

    assert len(mail.outbox) == BATCH + 1


def test_run_due_sends_what_is_due_and_then_finds_nothing():
    queue(2)

    counts = [due_work.get("mails")(app_now() + dt.timedelta(seconds=1)) for _ in range(2)]

    assert counts == [2, 0]
