"""Exports: asked for, carried out by a worker, kept for a while, handed to who asked.

The file is made from what its owner may see when the job runs, not when they asked. It is written
beside the database; only its name, digest and the job's end are one transaction. A worker killed
in between leaves a file nobody knows, which the next one does not need.
"""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.core.files import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import ExportFormat, ExportHeader, ExportKind, UserRole
from accounts.models import Contact, Export, Job, Organisation, User
from accounts.querysets import may_answer_for_privacy, reach_of
from accounts.services.exports.everything import write_everything
from accounts.services.exports.sheets import BATCH
from accounts.services.exports.sources import open_sheet
from accounts.services.exports.writers import WRITERS
from accounts.services.privacy.bundle import write_bundle
from accounts.services.privacy.fence import check_nobody_erased, last_erasure
from accounts.services.privacy.people import person_of
from config.lib.bells import ring
from config.lib.claims import new_owner
from config.lib.jobs import report_progress
from config.lib.problems import Problem

JOB_KIND = "export"
LEASE = dt.timedelta(minutes=5)
FILES_KEPT = dt.timedelta(days=7)
LONGEST_QUERY = 4000


@dataclass(frozen=True)
class ExportOrder:
    """What is to be taken out.

    :param source: key of a list: `accounts` or a member of the registry of lists.
    :param query: the list's address behind the question mark.
    """

    source: str = ""
    query: str = ""
    kind: str = ExportKind.LIST
    format: str = ExportFormat.CSV
    header: str = ExportHeader.LABELS
    language: str = "en"


class ExportNotAllowed(Problem):
    """The role of the user does not let them take this out."""

    status = 403
    code = "export_not_allowed"
    title = _("You may not take this out.")


class BadExport(Problem):
    """What was asked for can't be a file."""

    code = "bad_export"
    title = _("The export can't be made this way.")


@transaction.atomic
def request_export(*, order: ExportOrder, at: dt.datetime, by: User) -> Export:
    """Queue an export.

    :raises UnknownList: for a list there is not, or of which the user sees nothing.
    :raises BadExport: for a format this kind of export does not have.
    """
    is_storable = "\0" not in order.query and len(order.query) <= LONGEST_QUERY
    if not is_storable or order.format not in WRITERS:
        raise BadExport
    open_sheet(order.source, user=by, query=order.query, at=at)
    return _queue(order, at=at, by=by)


@transaction.atomic
def request_bundle(*, contact: Contact, language: str, at: dt.datetime, by: User) -> Export:
    """Queue everything about the person behind a contact.

    :raises ExportNotAllowed: for who does not answer for privacy.
    """
    if not may_answer_for_privacy(by):
        raise ExportNotAllowed
    order = ExportOrder(kind=ExportKind.PERSON, format=ExportFormat.ZIP, language=language)
    return _queue(order, at=at, by=by, contact=contact)


@transaction.atomic
def request_everything(*, language: str, at: dt.datetime, by: User) -> Export:
    """Queue the whole organisation as an archive.

    :raises ExportNotAllowed: for who is no administrator.
    """
    if reach_of(by).role != UserRole.ADMINISTRATOR:
        raise ExportNotAllowed
    order = ExportOrder(kind=ExportKind.EVERYTHING, format=ExportFormat.ZIP, language=language)
    return _queue(order, at=at, by=by)


def _queue(
    order: ExportOrder, *, at: dt.datetime, by: User, contact: Contact | None = None
) -> Export:
    job = Job.objects.create(
        kind=JOB_KIND, requested_by=by, language=order.language, due_at=at, created_at=at
    )
    export: Export = Export.objects.create(
        job=job,
        kind=order.kind,
        source=order.source,
        query=order.query,
        format=order.format,
        header=order.header,
        contact=contact,
        expires_at=at + FILES_KEPT,
    )
    ring("export.queued")
    return export


