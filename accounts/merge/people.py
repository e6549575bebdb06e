"""People on both sides: contacts with their parts, and who of us looks after the account."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import MergeEffect, MergeKind
from accounts.models import (
    Account,
    AccountRole,
    AccountShare,
    Contact,
    ContactStanding,
    Organisation,
    StakeholderRelation,
    StakeholderRole,
)
from accounts.registry import MergePart, RowChange, merge_parts


def standing_from(rows: Any, today: dt.date) -> Any:
    """Keep facts that hold today or later."""
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    return rows.filter(later, retracted_at__isnull=True)


def ended(rows: QuerySet[Any], today: dt.date) -> Iterator[RowChange]:
    """End facts today; those that would begin later end before they begin."""
    for first in sorted(set(rows.values_list("starts_on", flat=True))):
        day = max(today, first)
        beginning = rows.filter(starts_on=first)
        yield RowChange(beginning, {"ends_on": day}, MergeEffect.ENDED)


def _contacts(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    """Contacts move with their open parts; those the target knows by address were joined before."""
    today = Organisation.objects.day_of(at)
    people = Contact.objects.filter(account=source, archived_at__isnull=True)
    known = Contact.objects.filter(account=target, archived_at__isnull=True).exclude(email="")
    moving = people.annotate(address=Lower("email")).exclude(
        address__in=known.annotate(address=Lower("email")).values("address")
    )
    ids = list(moving.values_list("pk", flat=True))
    yield RowChange(Contact.objects.filter(pk__in=ids), {"account_id": target.pk})
    for model, link in ((StakeholderRole, "contact"), (ContactStanding, "contact")):
        facts = model.objects.filter(account=source, **{f"{link}__in": ids})
        yield RowChange(standing_from(facts, today), {"account_id": target.pk})
    lines = StakeholderRelation.objects.filter(
        account=source, from_contact__in=ids, to_contact__in=ids
    )
    yield RowChange(standing_from(lines, today), {"account_id": target.pk})


def _our_roles(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    """Our roles: where the target has somebody, theirs stays and the other's ends."""
    today = Organisation.objects.day_of(at)
    rows: Any = AccountRole.objects.filter(account=source)
    filled = standing_from(AccountRole.objects.filter(account=target), today).values("role")
    double = set(filled.values_list("role", flat=True))
    ours = standing_from(rows, today)
    yield from ended(ours.filter(role__in=double), today)
    yield RowChange(ours.exclude(role__in=double), {"account_id": target.pk})


def _shares(*, source: Account, target: Account, at: dt.datetime) -> Iterator[RowChange]:
    known = AccountShare.objects.filter(account=target)
    rows = AccountShare.objects.filter(account=source).exclude(
        Q(user__in=known.filter(user__isnull=False).values("user"), user__isnull=False)
        | Q(team__in=known.filter(team__isnull=False).values("team"), team__isnull=False)
    )
    yield RowChange(rows, {"account_id": target.pk})


def _parts(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    """Parts and standing: what the target has of them stays, the other's ends."""
    today = Organisation.objects.day_of(at)
    to = {"contact_id": target.pk, "account_id": target.account_id}
    plays = standing_from(StakeholderRole.objects.filter(contact=target), today)
    double = set(plays.values_list("role", flat=True))
    parts = standing_from(StakeholderRole.objects.filter(contact=source), today)
    yield from ended(parts.filter(role__in=double), today)
    yield RowChange(parts.exclude(role__in=double), to)
    stands = standing_from(ContactStanding.objects.filter(contact=source), today)
    if standing_from(ContactStanding.objects.filter(contact=target), today).exists():
        yield from ended(stands, today)
    else:
        yield RowChange(stands, to)


def _lines(*, source: Contact, target: Contact, at: dt.datetime) -> Iterator[RowChange]:
    """Lines move to the person who stays, unless they would lead to themselves or be double."""
    today = Organisation.objects.day_of(at)
    for end, other in (("from_contact", "to_contact"), ("to_contact", "from_contact")):
        lines = standing_from(StakeholderRelation.objects.filter(**{end: source}), today)
        drawn = standing_from(StakeholderRelation.objects.filter(**{end: target}), today)
        double = Q(pk__in=[])
        for person, kind in drawn.values_list(other, "kind"):
            double |= Q(**{other: person, "kind": kind})
        foreign = ~Q(**{f"{other}__account": target.account_id})
        senseless = Q(**{other: target.pk}) | foreign | double
        keys = list(lines.filter(senseless).values_list("pk", flat=True))
        yield from ended(StakeholderRelation.objects.filter(pk__in=keys), today)
        to = {f"{end}_id": target.pk, "account_id": target.account_id}
        yield RowChange(lines.exclude(pk__in=keys), to)


for part in (
    MergePart("contacts", _("Contacts"), MergeKind.ACCOUNT, 20, _contacts),
    MergePart("our_roles", _("Who looks after it"), MergeKind.ACCOUNT, 21, _our_roles),
    MergePart("shares", _("Shared with"), MergeKind.ACCOUNT, 22, _shares),
    MergePart("parts", _("Roles and standing"), MergeKind.CONTACT, 20, _parts),
    MergePart("lines", _("Relations to colleagues"), MergeKind.CONTACT, 21, _lines),
):
    merge_parts.register(part.key)(part)
