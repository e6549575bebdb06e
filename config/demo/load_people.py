"""Write the customers' people: who they are, what they are to us, who moved on when."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from accounts.domain.names import fold_for_search
from accounts.models import Contact, ContactStanding, StakeholderRelation, StakeholderRole
from accounts.services.outbox import person_key_of
from config.demo.load import Member, at, mail_domain
from config.demo.maps import MAPS
from config.demo.world import FAMILY_NAMES, GIVEN_NAMES, POSTS, PersonName, person_name

#: Posts change in these months; a person who left theirs then is noticed on the first day.
MOVING_MONTHS = (4, 10)


def load_people(members: Sequence[Member]) -> dict[int, list[Contact]]:
    """Insert contacts with roles, standing and reporting lines; return them by account id."""
    contacts = [contact for member in members for contact in _people_of(member)]
    Contact.objects.bulk_create(contacts, batch_size=2000)
    by_account: dict[int, list[Contact]] = {}
    for contact in contacts:
        by_account.setdefault(contact.account_id, []).append(contact)
    _link_successors(contacts)
    _load_roles(members, by_account)
    _load_ghosts(members)
    return by_account


def _people_of(member: Member) -> list[Contact]:
    if member.story.people:
        return [
            _contact(member, index, _known(family, given), department, title, state)
            for index, (family, given, department, title, _role, state) in enumerate(
                member.story.people
            )
        ]
    if not member.story.seats:
        return []
    count = {"a": 7, "b": 5, "c": 3}[member.story.tier]
    order = (3, 0, 2, 1, 4, 5, 7)[:count]
    people = []
    for index, post in enumerate(order):
        department, title, _role = POSTS[post]
        state = "active"
        if post == 2 and (member.rng.random() < 0.15 or "champion_left" in member.story.fields):
            state = "transferred"
        people.append(_contact(member, index, person_name(member.rng), department, title, state))
    return people


def _known(family: str, given: str) -> PersonName:
    f = next(name for name in FAMILY_NAMES if name[0] == family)
    g = next(name for name in GIVEN_NAMES if name[0] == given)
    return PersonName(f[0], g[0], f[1], g[1], f[2], g[2])


def _contact(
    member: Member, index: int, name: PersonName, department: str, title: str, state: str
) -> Contact:
    local = f"{name.given_latin}.{name.family_latin}".lower()
    email = f"{local}{index or ''}@{mail_domain(member)}"
    moved = _moved_on(member) if state == "transferred" else None
    japanese = member.story.language == "ja"
    told = MAPS.get(member.story.key)
    approach, message = told.notes.get(index, ("", "")) if told else ("", "")
    return Contact(
        account=member.account,
        external_id=f"{member.story.key}-u{index}",
        family_name=name.family if japanese else name.family_latin,
        given_name=name.given if japanese else name.given_latin,
        family_kana=name.family_kana if japanese else "",
        given_kana=name.given_kana if japanese else "",
        family_name_latin=name.family_latin,
        given_name_latin=name.given_latin,
        email=email,
        person_key=person_key_of(email),
        phone=f"03-5550-{member.rng.randint(100, 9999):04}",
        department=department,
        title=title,
        language=member.story.language,
        state=state,
        state_on=moved,
        in_post_since_on=member.first,
        approach=approach,
        message=message,
        search_text=fold_for_search(
            f"{name.family}{name.given} {name.family_kana}{name.given_kana} "
            f"{name.family_latin} {name.given_latin} {email}"
        ),
        created_at=at(member.first, 9),
    )


def _moved_on(member: Member) -> dt.date:
    """Return when a champion took another post: in season, or before a customer left over it."""
    ago = member.story.fields.get("champion_left")
    if ago is None:
        return last_season(member.today)
    return max(member.first, member.today - dt.timedelta(days=ago))


def last_season(today: dt.date) -> dt.date:
    """Return the last 1 April or 1 October not after `today`."""
    days = [dt.date(year, month, 1) for year in (today.year - 1, today.year)
            for month in MOVING_MONTHS]  # fmt: skip
    return max(day for day in days if day <= today)


def _link_successors(contacts: Sequence[Contact]) -> None:
    """Half of those who moved have a successor among the colleagues who came after them."""
    linked = []
    for before, after in pairwise(contacts):
        same = before.account_id == after.account_id
        if before.state == "transferred" and same and before.pk % 2:
            before.successor = after
            linked.append(before)
    Contact.objects.bulk_update(linked, ["successor"])


def _fact(member: Member, contact: Contact) -> dict[str, Any]:
    return {
        "account": member.account,
        "contact": contact,
        "starts_on": member.first,
        "recorded_at": at(member.first, 10),
    }


def _role(member: Member, contact: Contact, kind: str) -> StakeholderRole:
    ends = contact.state_on if contact.state == "transferred" else None
    return StakeholderRole(
        **_fact(member, contact), role=kind, ends_on=ends, confirmed_on=_confirmed(member)
    )


def _standing(member: Member, contact: Contact, kind: str) -> ContactStanding:
    return ContactStanding(
        **_fact(member, contact),
        stance=member.rng.choice(("supporter", "supporter", "neutral", "opponent")),
        influence="high" if kind == "decision_maker" else "medium",
        strength=member.rng.choice(("low", "medium", "high")),
    )


def _reports(member: Member, contact: Contact, boss: Contact) -> StakeholderRelation:
    return StakeholderRelation(
        account=member.account, from_contact=contact, to_contact=boss, kind="reports_to",
        starts_on=member.first, recorded_at=at(member.first, 10),
    )  # fmt: skip


def _load_roles(members: Sequence[Member], by_account: dict[int, list[Contact]]) -> None:
    roles: list[StakeholderRole] = []
    standings: list[ContactStanding] = []
    relations: list[StakeholderRelation] = []
    for member in members:
        people = by_account.get(member.account.pk, [])
        kinds = _role_kinds(member, len(people))
        boss = people[1] if len(people) > 1 else None
        for contact, kind in zip(people, kinds, strict=False):
            roles += [_role(member, contact, kind)] if kind else []
            standings.append(_standing(member, contact, kind))
            if boss and contact is not boss and member.story.key not in MAPS:
                relations.append(_reports(member, contact, boss))
        if member.story.key in MAPS:
            standings[-len(people) :] = _told_standings(member, people)
            relations += _told_lines(member, people)
    StakeholderRole.objects.bulk_create(roles, batch_size=2000)
    ContactStanding.objects.bulk_create(standings, batch_size=2000)
    StakeholderRelation.objects.bulk_create(relations, batch_size=2000)


def _told_standings(member: Member, people: Sequence[Contact]) -> list[ContactStanding]:
    told = MAPS[member.story.key].standings
    return [
        ContactStanding(
            account=member.account, contact=contact, starts_on=member.first,
            recorded_at=at(member.first, 10), stance=stance, influence=influence, strength=strength,
        )
        for contact, (stance, influence, strength) in zip(people, told, strict=True)
    ]  # fmt: skip


def _told_lines(member: Member, people: Sequence[Contact]) -> list[StakeholderRelation]:
    return [
        StakeholderRelation(
            account=member.account, from_contact=people[one], to_contact=people[other], kind=kind,
            starts_on=member.first, recorded_at=at(member.first, 10),
        )
        for one, kind, other in MAPS[member.story.key].lines
    ]  # fmt: skip


def _load_ghosts(members: Sequence[Member]) -> None:
    """Insert who was seen in usage and never introduced."""
    ghosts = [
        Contact(
            account=member.account,
            external_id=external_id,
            is_ghost=True,
            language=member.story.language,
            search_text=fold_for_search(external_id),
            created_at=at(member.today - dt.timedelta(days=20), 9),
        )
        for member in members
        if member.story.key in MAPS
        for external_id in MAPS[member.story.key].ghosts
    ]
    Contact.objects.bulk_create(ghosts)


def _role_kinds(member: Member, count: int) -> list[str]:
    if member.story.people:
        return [person[4] for person in member.story.people]
    kinds = ["day_to_day", "decision_maker", "champion", "executive_sponsor"]
    kinds += ["technical_lead", "billing", "influencer"]
    kept = round(member.story.life.roles * 4)
    return [kind if index < kept or index >= 4 else "" for index, kind in enumerate(kinds)][:count]


def _confirmed(member: Member) -> dt.date | None:
    if member.rng.random() > member.story.life.roles + 0.1:
        return None
    return max(member.first, member.today - dt.timedelta(days=member.rng.randint(20, 340)))
