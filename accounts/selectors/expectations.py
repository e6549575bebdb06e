"""What each touch model demands on a day, and when the next touch of each account is due."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    DateField,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from accounts.choices import AccountKind, AccountStatus, Phase, RecordKind, TouchModel
from accounts.domain.expectations import (
    NEAR_RENEWAL_DAYS,
    NOTHING_ASKED,
    Expectation,
    default_expectation,
)
from accounts.models import Account, Organisation, TouchExpectation
from accounts.querysets import reach_of
from accounts.registry import fields
from config.lib.once import once

#: Who has no next touch: nobody talks to a customer that is gone.
CARED_FOR = (AccountStatus.SIGNED, AccountStatus.ACTIVE, AccountStatus.LEAVING)


def expectations_on(day: dt.date) -> dict[str, Expectation]:
    """Return what each touch model demands on a day, in one query a request."""
    return once(f"expectations.{day}", lambda: _read(day))


def expectation_of(account: Account, day: dt.date) -> Expectation:
    """Return what is asked of one account on a day; of a partner nothing."""
    if account.kind != AccountKind.CUSTOMER:
        return NOTHING_ASKED
    return expectations_on(day)[account.touch_model]


class _PlusDays(Func):
    """A date so many days later."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateField()


class _DaysBetween(Func):
    """How many days the first date is after the second."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


class _LocalDay(Func):
    """The day of an instant in a zone."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


def next_touch_expression(at: dt.datetime) -> Combinable:
    """Return the day the next two-way touch is due: the last one, or the start, plus the cadence.

    None where no cadence is asked, nobody was ever talked to and no start is known, or the account
    is no customer now, or a partner.
    """
    today = _today(at)
    return _where_asked(_PlusDays(_since(at), _cadence(today)), DateField(), today)


def silence_expression(at: dt.datetime) -> Combinable:
    """Return the days since the last two-way touch, or the start, in cadences; 1 is when it is due.

    None where `next_touch_expression` is.
    """
    today = _today(at)
    days = _DaysBetween(Value(today, DateField()), _since(at))
    quiet = Cast(days, FloatField()) / Cast(_cadence(today), FloatField())
    return _where_asked(quiet, FloatField(), today)


def _today(at: dt.datetime) -> dt.date:
    return at.astimezone(Organisation.objects.zone()).date()


def _since(at: dt.datetime) -> Combinable:
    last = fields.get("last_two_way_at").expression(at)
    zone = Value(str(Organisation.objects.zone()))
    return Coalesce(_LocalDay(last, zone), F("customer_since_on"))


def _where_asked(value: Combinable, type_: Any, today: dt.date) -> Combinable:
    """Return a value of customers we have, where touch models ask for a cadence."""
    models = _demanding(today)
    if not models:
        return Cast(Value(None), type_)
    asked = Q(
        kind=AccountKind.CUSTOMER,
        status__in=CARED_FOR,
        archived_at__isnull=True,
        touch_model__in=models,
    )
    return Case(When(asked, then=value), output_field=type_)


@dataclass(frozen=True)
class NextTouch:
    """How often one account is to be talked to, in days, and when next; None for no demand."""

    cadence: int | None
    on: dt.date | None


def next_touch_of(account: Account, *, last: dt.datetime | None, at: dt.datetime) -> NextTouch:
    """Reckon for one account what `next_touch_expression` does for a set.

    :param last: the last two-way talk the reader may know of.
    """
    zone = Organisation.objects.zone()
    today = at.astimezone(zone).date()
    cadence = expectation_of(account, today).cadence_near(
        phase=account.phase, renewal_on=account.renewal_on, today=today
    )
    since = last.astimezone(zone).date() if last else account.customer_since_on
    cared_for = account.status in CARED_FOR and account.archived_at is None
    if cadence is None or since is None or not cared_for:
        return NextTouch(cadence, None)
    return NextTouch(cadence, since + dt.timedelta(days=cadence))


def touches_due(*, user: Any, at: dt.datetime, within_days: int = 7) -> QuerySet[Account]:
    """Return the user's own accounts whose next touch is late or due soon, the latest first."""
    today = Organisation.objects.day_of(at)
    until = today + dt.timedelta(days=within_days)
    shown: Any = Account.objects.showing(user, RecordKind.TOUCHPOINT)
    accounts = shown.active().filter(pk__in=reach_of(user).held)
    due: QuerySet[Account] = (
        accounts.with_fields("next_touch_on", "last_two_way_at", at=at)
        .filter(next_touch_on__lte=until)
        .order_by("next_touch_on", "pk")
    )
    return due


def _read(day: dt.date) -> dict[str, Expectation]:
    rows = TouchExpectation.objects.current().holding_on(day)
    said = {
        row.touch_model: Expectation(
            row.cadence_days,
            row.onboarding_cadence_days,
            row.near_cadence_days,
            tuple(row.required_roles),
        )
        for row in rows
    }
    return {model: said.get(model) or default_expectation(model) for model in TouchModel.values}


def _demanding(today: dt.date) -> list[str]:
    """Return the touch models that ever demand a touch: nothing is reckoned for the others."""
    return [
        model
        for model, asked in expectations_on(today).items()
        if any((asked.cadence_days, asked.onboarding_cadence_days, asked.near_cadence_days))
    ]


def _cadence(today: dt.date) -> Case:
    """Nest the questions: asked in a row, each account of a large book would answer eight."""
    expectations = expectations_on(today)
    return Case(
        *(
            When(touch_model=model, then=_by_phase(expectations[model], today))
            for model in _demanding(today)
        ),
        output_field=IntegerField(),
    )


def _by_phase(asked: Expectation, today: dt.date) -> Combinable:
    first, later = (_by_renewal(asked, phase, today) for phase in (Phase.ONBOARDING, ""))
    return Case(When(phase=Phase.ONBOARDING, then=first), default=later)


def _by_renewal(asked: Expectation, phase: str, today: dt.date) -> Combinable:
    days = Value(asked.cadence(phase=phase), IntegerField())
    soon = asked.cadence_near(phase=phase, renewal_on=today, today=today)
    near = Q(renewal_on__range=(today, today + dt.timedelta(days=NEAR_RENEWAL_DAYS)))
    return days if soon == days.value else Case(When(near, then=Value(soon)), default=days)