def run_due_export(*, at: dt.datetime) -> int:
    """Take up the oldest export that is due and carry it out; return how many were taken up."""
    owner = new_owner()
    jobs = Job.objects.filter(kind=JOB_KIND).claim(limit=1, lease=LEASE, owner=owner, at=at)
    for job in jobs:
        with Job.objects.attempt(job, owner=owner, at=at):
            export = Export.objects.select_related("job__requested_by").get(job=job)
            export.job = job
            _carry_out(export, owner=owner, at=at)
    return len(jobs)


def _carry_out(export: Export, *, owner: str, at: dt.datetime) -> None:
    """Make the file in the language of whoever asked for it, and keep it."""
    erased = last_erasure()
    with translation.override(export.job.language), tempfile.TemporaryFile() as spool:
        made = MAKERS[export.kind](export, spool, at=at)
        export.rows, export.file_name = made.rows, made.name
        export.size, export.sha256 = _digest(spool)
        export.expires_at = at + FILES_KEPT
        export.file.save(export.file_name, File(spool), save=False)
        try:
            with transaction.atomic():
                check_nobody_erased(since=erased)
                export.save()
                result = {"rows": made.rows, **made.result}
                Job.objects.complete(export.job, owner=owner, at=at, result=result)
        except BaseException:
            export.file.delete(save=False)
            raise


@dataclass(frozen=True)
class Made:
    """A file that was written: how it is called and how many rows it has."""

    name: str
    rows: int
    result: Mapping[str, Any]


def _make_list(export: Export, spool: IO[bytes], *, at: dt.datetime) -> Made:
    user = _owner(export)
    # One snapshot: the count, and the rows through a cursor on the server.
    with transaction.atomic():
        sheet = open_sheet(export.source, user=user, query=export.query, at=at)
        total = sheet.count()
        writer = WRITERS[export.format](
            spool, sheet.columns, header=export.header, zone=ZoneInfo(user.time_zone)
        )
        done = 0
        for done, values in enumerate(sheet.rows(), start=1):
            writer.write(values)
            if done % BATCH == 0:
                report_progress(export.job, done=done, total=max(done, total))
        writer.close()
    name = f"{export.source}-{Organisation.objects.day_of(at)}.{writer.extension}"
    return Made(name, done, {})


def _make_bundle(export: Export, spool: IO[bytes], *, at: dt.datetime) -> Made:
    user = _owner(export)
    if not may_answer_for_privacy(user) or export.contact is None:
        raise ExportNotAllowed
    with transaction.atomic():
        rows = write_bundle(
            spool,
            person_of(export.contact),
            user=user,
            at=at,
            progress=lambda done, total: report_progress(export.job, done=done, total=total),
        )
    return Made(f"person-{export.contact.pk}-{Organisation.objects.day_of(at)}.zip", rows, {})


def _make_everything(export: Export, spool: IO[bytes], *, at: dt.datetime) -> Made:
    if reach_of(_owner(export)).role != UserRole.ADMINISTRATOR:
        raise ExportNotAllowed
    rows = write_everything(
        spool,
        at=at,
        progress=lambda done, total: report_progress(export.job, done=done, total=total),
    )
    return Made(f"yorisoi-{Organisation.objects.day_of(at)}.zip", rows, {})


def _owner(export: Export) -> User:
    """Return who asked, if they may still sign in; their rights are asked anew.

    :raises ExportNotAllowed: when nobody may have the file any more.
    """
    user: User | None = export.job.requested_by
    if user is None or not reach_of(user).role:
        raise ExportNotAllowed
    return user


def _digest(spool: IO[bytes]) -> tuple[int, str]:
    digest = hashlib.sha256()
    spool.seek(0)
    while chunk := spool.read(1 << 20):
        digest.update(chunk)
    size = spool.tell()
    spool.seek(0)
    return size, digest.hexdigest()


Maker = Callable[..., Made]
MAKERS: dict[str, Maker] = {
    ExportKind.LIST: _make_list,
    ExportKind.PERSON: _make_bundle,
    ExportKind.EVERYTHING: _make_everything,
}
