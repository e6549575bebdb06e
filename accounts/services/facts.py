"""Dated facts: a change never rewrites what was known, it retracts it and records anew.

Closing a fact in place would falsify the past: a replay as known at an earlier instant would find
nothing between the new end and the day on which it was entered. So a fact that is cut short leaves
a retracted copy of itself as it was, and is recorded anew with its end. The row that goes on being
true keeps its id, which other programs know.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.lib.problems import Conflict, FieldError, Problem
from config.lib.recorded import Recorded

FactT = TypeVar("FactT", bound=Recorded)


class InTheFuture(Problem):
    """The day lies ahead, and nothing would bring the change into force when it comes."""

    code = "in_the_future"
    title = _("The day must not lie in the future.")


class ChangedSince(Conflict):
    """Somebody went on working with what was to be undone."""

    code = "changed_since"
    title = _("This was changed again in the meantime and can't be undone.")


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
    fact.recorded_at, fact.is_declared = at, False
    fact.save(update_fields=[*values, "recorded_at", "is_declared"])
    return fact


def take_back_facts(rows: Any, *, written_at: dt.datetime, at: dt.datetime) -> None:
    """Undo what one change, written at one instant, did to the facts of a queryset.

    What it recorded anew is retracted, what it cut or retracted holds again as before.

    :raises ChangedSince: when one of them was changed again.
    """
    facts = list(rows.filter(Q(recorded_at__gte=written_at) | Q(retracted_at__gte=written_at)))
    if any(max(fact.recorded_at, fact.retracted_at or written_at) > written_at for fact in facts):
        raise ChangedSince
    made = [fact for fact in facts if fact.retracted_at is None]
    before = [fact for fact in facts if fact.recorded_at < written_at]
    kept = {fact.pk: _as_before(fact, before) for fact in made}
    for fact in made:
        if kept[fact.pk] is None:
            retract_fact(fact, at=at)
    for fact in made:
        if (copy := kept[fact.pk]) is not None:
            revise_fact(fact, at=at, **_values(copy))
            before.remove(copy)
    for fact in before:
        rows.model._default_manager.create(**_values(fact), recorded_at=at)


def _as_before(fact: Recorded, before: list[Any]) -> Any | None:
    """Return the copy that a revision left of the fact: whatever it says, it began as this does."""
    return next((copy for copy in before if _origin(copy) == _origin(fact)), None)


def _origin(fact: Recorded) -> list[Any]:
    links = [field.attname for field in fact._meta.concrete_fields if field.is_relation]
    told = [getattr(fact, name, None) for name in ("role", "kind")]
    return [fact.starts_on, *(getattr(fact, name) for name in links), *told]


def _values(fact: Recorded) -> dict[str, Any]:
    kept = {"recorded_at", "retracted_at"}
    fields = [field for field in fact._meta.concrete_fields if not field.primary_key]
    return {
        field.attname: getattr(fact, field.attname) for field in fields if field.name not in kept
    }


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
