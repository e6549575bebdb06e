"""Erase a person: blank what is about them, in every table and its history, for ever.

Rows stay, so that scores, statistics and other people's histories keep adding up; what they said
about the person is gone. Only a keyed hash remains: in the list of addresses we never mail, and
in the row that says what is to be erased again after a restore.

The work is a job, because the sweep for mentions reads every table. It is one transaction.
"""

import datetime as dt
from dataclasses import astuple
from typing import Any

import pghistory
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.choices import SuppressionReason
from accounts.domain.person import Person
from accounts.models import Contact, Erasure, Job, Suppression, User
from accounts.querysets import may_answer_for_privacy
from accounts.registry import PersonalData, personal_data
from accounts.selectors.changes import event_table
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.outbox import person_key_of
from accounts.services.privacy.fence import hold_erasures
from accounts.services.privacy.ledger import note_erasure, noted_erasures
from accounts.services.privacy.mentions import drop_mentioning_files
from accounts.services.privacy.people import person_with
from config.lib.bells import ring
from config.lib.claims import new_owner
from config.lib.jobs import report_progress
from config.lib.problems import Problem

JOB_KIND = "erasure"
LEASE = dt.timedelta(minutes=30)
_ANSWERS = """
DELETE FROM accounts_idempotencykey k USING unnest(%s::bigint[]) AS contact
WHERE jsonb_path_exists(k.response, '$.** ? (@.id == $id && exists(@.family_name)'
                        ' || @.kind == "contact" && @.record == $id)',
                        jsonb_build_object('id', contact))
"""


class ErasureNotAllowed(Problem):
    """Only administrators and privacy officers erase people."""

    status = 403
    code = "erasure_not_allowed"
    title = _("Only administrators and privacy officers may do this.")


@transaction.atomic
def request_erasure(
    *, person: Person, at: dt.datetime, by: User | None, reference: str = "", language: str = "en"
) -> Erasure:
    """Queue the erasure of a person.

    :raises ErasureNotAllowed: for who does not answer for privacy.
    """
    if by is not None and not may_answer_for_privacy(by):
        raise ErasureNotAllowed
    job = Job.objects.create(
        kind=JOB_KIND, requested_by=by, language=language, due_at=at, created_at=at
    )
    erasure: Erasure = Erasure.objects.create(
        person_key=person.key,
        contacts=list(person.contacts),
        reference=reference,
        requested_by=by,
        job=job,
        created_at=at,
    )
    ring("erasure.queued")
    return erasure


def run_due_erasure(*, at: dt.datetime) -> int:
    """Take up the oldest erasure that is due and carry it out; return how many were taken up."""
    owner = new_owner()
    jobs = Job.objects.filter(kind=JOB_KIND).claim(limit=1, lease=LEASE, owner=owner, at=at)
    for job in jobs:
        with Job.objects.attempt(job, owner=owner, at=at), transaction.atomic():
            counts = apply_erasure(erasure=Erasure.objects.get(job=job), at=at, job=job)
            Job.objects.complete(job, owner=owner, at=at, result={"counts": counts})
    return len(jobs)


@transaction.atomic
def apply_erasure(*, erasure: Erasure, at: dt.datetime, job: Job | None = None) -> dict[str, int]:
    """Erase what the row says; applied again, it finds what came back. Return rows by table."""
    key = bytes(erasure.person_key) if erasure.person_key else None
    hold_erasures()
    erasure.refresh_from_db(fields=["contacts", "user_keys"])  # it may have been applied meanwhile
    list(Contact.objects.select_for_update().filter(pk__in=erasure.contacts).order_by("pk"))
    person = person_with(key=key, contacts=erasure.contacts)
    erasure.contacts = sorted({*erasure.contacts, *person.contacts})
    erasure.user_keys = _user_keys(erasure, person)
    with pghistory.context(user=erasure.requested_by_id, erasure=erasure.pk):
        files = drop_mentioning_files(person)
        counts = _blank(erasure, person, at=at, job=job)
        counts["answers"] = _forget_answers(person)
        counts["mentions"] = _erase_mentions(erasure, person)
        counts["files"] = files
    _suppress(key, at=at)
    mark_accounts_dirty(account_ids=person.accounts, reason="erasure", at=at)
    erasure.counts = {name: count for name, count in counts.items() if count}
    erasure.applied_at = at
    erasure.save()
    transaction.on_commit(lambda: note_erasure(erasure))
    counted: dict[str, int] = erasure.counts
    return counted


