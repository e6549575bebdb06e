"""The outbox against a real mail server (aiosmtpd) and, where it counts, real processes."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections

from accounts.choices import MailState, SuppressionReason
from accounts.models import MailMessage, Suppression
from accounts.services.outbox import (
    BATCH,
    LEASE,
    confirm_mail_sent,
    lift_suppressions,
    mail_link,
    person_key_of,
    resend_mails,
    send_due_mails,
    suppress,
    suppressed_among,
)
from tests.accounts.mails import queue_mail

# Far ahead, so that a rung bell, which goes by the clock, finds nothing due.
AT = dt.datetime(2099, 6, 1, 3, 0, tzinfo=dt.UTC)
TO = "mizukami@customer.example"


class Sink:
    """A mail server that keeps what it takes; `answer` may refuse, hang up or kill the sender."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.answer: Callable[[Any], str] = lambda server: "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answer(server)
        if answer.startswith("250"):
            self.bodies.append(envelope.content.decode())
        return answer


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    handler = Sink()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 5
    yield handler
    controller.stop()


def queue(key: str = "greeting/1", **fields: Any) -> MailMessage:
    values = {"to": TO, "language": "en", "subject": "Hello", "body_text": "Hello", "at": AT}
    queue_mail(key=key, **{**values, **fields})
    return MailMessage.objects.get(key=key)


def state_of(mail: MailMessage) -> str:
    mail.refresh_from_db()
    return mail.state


@pytest.mark.django_db
def test_a_mail_is_sent_once_and_accepted(sink):
    mail = queue(headers={"X-Kind": "greeting"})

    assert send_due_mails(at=AT) == 1
    assert send_due_mails(at=AT) == 0

    assert state_of(mail) == MailState.ACCEPTED
    assert len(sink.bodies) == 1
    assert "X-Kind: greeting" in sink.bodies[0]


@pytest.mark.django_db
def test_the_same_key_makes_one_mail():
    queue(subject="First")
    queue(subject="Second")

    assert list(MailMessage.objects.values_list("subject", flat=True)) == ["First"]


