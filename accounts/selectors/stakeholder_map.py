"""The customer's people on any day: who plays which part, stands how, and with whom.

What held on the day as it is known now; a constant number of queries however many people.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.choices import (
    AccountRoleKind,
    ContactState,
    Direction,
    RecordKind,
    StakeholderRoleKind,
)
from accounts.domain.contact_states import (
    StateChange,
    next_change,
    standing_changes,
    state_on,
)
from accounts.domain.expectations import Expectation
from accounts.domain.people_gaps import Gap, PersonSeen, RoleHeld, gaps_on, talked_lately
from accounts.models import (
    Account,
    Contact,
    ContactStanding,
    Organisation,
    StakeholderRelation,
    StakeholderRole,
)
from accounts.querysets import by_contact, reach_of
from accounts.selectors.contact_history import states_of
from accounts.selectors.expectations import expectation_of
from accounts.selectors.map_parts import (
    EmptyRole,
    MapChange,
    MapLine,
    MapPerson,
    SponsorPair,
    StakeholderMap,
)
from accounts.selectors.talks import last_talks
from accounts.selectors.team import standing_roles

GONE = {ContactState.LEFT, ContactState.TRANSFERRED}
#: Who went longer ago is in the table, but no longer drawn.
DRAWN_DAYS = 365
INSTANT = dt.timedelta(microseconds=1)


def map_of(
    *, account: Account, user: Any, at: dt.datetime, day: dt.date | None = None
) -> StakeholderMap:
    """Return the customer's people on a day, today unless given, of what the user may see.

    What was written since counts for days past as well: it held then. Instants are of talks up to
    the end of that day where the organisation is.
    """
    zone = Organisation.objects.zone()
    today = at.astimezone(zone).date()
    day = day or today
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    facts = _facts(account, user, at)
    contacts = _contacts(account, user)
    talks = _Talks(account, user, min(at, midnight - INSTANT))
    history = states_of(contacts, zone)
    begun = _beginnings(facts, contacts, zone)
    people = [
        _person(contact, facts, history[contact.pk], talks, day, zone)
        for contact in contacts
        if not contact.is_ghost and begun[contact.pk] <= day and _is_kept(contact, day, zone)
    ]
    people.sort(key=lambda person: (person.is_gone, not person.roles))
    expected = expectation_of(account, day)
    ghosts = [contact for contact in contacts if contact.is_ghost and contact.archived_at is None]
    return StakeholderMap(
        day=day,
        today=today,
        first_day=min([*begun.values(), today]),
        people=people,
        ghosts=ghosts,
        empty=_empty(expected.required_roles, people),
        lines=_lines(facts.relations, people, day),
        sponsors=_sponsors(account, people, day),
        required=expected.required_roles,
        gaps=_gaps(account, people, expected, talks, day, ghosts=len(ghosts), zone=zone),
        changes=_changes(facts, contacts, history),
    )


@dataclass(frozen=True)
class _Facts:
    roles: dict[int, list[StakeholderRole]]
    standings: dict[int, list[ContactStanding]]
    relations: list[StakeholderRelation]


def _facts(account: Account, user: Any, at: dt.datetime) -> _Facts:
    roles: dict[int, list[StakeholderRole]] = defaultdict(list)
    standings: dict[int, list[ContactStanding]] = defaultdict(list)
    for part in _known(StakeholderRole, account, user, at):
        roles[part.contact_id].append(part)
    for standing in _known(ContactStanding, account, user, at):
        standings[standing.contact_id].append(standing)
    return _Facts(roles, standings, _known(StakeholderRelation, account, user, at))


def _known(model: Any, account: Account, user: Any, at: dt.datetime) -> list[Any]:
    rows = model.objects.visible_to(user).filter(account=account).known_at(at)
    return list(rows.order_by("starts_on", "pk"))


def _contacts(account: Account, user: Any) -> list[Contact]:
    rows = Contact.objects.visible_to(user).filter(account=account, merged_into__isnull=True)
    return list(rows.select_related("successor").order_by(*by_contact()))


class _Talks:
    """When we last talked to each of them, and to anybody."""

    def __init__(self, account: Account, user: Any, until: dt.datetime) -> None:
        #: Who sees no talks is told of no silence: to them there would be one everywhere.
        self.may_be_seen = reach_of(user).covers(account, RecordKind.TOUCHPOINT)
        last = last_talks(account=account, user=user, until=until)
        self.with_contact = last.with_contact
        self.last = last.by_direction.get(Direction.TWO_WAY)


def _beginnings(facts: _Facts, contacts: Iterable[Contact], zone: dt.tzinfo) -> dict[int, dt.date]:
    """Return since when each person is known to have been there."""
    begun = {}
    for contact in contacts:
        days = [contact.created_at.astimezone(zone).date()]
        days += [contact.in_post_since_on] if contact.in_post_since_on else []
        days += [part.starts_on for part in facts.roles[contact.pk]]
        days += [standing.starts_on for standing in facts.standings[contact.pk]]
        begun[contact.pk] = min(days)
    return begun


def _is_kept(contact: Contact, day: dt.date, zone: dt.tzinfo) -> bool:
    return contact.archived_at is None or contact.archived_at.astimezone(zone).date() > day


def _person(
    contact: Contact,
    facts: _Facts,
    written: list[StateChange],
    talks: _Talks,
    day: dt.date,
    zone: dt.tzinfo,
) -> MapPerson:
    now = state_on(day, written) or StateChange(day, ContactState.ACTIVE)
    gone_on = (now.starts_on or now.written_on) if now.state in GONE else None
    parts = facts.roles[contact.pk]
    roles = [part for part in parts if _holds(part, day)]
    if gone_on:
        roles = roles or [part for part in parts if part.ends_on == gone_on]
    talked_at = talks.with_contact.get(contact.pk)
    seen = PersonSeen(
        id=contact.pk,
        roles=tuple(RoleHeld(part.role, part.confirmed_on) for part in roles),
        gone_on=gone_on,
        in_post_since_on=contact.in_post_since_on,
        has_successor=contact.successor_id is not None,
        last_talk_on=talked_at.astimezone(zone).date() if talked_at else None,
    )
    return MapPerson(
        contact=contact,
        seen=seen,
        roles=roles,
        standing=next((s for s in facts.standings[contact.pk] if _holds(s, day)), None),
        state=now.state,
        state_since=now.starts_on,
        announced=next_change(day, written),
        last_talk_at=talked_at,
        is_talked_to=gone_on is None and talked_lately(seen, day),
        is_drawn=gone_on is None or (day - gone_on).days <= DRAWN_DAYS,
    )


def _holds(fact: Any, day: dt.date) -> bool:
    return fact.starts_on <= day and (fact.ends_on is None or fact.ends_on > day)


def _lines(
    relations: Iterable[StakeholderRelation], people: Iterable[MapPerson], day: dt.date
) -> list[MapLine]:
    shown = {person.contact.pk: person for person in people}
    lines = []
    for relation in relations:
        one, other = shown.get(relation.from_contact_id), shown.get(relation.to_contact_id)
        if one and other and _holds(relation, day):
            line = MapLine(relation, relation.kind, one, other)
            one.lines.append(line)
            lines.append(line)
    return lines


def _changes(
    facts: _Facts, contacts: Iterable[Contact], history: dict[int, list[StateChange]]
) -> list[MapChange]:
    """Return what changed on which day, the latest first; the first day of all is no change."""
    people = {contact.pk: contact for contact in contacts if contact.archived_at is None}
    found = []
    for pk, person in people.items():
        for change in standing_changes(history[pk]):
            if change.starts_on:
                found.append(MapChange(change.starts_on, "state", person, change.state))
        for part in facts.roles[pk]:
            found.append(MapChange(part.starts_on, "role_begins", person, part.role))
            if part.ends_on:
                found.append(MapChange(part.ends_on, "role_ends", person, part.role))
        for standing in facts.standings[pk]:
            if standing.stance:
                found.append(MapChange(standing.starts_on, "stance", person, standing.stance))
    for line in facts.relations:
        if line.from_contact_id in people and line.to_contact_id in people:
            ends = (people[line.from_contact_id], line.kind, people[line.to_contact_id])
            found.append(MapChange(line.starts_on, "line_begins", *ends))
            if line.ends_on:
                found.append(MapChange(line.ends_on, "line_ends", *ends))
    first = min((change.on for change in found), default=None)
    later = [change for change in found if change.on != first]
    return sorted(later, key=lambda change: change.on, reverse=True)


def _empty(required: Iterable[str], people: list[MapPerson]) -> list[EmptyRole]:
    empty = []
    for role in required:
        holders = [p for p in people if role in {part.role for part in p.roles}]
        if not any(not person.is_gone for person in holders):
            gone = sorted(holders, key=lambda person: person.seen.gone_on or dt.date.min)
            empty.append(EmptyRole(role, gone[-1] if gone else None))
    return empty


def _gaps(
    account: Account,
    people: list[MapPerson],
    expected: Expectation,
    talks: _Talks,
    day: dt.date,
    *,
    ghosts: int,
    zone: dt.tzinfo,
) -> list[Gap]:
    return gaps_on(
        day,
        [person.seen for person in people],
        required=expected.required_roles,
        last_talk_on=talks.last.astimezone(zone).date() if talks.last else None,
        cadence=expected.cadence(phase=account.phase) if talks.may_be_seen else None,
        ghosts=ghosts,
    )


def _sponsors(account: Account, people: list[MapPerson], day: dt.date) -> list[SponsorPair]:
    """Pair our executive sponsors with theirs, so that an empty side shows."""
    kind = AccountRoleKind.EXECUTIVE_SPONSOR
    prefetch_related_objects([account], standing_roles())
    held = [fact for fact in account.roles.all() if fact.role == kind and _holds(fact, day)]
    ours = [fact.user for fact in sorted(held, key=lambda fact: fact.pk)]
    sponsor = StakeholderRoleKind.EXECUTIVE_SPONSOR
    theirs = [p for p in people if not p.is_gone and sponsor in {part.role for part in p.roles}]
    nobody: list[Any] = [None]
    pairs = [(one, other) for one in ours or nobody for other in theirs or nobody]
    return [
        SponsorPair(one, other, other.last_talk_at if other else None)
        for one, other in pairs
        if one or other
    ]