def reapply_erasures(*, at: dt.datetime) -> int:
    """After a restore erase again who was erased: rows on record and the ledger beside them.

    Return how many erasures were applied.
    """
    known = {_identity(row.person_key, row.contacts) for row in Erasure.objects.all()}
    for line in noted_erasures():
        key = bytes.fromhex(line["person_key"]) or None
        if _identity(key, line["contacts"]) not in known:
            created_at = dt.datetime.fromisoformat(line["created_at"])
            Erasure.objects.create(
                person_key=key,
                contacts=line["contacts"],
                user_keys=[bytes.fromhex(one) for one in line.get("user_keys", [])],
                created_at=created_at,
            )
            known.add(_identity(key, line["contacts"]))
    erasures = list(Erasure.objects.order_by("pk"))
    for erasure in erasures:
        apply_erasure(erasure=erasure, at=at)
    return len(erasures)


def _user_keys(erasure: Erasure, person: Person) -> list[bytes]:
    """Return hashes of the ids systems know the person by; those of before stay."""
    own = {person_key_of(text) for text in (*person.addresses, *person.external_ids)}
    return sorted(own.union(map(bytes, erasure.user_keys)))


def _identity(key: Any, contacts: list[int]) -> tuple[bytes, tuple[int, ...]]:
    """Say who a line is about; the numbers of rows tell people without an address apart."""
    return (bytes(key), ()) if key else (b"", tuple(contacts))


def _blank(erasure: Erasure, person: Person, *, at: dt.datetime, job: Job | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    members = personal_data.items()
    for done, (name, data) in enumerate(members):
        rows = data.rows(person)
        if data.in_history:
            ids = [*rows.values_list("pk", flat=True), *_removed(data, rows.model, person)]
            _blank_history(erasure, event_table(rows.model), ids, data.in_history)
        if data.forgets:
            counts[name] = rows.delete()[0]
        elif data.blanks:
            counts[name] = rows.update(**data.blanks)
        elif data.packed:
            counts[name] = data.packed(person)
        if data.in_history:
            _blank_history(erasure, event_table(rows.model), ids, data.in_history)
        if job is not None:
            report_progress(job, done=done, total=len(members) + 1, lease=LEASE)
    gone = Contact.objects.filter(pk__in=person.contacts, archived_at__isnull=True)
    gone.update(archived_at=at)
    return counts


def _removed(data: PersonalData, model: Any, person: Person) -> list[int]:
    """Return ids of rows about the person that are gone and left their events."""
    if data.past is None:
        return []
    there = model._base_manager.filter(pk=OuterRef("pgh_obj_id"))
    events = model.pgh_event_model._base_manager.filter(data.past(person), ~Exists(there))
    return list(events.order_by().values_list("pgh_obj_id", flat=True).distinct())


def _blank_history(erasure: Erasure, table: str, ids: list[int], columns: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_blank_history(%s, %s, %s, %s)",
            [erasure.pk, table, ids, list(columns)],
        )


def _forget_answers(person: Person) -> int:
    """Let go of answers kept for repeats that hold the person; a repeat is done anew."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [list(person.contacts)])
        return int(cursor.rowcount)


def _erase_mentions(erasure: Erasure, person: Person) -> int:
    anywhere, among_us = person.written_anywhere(), person.written_among_us()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_erase_mentions(%s, %s, %s, %s, %s)",
            [
                erasure.pk,
                [*astuple(anywhere)],
                [*astuple(among_us)],
                [*person.accounts],
                _chosen_columns(),
            ],
        )
        return int(cursor.fetchone()[0])


def _chosen_columns() -> list[str]:
    """Return the columns that hold a choice: `decision_maker` is a role, whoever is called so."""
    return [
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.choices
    ]


def _suppress(key: bytes | None, *, at: dt.datetime) -> None:
    if key is not None:
        row = Suppression(person_key=key, reason=SuppressionReason.ERASED, created_at=at)
        Suppression.objects.bulk_create([row], ignore_conflicts=True)