@pytest.mark.django_db
def test_links_are_filled_on_the_way_out_and_stand_nowhere_in_the_table(sink):
    mail = queue(
        body_text="https://y.example/s/{{link:answer}}/",
        headers={"List-Unsubscribe": "<https://y.example/u/{{link:unsubscribe}}/>"},
    )
    answer, digest = mail_link(key=mail.key, purpose="answer")
    unsubscribe, _ = mail_link(key=mail.key, purpose="unsubscribe")

    send_due_mails(at=AT)

    assert f"/s/{answer}/" in sink.bodies[0].replace("=\n", "")
    assert unsubscribe in sink.bodies[0].replace("\n ", "").replace("\r", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM accounts_mailmessage m")
        row = cursor.fetchone()[0]
    assert answer not in row
    assert unsubscribe not in row
    assert len(digest) == 32


@pytest.mark.django_db
def test_a_suppressed_person_gets_no_mail_even_when_it_was_queued_before(sink):
    mail = queue()
    suppress(person_key=person_key_of(TO.upper()), reason=SuppressionReason.UNSUBSCRIBED)
    suppress(person_key=person_key_of(TO), reason=SuppressionReason.UNSUBSCRIBED)

    send_due_mails(at=AT)

    assert state_of(mail) == MailState.FAILED
    assert sink.bodies == []


@pytest.mark.django_db
def test_a_person_who_asks_for_mails_again_gets_them(sink):
    person = person_key_of(TO)
    suppress(person_key=person, reason=SuppressionReason.UNSUBSCRIBED)
    ids = list(Suppression.objects.values_list("pk", flat=True))

    assert lift_suppressions(suppression_ids=ids, at=AT) == 1
    assert lift_suppressions(suppression_ids=ids, at=AT) == 0

    queue()
    send_due_mails(at=AT)
    assert len(sink.bodies) == 1
    suppress(person_key=person, reason=SuppressionReason.UNSUBSCRIBED)
    assert suppressed_among([person]) == {person}


@pytest.mark.django_db
def test_a_refusal_for_good_is_failed_and_only_a_person_sends_again(sink):
    mail = queue()
    sink.answer = lambda server: "550 No such person"

    send_due_mails(at=AT)

    assert state_of(mail) == MailState.FAILED
    assert send_due_mails(at=AT + dt.timedelta(days=1)) == 0
    sink.answer = lambda server: "250 OK"
    assert resend_mails(mail_ids=[mail.pk], at=AT) == 1
    send_due_mails(at=AT)
    assert state_of(mail) == MailState.ACCEPTED


@pytest.mark.django_db
def test_a_refusal_for_now_waits_and_tries_again(sink):
    mail = queue()
    sink.answer = lambda server: "451 Try later"
    send_due_mails(at=AT)

    assert state_of(mail) == MailState.QUEUED
    assert send_due_mails(at=AT) == 0
    sink.answer = lambda server: "250 OK"
    send_due_mails(at=AT + dt.timedelta(minutes=1))
    assert state_of(mail) == MailState.ACCEPTED


@pytest.mark.django_db
def test_a_mail_server_that_is_down_costs_an_attempt_and_no_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    mails = [queue(key=f"greeting/{number}") for number in range(3)]

    send_due_mails(at=AT)

    assert {state_of(mail) for mail in mails} == {MailState.QUEUED}
    assert {mail.dialogue_at for mail in mails} == {None}
    assert {mail.last_error for mail in mails} == {"MailServerUnreachable: ConnectionRefusedError"}


@pytest.mark.django_db
def test_a_dialogue_that_breaks_off_is_unknown_and_never_sent_again_by_itself(sink):
    mail, next_mail = queue(), queue(key="greeting/2")

    def hang_up_once(server: Any) -> str:
        sink.answer = lambda server: "250 OK"
        server.transport.abort()
        return ""

    sink.answer = hang_up_once

    send_due_mails(at=AT)

    assert state_of(mail) == MailState.UNKNOWN
    assert state_of(next_mail) == MailState.ACCEPTED
    assert send_due_mails(at=AT + dt.timedelta(days=1)) == 0
    assert len(sink.bodies) == 1


@pytest.mark.django_db
def test_a_broken_header_is_refused_before_anybody_is_called(sink):
    mail = queue(headers={"X-Kind": "a\nBcc: everybody@customer.example"})

    send_due_mails(at=AT)

    assert state_of(mail) == MailState.FAILED
    assert sink.bodies == []


@pytest.mark.django_db
def test_a_person_can_say_that_a_doubtful_mail_arrived():
    mail = queue()
    MailMessage.objects.filter(pk=mail.pk).update(dialogue_at=AT)
    MailMessage.objects.filter(pk=mail.pk).doubt(error="the sender vanished", at=AT)

    assert confirm_mail_sent(mail_id=mail.pk, at=AT)
    assert not confirm_mail_sent(mail_id=mail.pk, at=AT)
    assert state_of(mail) == MailState.ACCEPTED


SENDER = """
import datetime as dt
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
settings.DATABASES["default"]["NAME"] = "{database}"
from accounts.services.outbox import send_due_mails
send_due_mails(at=dt.datetime(2099, 6, 1, 3, 0, tzinfo=dt.UTC))
"""


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_between_acceptance_and_commit_leaves_unknown_and_no_second_mail(
    sink, settings
):
    mail, second = queue(), queue(key="greeting/2")
    program = SENDER.format(port=settings.EMAIL_PORT, database=connection.settings_dict["NAME"])
    sender: subprocess.Popen[bytes]

    def accept_and_kill(server: Any) -> str:
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait()
        return "250 OK"

    sink.answer = accept_and_kill
    sender = subprocess.Popen([sys.executable, "-c", program])
    assert sender.wait(timeout=60) == -signal.SIGKILL
    sink.answer = lambda server: "250 OK"

    assert state_of(mail) == MailState.SENDING
    assert send_due_mails(at=AT) == 0
    assert send_due_mails(at=AT + LEASE) == 1  # only the one nobody had begun

    assert state_of(mail) == MailState.UNKNOWN
    assert state_of(second) == MailState.ACCEPTED
    assert len(sink.bodies) == 2


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_never_send_a_mail_twice(sink):
    for number in range(BATCH + 5):
        queue(key=f"greeting/{number}", subject=f"Mail {number}")
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        while send_due_mails(at=AT):
            pass
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(sink.bodies) == BATCH + 5
    assert MailMessage.objects.filter(state=MailState.ACCEPTED).count() == BATCH + 5
