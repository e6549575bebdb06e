"""What the organisation need not keep for ever, of mails, talks, jobs and the history itself."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import InletDelivery, Job, MailMessage, Touchpoint
from accounts.registry import Retention, deletes, retentions
from accounts.selectors.changes import Asked, all_trails, count_changes


def _mails(before: dt.datetime) -> QuerySet[Any]:
    over = Q(done_at__isnull=False) | Q(dead_at__isnull=False)
    return MailMessage.objects.filter(over, created_at__lt=before).exclude(body_text="")


def _blank_mails(before: dt.datetime, limit: int) -> int:
    ids = _mails(before).order_by("pk").values("pk")[:limit]
    return MailMessage.objects.filter(pk__in=ids).update(body_text="", headers={})


retentions.register("mail_bodies")(
    Retention(
        "mail_bodies",
        _("Texts of mails"),
        _("The text goes; that a mail was written, to whom and when, stays."),
        days=730,
        at_least=30,
        count=lambda before: _mails(before).count(),
        purge=_blank_mails,
    )
)


def _talks(before: dt.datetime) -> QuerySet[Any]:
    written = ~Q(body="") | ~Q(decisions="")
    return Touchpoint.objects.filter(written, occurred_at__lt=before)


def _blank_talks(before: dt.datetime, limit: int) -> int:
    ids = _talks(before).order_by("pk").values("pk")[:limit]
    return Touchpoint.objects.filter(pk__in=ids).update(body="", decisions="")


retentions.register("touchpoint_texts")(
    Retention(
        "touchpoint_texts",
        _("Texts of touchpoints"),
        _("Text and decisions go; subject, people and date stay, and so does the score."),
        days=None,
        at_least=365,
        count=lambda before: _talks(before).count(),
        purge=_blank_talks,
    )
)


def _jobs(before: dt.datetime) -> QuerySet[Any]:
    over = Q(done_at__lt=before) | Q(dead_at__lt=before)
    return Job.objects.filter(over, erasure__isnull=True)


retentions.register("jobs")(
    Retention(
        "jobs",
        _("Imports, exports and other jobs"),
        _("The line goes with its result. An import that is gone can't be taken back."),
        days=730,
        at_least=90,
        count=lambda before: _jobs(before).count(),
        purge=deletes(_jobs),
    )
)


def _deliveries(before: dt.datetime) -> QuerySet[Any]:
    return InletDelivery.objects.filter(received_at__lt=before, opened_at__isnull=False)


retentions.register("deliveries")(
    Retention(
        "deliveries",
        _("What other systems sent"),
        _("The body goes with its line; the import it became stays. Sent again, it is new."),
        days=30,
        at_least=1,
        count=lambda before: _deliveries(before).count(),
        purge=deletes(_deliveries),
    )
)


def _purge_history(before: dt.datetime, limit: int) -> int:
    """Let the owner of the tables do it: the serving login may not touch the history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_purge_history(%s)", [limit])
        return int(cursor.fetchone()[0])


retentions.register("history")(
    Retention(
        "history",
        _("Change history"),
        _("Who changed what, when, goes; the records stay as they are."),
        days=None,
        at_least=365,
        count=lambda before: count_changes(all_trails(), Asked(until=before)),
        purge=_purge_history,
    )
)
