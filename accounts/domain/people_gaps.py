"""What is missing or wears thin in the relationship with a customer's people.

Departures, empty roles and a single contact are what accounts are lost by, mostly after nobody
noticed. Every gap is a fact with its number; the words stand with the selector.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: A part counts as confirmed for as long; the measure `required_roles` says the same.
CONFIRMED_DAYS = 365
#: Only who talked with us within these days counts as a contact we have.
TALKED_DAYS = 90
#: A departure is news for as long.
DEPARTED_DAYS = 60
#: After this long in one post, people in Japanese firms tend to be moved.
LONG_POST_DAYS = 3 * 365
#: Whose departure or long stay is watched.
KEY_ROLES = ("champion", "decision_maker")


@dataclass(frozen=True)
class RoleHeld:
    """A part a person plays on the day."""

    role: str
    confirmed_on: dt.date | None = None


@dataclass(frozen=True)
class PersonSeen:
    """One of the customer's people on a day.

    :param roles: the parts they play, or, of one who has gone, those they last played.
    :param gone_on: the day they left or were transferred, for those who are gone.
    :param last_talk_on: the day of the last two-way talk with them.
    """

    id: int
    roles: tuple[RoleHeld, ...] = ()
    gone_on: dt.date | None = None
    in_post_since_on: dt.date | None = None
    has_successor: bool = False
    last_talk_on: dt.date | None = None

    @property
    def is_present(self) -> bool:
        """Say whether the person is in their post."""
        return self.gone_on is None


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: which kind, about which role and person, and its number."""

    kind: str
    role: str = ""
    person: int | None = None
    number: int = 0
    on: dt.date | None = None


def gaps_on(
    day: dt.date,
    people: Sequence[PersonSeen],
    *,
    required: Iterable[str],
    last_talk_on: dt.date | None = None,
    cadence: int | None = None,
    ghosts: int = 0,
) -> list[Gap]:
    """Return what is missing on a day, the most pressing first.

    :param required: the roles the touch model asks for.
    :param last_talk_on: the day of the last two-way talk with anybody of the customer.
    :param cadence: days between talks the touch model asks for, None for none.
    :param ghosts: how many people use the product whom nobody introduced.
    """
    present = [person for person in people if person.is_present]
    return [
        *_roles(day, present, required),
        *_single_thread(day, present),
        *_silence(day, last_talk_on, cadence),
        *_departures(day, people),
        *_long_posts(day, present),
        *([Gap("ghosts", number=ghosts)] if ghosts else []),
    ]


def is_confirmed(held: RoleHeld, day: dt.date) -> bool:
    """Say whether a part was confirmed within a year."""
    return held.confirmed_on is not None and (day - held.confirmed_on).days <= CONFIRMED_DAYS


def talked_lately(person: PersonSeen, day: dt.date) -> bool:
    """Say whether a person is one we talk to."""
    return person.last_talk_on is not None and (day - person.last_talk_on).days <= TALKED_DAYS


def _roles(day: dt.date, present: Sequence[PersonSeen], required: Iterable[str]) -> list[Gap]:
    empty, unconfirmed = [], []
    for role in required:
        holders = [(p, held) for p in present for held in p.roles if held.role == role]
        if not holders:
            empty.append(Gap("empty_role", role=role))
        elif not any(is_confirmed(held, day) for _, held in holders):
            person, held = holders[0]
            ago = (day - held.confirmed_on).days if held.confirmed_on else 0
            unconfirmed.append(Gap("unconfirmed_role", role, person.id, ago, held.confirmed_on))
    return empty + unconfirmed


def _single_thread(day: dt.date, present: Sequence[PersonSeen]) -> list[Gap]:
    talked = [person for person in present if talked_lately(person, day)]
    if len(talked) != 1:
        return []
    return [Gap("single_thread", person=talked[0].id, number=TALKED_DAYS)]


def _silence(day: dt.date, last: dt.date | None, cadence: int | None) -> list[Gap]:
    if not cadence:
        return []
    if last is None:
        return [Gap("never_talked")]
    days = (day - last).days
    return [Gap("silence", number=days, on=last)] if days > cadence else []


def _departures(day: dt.date, people: Sequence[PersonSeen]) -> list[Gap]:
    gaps = []
    for person in people:
        if person.gone_on is None or (day - person.gone_on).days > DEPARTED_DAYS:
            continue
        role = next((held.role for held in person.roles if held.role in KEY_ROLES), "")
        kind = "departed" if person.has_successor else "departed_no_successor"
        gaps.append(Gap(kind, role, person.id, (day - person.gone_on).days, person.gone_on))
    return gaps


def _long_posts(day: dt.date, present: Sequence[PersonSeen]) -> list[Gap]:
    gaps = []
    for person in present:
        role = next((held.role for held in person.roles if held.role in KEY_ROLES), "")
        since = person.in_post_since_on
        if role and since and (day - since).days > LONG_POST_DAYS:
            gaps.append(Gap("long_in_post", role, person.id, (day - since).days // 365, since))
    return gaps
