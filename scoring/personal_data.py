"""What usage events say about a person; roll-ups count on, without knowing whom.

And how long events and the lines of runs are kept.
"""

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.domain.person import Person
from accounts.registry import PersonalData, Retention, deletes, personal_data, retentions
from scoring.choices import RunKind
from scoring.models import Event, EventQuarantine, HealthRun, IngestBatch, UsageUser, UserAlias
from scoring.services.ingest.forgetting import forget_in_batches


def _keys(person: Person) -> Q:
    """Return the ways senders name a person: by address, or by our own-system id."""
    return Q(user_key__in=(*person.addresses, *person.external_ids))


personal_data.register("events")(
    PersonalData(
        _("Usage events"),
        lambda person: Event.objects.filter(
            user__in=UsageUser.objects.filter(_users(person)).values("pk")
        ),
        ("occurred_at", "name__name", "properties"),
        blanks={"properties": None},
    )
)


def _users(person: Person) -> Q:
    return Q(contact__in=person.contacts) | (_keys(person) & Q(account__in=person.accounts))


personal_data.register("quarantine")(
    PersonalData(
        _("Usage events of unknown accounts"),
        lambda person: EventQuarantine.objects.filter(_keys(person)),
        ("occurred_at", "name", "user_key", "properties"),
        forgets=True,
    )
)
personal_data.register("usage_aliases")(
    PersonalData(
        _("Other ids they used"),
        lambda person: UserAlias.objects.filter(
            Q(previous_key__in=person.addresses) | Q(user_key__in=person.addresses)
        ),
        ("previous_key", "user_key", "occurred_at"),
        forgets=True,
    )
)
personal_data.register("usage_users")(
    PersonalData(
        _("Ids as users of the product"),
        lambda person: UsageUser.objects.filter(_users(person)),
        ("account__name", "user_key"),
        blanks={
            "user_key": Concat(Value("erased-"), Cast(F("pk"), TextField())),
            "contact": None,
        },
    )
)

personal_data.register("batches")(
    PersonalData(
        _("Usage events that wait to be read"),
        lambda person: IngestBatch.objects.none(),
        ("received_at",),
        packed=forget_in_batches,
    )
)


def _runs(before: dt.datetime) -> QuerySet[Any]:
    """Official runs stay: the score of any past day is computed again from them."""
    return HealthRun.objects.filter(kind=RunKind.PROVISIONAL, started_at__lt=before)


retentions.register("health_runs")(
    Retention(
        "health_runs",
        _("Runs of the score during the day"),
        _("The line of the run goes; scores, changes and the run of each night stay."),
        days=90,
        at_least=7,
        count=lambda before: _runs(before).count(),
        purge=deletes(_runs),
    )
)


def _kept_by_the_calendar(before: dt.datetime, limit: int) -> int:
    """Whole days are dropped by `tend_usage`, which is far cheaper than deleting rows."""
    return 0


retentions.register("events")(
    Retention(
        "events",
        _("Usage events as they came"),
        _("Single events go; what was counted of them by day stays."),
        days=400,
        at_least=35,
        setting="event_retention_days",
        count=lambda before: Event.objects.filter(received_at__lt=before).count(),
        purge=_kept_by_the_calendar,
    )
)
