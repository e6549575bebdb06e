"""What usage events say about a person; roll-ups count on, without knowing whom."""

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.domain.person import Person
from accounts.registry import PersonalData, personal_data
from scoring.models import Event, EventQuarantine, UsageUser, UserAlias


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
