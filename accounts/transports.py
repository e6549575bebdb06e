"""The only module of this app that opens sockets: it hands mails to the mail server."""

import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_lazy as _

from accounts.choices import MailState
from accounts.domain.mail_outcome import MailPostponed, MailRefused, MailServerUnreachable

_PERMANENT = 500
#: Django's backends that hand no mail to anybody.
_KEPT_HERE = frozenset({"console", "dummy", "filebased"})


def mails_leave_the_house() -> bool:
    """Tell whether a mail server is set (EMAIL_URL); else mails stay here, also in files."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in _KEPT_HERE


def mail_states() -> list[tuple[str, Any]]:
    """Return each state of a mail with the word for what it means on this installation."""
    kept = {} if mails_leave_the_house() else {MailState.ACCEPTED.value: _("Kept here, not sent")}
    return [(value, kept.get(value, label)) for value, label in MailState.choices]


@contextmanager
def mail_connection() -> Iterator[BaseEmailBackend]:
    """Yield a connection for a batch of mails; `connect` opens it."""
    connection = get_connection()
    try:
        yield connection
    finally:
        connection.close()


def connect(connection: BaseEmailBackend) -> None:
    """Open the connection unless it is open.

    :raises MailServerUnreachable: when the server can't be reached or doesn't let us in.
    """
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerUnreachable(type(error).__name__) from error


def compose(*, to: str, subject: str, body: str, headers: Mapping[str, str]) -> EmailMessage:
    """Build a mail in the sender's name.

    :raises MailRefused: when a header can't be written, as with a line break in the subject.
    """
    mail = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=dict(headers))
    try:
        mail.message()
    except ValueError as error:
        raise MailRefused("a header of the mail is not valid") from error
    return mail


def hand_over(connection: BaseEmailBackend, mail: EmailMessage) -> None:
    """Send one mail over an open connection; any other exception leaves open whether it went.

    :raises MailPostponed: when the server refused it for now (a 4xx answer).
    :raises MailRefused: when the server refused it for good (a 5xx answer).
    """
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        connection.close()
        raise _refusal(max((code for code, _ in error.recipients.values()), default=0)) from error
    except smtplib.SMTPResponseException as error:
        connection.close()
        raise _refusal(error.smtp_code) from error
    except Exception:
        connection.close()
        raise


def _refusal(code: int) -> Exception:
    kind = MailRefused if code >= _PERMANENT else MailPostponed
    return kind(f"the mail server answered {code}")
