"""What still hangs on colleagues who left."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, OuterRef, Q, Subquery

from accounts.models import User
from accounts.querysets import by_user
from accounts.registry import handovers

_COUNT = "held_{}"


@dataclass(frozen=True)
class Leaver:
    """A colleague who left, and in words what nobody took over from them."""

    person: User
    work: list[str]


def leavers() -> list[Leaver]:
    """Return those who left and still have work, in one query."""
    return _leavers(User.objects.all())


def work_left_by(person: User) -> list[str]:
    """Return in words what still hangs on a colleague who left; nothing for who is here."""
    return [words for one in _leavers(User.objects.filter(pk=person.pk)) for words in one.work]


def _leavers(people: Any) -> list[Leaver]:
    counts = {
        _COUNT.format(part.key): Subquery(_count(part.held(OuterRef("pk"))))
        for part in handovers.members()
    }
    some = Q(*((f"{name}__gt", 0) for name in counts), _connector=Q.OR)
    left = people.filter(is_active=False).annotate(**counts).filter(some)
    return [Leaver(person, _words(person)) for person in left.order_by(*by_user())]


def _count(rows: Any) -> Any:
    counted = rows.order_by().annotate(n=Func(F("pk"), function="count"))
    return counted.values("n")


def _words(person: Any) -> list[str]:
    counts = [(part, getattr(person, _COUNT.format(part.key))) for part in handovers.members()]
    return [part.words(count) for part, count in counts if count]
