"""What still hangs on colleagues who left."""

from dataclasses import dataclass

from accounts.models import User
from accounts.querysets import by_user
from accounts.registry import handovers


@dataclass(frozen=True)
class Leaver:
    """A colleague who left, and in words what nobody took over from them."""

    person: User
    work: list[str]


def leavers() -> list[Leaver]:
    """Return those who left and still have work, in one query a kind of work and one for names."""
    left: dict[int, list[str]] = {}
    for part in handovers.members():
        for pk, count in part.held().items():
            left.setdefault(pk, []).append(part.words(count))
    people = User.objects.filter(pk__in=left).order_by(*by_user())
    return [Leaver(person, left[person.pk]) for person in people]


def work_left_by(person: User) -> list[str]:
    """Return in words what still hangs on a colleague who left; nothing for who is here."""
    counts = [(part, part.held().get(person.pk, 0)) for part in handovers.members()]
    return [part.words(count) for part, count in counts if count]
