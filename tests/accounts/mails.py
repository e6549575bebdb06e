"""One mail in the outbox."""

import datetime as dt
from typing import Any

from accounts.services.outbox import MailDraft, queue_mails


def queue_mail(*, at: dt.datetime, **fields: Any) -> None:
    queue_mails(drafts=[MailDraft(**fields)], at=at)
