"""Write two years of usage straight into the roll-ups, as known on the day it happened."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from accounts.models import Contact
from config.demo.lives import SERIES, use_product
from config.demo.load import Member, at
from scoring.models import EventName, Source, SourceDay, UsageUser, WriteKey
from scoring.models.usage import ANY_EVENT, KNOWN_THAT_DAY
from scoring.services.ingest.retention import add_usage_months

#: The series whose distinct users are counted apart: the key workflow.
KEY_WORKFLOW = 1
OUTPUT = 2
MEANINGS = {0: "login", OUTPUT: "record"}


def load_usage(
    members: Sequence[Member], *, people: dict[int, list[Contact]], workdays: Sequence[dt.date]
) -> None:  # fmt: skip
    """COPY the roll-ups of the given accounts."""
    names = _event_names()
    days: list[tuple[Any, ...]] = []
    months: list[tuple[int, dt.date, int, int, int]] = []
    for member in members:
        used = use_product(
            member.story.life, seats=member.story.seats, first=member.first, workdays=workdays,
            rng=member.rng,
        )  # fmt: skip
        account = member.account.pk
        days += [(account, day, names[series], day, n) for day, series, n in used.days]
        for series, masks in ((ANY_EVENT, used.months), (names[KEY_WORKFLOW], used.keen)):
            months += [(account, month, series, user, n) for (month, user), n in masks.items()]
    _note_last_days(days)
    if days:
        known = [day for _, day, *_ in days]
        add_usage_months(first=min(known), last=max(known))
    users = _load_users(months, people)
    _copy("usage_day", "account_id, day, series_id, known_on, n", days)
    _copy(
        "user_month",
        "account_id, month, series_id, user_id, known_on, days",
        (
            (account, month, series, users[account, user], KNOWN_THAT_DAY, bits)
            for account, month, series, user, bits in months
        ),
    )


def load_sources(members: Sequence[Member], *, key: WriteKey, own: WriteKey) -> None:
    """Say which source fed whom until when; `own` is the one that fell silent."""
    tracked = [member for member in members if member.story.life.tracked and member.story.seats]
    if not tracked:
        return
    today = tracked[0].today
    Source.objects.bulk_create(
        [
            Source(
                write_key=own if member.story.fields.get("own_source") else key,
                account=member.account,
                first_event_at=at(member.first),
                last_event_at=at(today - dt.timedelta(days=1 + member.story.life.stopped)),
            )
            for member in tracked
        ]
    )
    silent = next((m.story.life.stopped for m in tracked if m.story.fields.get("own_source")), 0)
    start = min(member.first for member in tracked)
    every = [start + dt.timedelta(days=n) for n in range((today - start).days)]
    SourceDay.objects.bulk_create(
        [
            SourceDay(write_key=source, day=day, last_arrival_at=at(day, 23), items=1000)
            for source, until in ((key, 0), (own, silent))
            for day in every
            if (today - day).days > until
        ],
        batch_size=2000,
    )


def _event_names() -> dict[int, int]:
    names = {}
    for index, name in enumerate(SERIES):
        row, _ = EventName.objects.get_or_create(
            name=name,
            defaults={
                "counts_users": index == KEY_WORKFLOW,
                "meaning": MEANINGS.get(index, ""),
                "is_key_feature": index not in MEANINGS or index == OUTPUT,
            },
        )
        names[index] = row.pk
    return names


def _note_last_days(days: Sequence[tuple[Any, ...]]) -> None:
    last: dict[int, dt.date] = {}
    for _account, day, series, *_counts in days:
        last[series] = max(day, last.get(series, day))
    rows = [EventName(pk=series, last_on=day) for series, day in last.items()]
    EventName.objects.bulk_update(rows, ["last_on"])


def _load_users(
    months: Sequence[tuple[int, dt.date, int, int, int]], people: dict[int, list[Contact]]
) -> dict[tuple[int, int], int]:
    pairs = sorted({(account, user) for account, _month, _series, user, _bits in months})
    rows = []
    for account, index in pairs:
        contacts = people.get(account, [])
        contact = contacts[index] if index < len(contacts) else None
        name = (contact and contact.external_id) or f"a{account}-u{index}"
        rows.append(UsageUser(account_id=account, user_key=name, contact=contact))
    UsageUser.objects.bulk_create(rows, batch_size=5000)
    return {pair: row.pk for pair, row in zip(pairs, rows, strict=True)}


def _copy(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY scoring_{table.replace('_', '')} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
