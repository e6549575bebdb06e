"""Dated facts: a change never rewrites what was known, it retracts it and records anew.

Closing a fact in place would falsify the past: a replay as known at an earlier instant would find
nothing between the new end and the day on which it was entered. So a fact that is cut short leaves
a retracted copy of itself as it was, and is recorded anew with its end. The row that goes on being
true keeps its id, which other programs know.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from config.lib.problems import FieldError, Problem
from config.lib.recorded import Recorded

FactT = TypeVar("FactT", bound=Recorded)


class InTheFuture(Problem):
    """The day lies ahead, and nothing would bring the change into force when it comes."""

    code = "in_the_future"
    title = _("The day must not lie in the future.")


def refuse_future(*, on: dt.date, today: dt.date, member: str) -> None:
    """Refuse a day after today.

    :raises InTheFuture: naming the member that holds the day.
    """
    if on > today:
        raise InTheFuture(errors=[FieldError(f"/{member}", InTheFuture.title)])


def put_fact(
    model: type[FactT],
    *,
    owner: Mapping[str, Any],
    values: Mapping[str, Any],
    on: dt.date,
    at: dt.datetime,
) -> FactT | None:
    """Record that from day `on` the facts of `owner` say `values`, until the next fact begins.

    Lock the owner's row before. Return None where the facts say so already.
    """
    rows: Any = model._default_manager
    standing = list(rows.filter(**owner, retracted_at=None).order_by("starts_on"))
    holder = next((fact for fact in standing if _holds_on(fact, on)), None)
    if holder is not None and all(getattr(holder, name) == values[name] for name in values):
        return None
    following = [fact.starts_on for fact in standing if fact.starts_on > on]
    if holder is not None:
        _cut(holder, on=on, at=at)
    ends_on = min(following, default=None)
    fact: FactT = rows.create(**owner, **values, starts_on=on, ends_on=ends_on, recorded_at=at)
    return fact


def end_fact(fact: FactT, *, on: dt.date, at: dt.datetime) -> None:
    """Record that the fact no longer holds from day `on`; all of it where it began no earlier."""
    if fact.ends_on is None or fact.ends_on > on:
        _cut(fact, on=on, at=at)


def revise_fact(fact: FactT, *, at: dt.datetime, **values: Any) -> FactT:
    """Record other values of the fact; its row keeps the id, a retracted copy what was known."""
    rows: Any = type(fact)._default_manager
    columns = [field.attname for field in fact._meta.concrete_fields if not field.primary_key]
    before = rows.values(*columns).get(pk=fact.pk)
    rows.create(**{**before, "retracted_at": at})
    for name, value in values.items():
        setattr(fact, name, value)
    fact.recorded_at = at
    fact.save(update_fields=[*values, "recorded_at"])
    return fact


def retract_fact(fact: Recorded, *, at: dt.datetime) -> None:
    """Say that the fact was wrong; what was computed with it can still be computed again."""
    fact.retracted_at = at
    fact.save(update_fields=["retracted_at"])


def _holds_on(fact: Recorded, day: dt.date) -> bool:
    return fact.starts_on <= day and (fact.ends_on is None or fact.ends_on > day)


def _cut(fact: FactT, *, on: dt.date, at: dt.datetime) -> None:
    if fact.starts_on < on:
        revise_fact(fact, ends_on=on, at=at)
    else:
        retract_fact(fact, at=at)
