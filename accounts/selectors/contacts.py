"""All that is known of one of the customer's people, for their page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.domain.contact_states import StateChange, next_change, standing_changes, state_on
from accounts.models import (
    Contact,
    ContactStanding,
    Organisation,
    StakeholderRelation,
    StakeholderRole,
    Touchpoint,
)
from accounts.querysets import at_or_merged_into
from accounts.selectors.contact_history import states_of
from accounts.selectors.touchpoint_types import type_label

TALKS_SHOWN = 20


@dataclass(frozen=True)
class ContactPage:
    """A person's parts, standing and lines with their spans, talks with them, and their state."""

    today: dt.date
    roles: list[StakeholderRole]
    past_roles: list[StakeholderRole]
    standing: ContactStanding | None
    standings: list[ContactStanding]
    lines: list[StakeholderRelation]
    talks: list[tuple[Touchpoint, str]]
    has_more_talks: bool
    state: StateChange
    announced: StateChange | None
    states: list[StateChange]
    moved_to: Contact | None


def contact_page(*, contact: Contact, user: Any, at: dt.datetime) -> ContactPage:
    """Return all there is to a person's page; of talks, those the user may see."""
    zone = Organisation.objects.zone()
    today = at.astimezone(zone).date()
    parts = list(
        StakeholderRole.objects.filter(contact=contact).current().order_by("-starts_on", "-pk")
    )
    known = ContactStanding.objects.filter(contact=contact).current()
    standings = list(known.order_by("-starts_on", "-pk"))
    ends = Q(from_contact=contact) | Q(to_contact=contact)
    lines = StakeholderRelation.objects.filter(ends).current().holding_on(today)
    talks = (
        Touchpoint.objects.visible_to(user)
        .standing()
        .filter(at_or_merged_into(contact, "contacts"))
        .distinct()
        .order_by("-occurred_at", "-pk")[: TALKS_SHOWN + 1]
    )
    written = states_of([contact], zone)[contact.pk]
    moved = Contact.objects.visible_to(user).filter(moved_from=contact).select_related("account")
    return ContactPage(
        today=today,
        roles=[part for part in parts if not _is_over(part, today)],
        past_roles=[part for part in parts if _is_over(part, today)],
        standing=next(
            (s for s in standings if s.starts_on <= today and not _is_over(s, today)), None
        ),
        standings=standings,
        lines=list(lines.select_related("from_contact", "to_contact").order_by("kind", "pk")),
        talks=[(talk, type_label(talk.type)) for talk in talks[:TALKS_SHOWN]],
        has_more_talks=len(talks) > TALKS_SHOWN,
        state=state_on(today, written) or StateChange(today, contact.state),
        announced=next_change(today, written),
        states=list(reversed(standing_changes(written))),
        moved_to=moved.order_by("-pk").first(),
    )


def _is_over(fact: Any, today: dt.date) -> bool:
    return fact.ends_on is not None and fact.ends_on <= today


def _holds(fact: Any, today: dt.date) -> bool:
    return fact.starts_on <= today and not _is_over(fact, today)
