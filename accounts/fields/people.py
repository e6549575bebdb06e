"""What an account's people tell about it: gaps in the map, how many we talk to, who may leave."""

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountKind, ContactState
from accounts.domain.people_gaps import (
    CONFIRMED_DAYS,
    DEPARTED_DAYS,
    KEY_ROLES,
    LONG_POST_DAYS,
    TALKED_DAYS,
)
from accounts.models import Contact, Organisation, StakeholderRole, Touchpoint
from accounts.registry import Field, fields
from accounts.selectors.days import OrganisationDay
from accounts.selectors.expectations import expectations_on


def _days_before(at: dt.datetime, days: int) -> Combinable:
    return ExpressionWrapper(OrganisationDay(at) - Value(days), output_field=DateField())


def _day_of_talk(at: dt.datetime) -> Func:
    """Return the day of a talk where the organisation is."""
    day = OrganisationDay(at)
    day.set_source_expressions([F("occurred_at"), *day.get_source_expressions()[1:]])
    return day


def _there(at: dt.datetime) -> Any:
    people = Contact.objects.present(on=OrganisationDay(at))  # type: ignore[arg-type]
    return people.filter(is_ghost=False, merged_into__isnull=True)


def _role_gaps(at: dt.datetime) -> Combinable:
    """Count required roles that nobody there plays, or that nobody confirmed within a year."""
    roles: Any = StakeholderRole.objects.filter(
        account=OuterRef("pk"),
        confirmed_on__gte=_days_before(at, CONFIRMED_DAYS),
        contact__in=_there(at).values("pk"),
    )
    roles = roles.current().holding_on(OrganisationDay(at))
    gaps: Combinable = Value(0)
    asked = expectations_on(Organisation.objects.day_of(at))
    for role in sorted({role for one in asked.values() for role in one.required_roles}):
        models = [model for model, one in asked.items() if role in one.required_roles]
        asked_of = Q(kind=AccountKind.CUSTOMER, touch_model__in=models)
        lacks = asked_of & ~Exists(roles.filter(role=role))
        gaps = gaps + Case(When(lacks, then=Value(1)), default=Value(0))
    return ExpressionWrapper(gaps, output_field=IntegerField())


def _talked_to(at: dt.datetime) -> Combinable:
    """Count people there with whom we talked within ninety days."""
    talks = Touchpoint.objects.two_way().annotate(talked_on=_day_of_talk(at))
    lately = talks.filter(occurred_at__lte=at, talked_on__gte=_days_before(at, TALKED_DAYS))
    own = lately.filter(contacts=OuterRef("pk"))
    merged = lately.filter(contacts__merged_into=OuterRef("pk"))
    return _count(_there(at).filter(Exists(own) | Exists(merged)))


def _ghosts(at: dt.datetime) -> Combinable:
    return _count(Contact.objects.filter(is_ghost=True, archived_at__isnull=True))


def _watched(at: dt.datetime) -> Combinable:
    """Say whether somebody left within sixty days or a key person is over three years in post."""
    people = Contact.objects.filter(account=OuterRef("pk"), archived_at__isnull=True)
    gone = people.filter(
        state__in=[ContactState.TRANSFERRED, ContactState.LEFT],
        state_on__lte=OrganisationDay(at),
        state_on__gte=_days_before(at, DEPARTED_DAYS),
    )
    key: Any = StakeholderRole.objects.filter(contact=OuterRef("pk"), role__in=KEY_ROLES)
    long = _there(at).filter(
        Exists(key.current().holding_on(OrganisationDay(at))),
        account=OuterRef("pk"),
        in_post_since_on__lt=_days_before(at, LONG_POST_DAYS),
    )
    either: Any = Exists(gone) | Exists(long)
    return either  # type: ignore[no-any-return]


def _count(people: Any) -> Combinable:
    counted = people.filter(account=OuterRef("pk")).order_by().values("account")
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), Value(0))


fields.register("contacts.role_gaps")(
    Field(
        "contacts.role_gaps",
        "number",
        _("Required roles empty or unconfirmed"),
        "accounts",
        _role_gaps,
        now_only=True,
    )
)
fields.register("contacts.talked_90d")(
    Field(
        "contacts.talked_90d",
        "number",
        _("Contacts talked to in 90 days"),
        "accounts",
        _talked_to,
        now_only=True,
    )
)
fields.register("contacts.ghosts")(
    Field("contacts.ghosts", "number", _("Unknown users"), "accounts", _ghosts, now_only=True)
)
fields.register("contacts.watched")(
    Field(
        "contacts.watched",
        "boolean",
        _("A departure or a long time in post"),
        "accounts",
        _watched,
        now_only=True,
    )
)
