"""Imports: opened with a file, carried out by a worker or a command, previewed or for good.

A fault of the file refuses it all. Faults of rows leave the good rows in one transaction and the
others in an error file, unless all or nothing was asked for. The import's writes, its job's end
and its result are one transaction: a worker killed in the middle leaves nothing behind, and the
next one begins anew when the lease has run out.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pghistory
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import Known, Scope
from accounts.models import ImportRun, Job, User
from accounts.querysets import reach_of
from accounts.registry import importers
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.work import carry_out
from config.lib.bells import ring
from config.lib.claims import new_owner
from config.lib.jobs import JobState
from config.lib.problems import Conflict, Problem

JOB_KIND = "import"
LEASE = dt.timedelta(minutes=5)
FILES_KEPT = dt.timedelta(days=30)


@dataclass(frozen=True)
class ImportOrder:
    """What is to be done with a file.

    :param kind: key of an importer.
    :param mapping: `{"columns": {header: key or null}, "clear": [key], "values": {key: text},
        "fill_only": bool}`.
    :param waits: somebody says first which column is which, by `preview_with`.
    :param sheet: of a workbook; the first that holds anything unless named.
    :param known: `declared` where facts count as known since they happened, not since the import.
    """

    kind: str
    file_name: str
    is_dry_run: bool = False
    is_all_or_nothing: bool = False
    mapping: Mapping[str, Any] | None = None
    waits: bool = False
    sheet: str = ""
    known: str = Known.RECORDED
    language: str = "en"


class ImportNotAllowed(Problem):
    """The role of the user lets them change no records of this kind."""

    status = 403
    code = "import_not_allowed"
    title = _("You may not change records of this kind.")


def may_import(user: User, kind: str) -> bool:
    """Say whether the role of the user lets them change any records of this kind."""
    record_kind = importers.get(kind).record_kind
    return reach_of(user).scope(record_kind, write=True) != Scope.NONE


@transaction.atomic
def open_import(
    *, order: ImportOrder, file: "File[Any]", at: dt.datetime, by: User | None = None
) -> ImportRun:
    """Keep the file and queue its import.

    :raises ImportNotAllowed: for a user who may change no record of the kind.
    :raises BadImportFile: when it is larger than we take.
    :raises UnknownKey: for a kind there is no importer for.
    """
    _refuse_outsiders(by, order.kind)
    run = _make_run(order, file, at=at, by=by, job=_make_job(order, by=by, at=at))
    if order.waits:
        Job.objects.filter(pk=run.job_id).update(due_at=run.expires_at)
    else:
        ring("import.queued")
    return run


@transaction.atomic
def preview_with(
    *, run: ImportRun, mapping: Mapping[str, Any], sheet: str, at: dt.datetime, by: User
) -> ImportRun:
    """Queue a preview of the file with this mapping: the first one, or one more.

    :raises BadImportFile: for a mapping that does not do.
    """
    _refuse_outsiders(by, run.kind)
    _refuse_odd_mapping(mapping)
    locked: ImportRun = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    job = Job.objects.get(pk=locked.job_id)
    if not is_waiting(locked, job):
        job = Job.objects.create(kind=JOB_KIND, requested_by=by, language=job.language, due_at=at)
        locked.pk, locked.job, locked.is_dry_run, locked.preview = None, job, True, None
        locked._state.adding = True
        locked.error_file, locked.expires_at = "", at + FILES_KEPT
    locked.mapping, locked.sheet = dict(mapping), sheet
    locked.save()
    Job.objects.filter(pk=job.pk).update(due_at=at)
    ring("import.queued")
    return locked


def is_waiting(run: ImportRun, job: Job) -> bool:
    """Say whether somebody has yet to say which column is which."""
    return job.state == JobState.QUEUED and job.due_at >= run.expires_at


class NothingToFollow(Conflict):
    """What is to be followed is no preview, is not done, or found nothing to take in."""

    code = "nothing_to_follow"
    title = _("Only a preview that found rows to take in can be followed.")


def may_follow(run: ImportRun) -> bool:
    """Say whether the file of a preview can be taken in as it was previewed."""
    result = run.job.result
    takes_rows = result.get("created", 0) + result.get("updated", 0) > 0
    refused = run.is_all_or_nothing and result.get("failed", 0) > 0
    return bool(
        run.is_dry_run
        and run.job.state == JobState.DONE
        and run.file
        and takes_rows
        and not refused
    )


@transaction.atomic
def follow_preview(*, preview: ImportRun, at: dt.datetime, by: User) -> ImportRun:
    """Queue the import that was previewed: the same file, read the same way; twice is once.

    :raises NothingToFollow: for what is no preview, is not done, or found nothing to take in.
    """
    locked: ImportRun = ImportRun.objects.select_for_update(of=("self",)).get(pk=preview.pk)
    followed: ImportRun | None = ImportRun.objects.filter(preview=locked).first()
    if followed is not None:
        return followed
    if not may_follow(locked):
        raise NothingToFollow
    job = Job.objects.create(
        kind=JOB_KIND, requested_by=by, language=locked.job.language, due_at=at
    )
    locked.pk, locked.job, locked.is_dry_run, locked.preview = None, job, False, preview
    locked._state.adding = True
    locked.error_file, locked.expires_at = "", at + FILES_KEPT
    locked.save()
    ring("import.queued")
    return locked


def import_here(
    *, order: ImportOrder, file: "File[Any]", at: dt.datetime, by: User | None = None
) -> ImportRun:
    """Take the file in within this process, for a command; no worker gets hold of it.

    :raises BadImportFile: when nothing of the file can be taken in.
    """
    owner = new_owner()
    with transaction.atomic():
        job = _make_job(order, by=by, at=at)
        job.state, job.leased_by, job.attempts = JobState.RUNNING, owner, 1
        job.leased_until = at + LEASE
        job.save()
        run = _make_run(order, file, at=at, by=by, job=job)
    try:
        _carry_out(run, owner=owner, at=at)
    except Problem as error:
        Job.objects.fail(job, owner=owner, error=error, at=at)
        raise
    except Exception as error:
        Job.objects.give_up(job, owner=owner, error=error, at=at)
        raise
    run.refresh_from_db()
    return run


def run_due_import(*, at: dt.datetime) -> int:
    """Take up the oldest import that is due and carry it out; return how many were taken up."""
    owner = new_owner()
    jobs = Job.objects.filter(kind=JOB_KIND).claim(limit=1, lease=LEASE, owner=owner, at=at)
    for job in jobs:
        with Job.objects.attempt(job, owner=owner, at=at):
            run = ImportRun.objects.get(job=job)
            run.job = job
            _carry_out(run, owner=owner, at=at)
    return len(jobs)


def remove_expired_files(*, at: dt.datetime) -> int:
    """Delete the files of imports whose time is over; their results stay."""
    runs = list(ImportRun.objects.filter(expires_at__lte=at).exclude(file="")[:100])
    for run in runs:
        shared = ImportRun.objects.filter(file=run.file.name, expires_at__gt=at).exists()
        if not shared:
            run.file.storage.delete(run.file.name)
        run.error_file.delete(save=False)
        run.changes.all().delete()
        Job.objects.filter(pk=run.job_id).cancel(at=at)
        run.file = ""
        run.save(update_fields=["file", "error_file"])
    return len(runs)


def _refuse_outsiders(by: User | None, kind: str) -> None:
    """Ask again when the import runs: rights may have changed since it was asked for."""
    if by is not None and not may_import(by, kind):
        raise ImportNotAllowed


def _make_job(order: ImportOrder, *, by: User | None, at: dt.datetime) -> Job:
    importers.get(order.kind)
    return Job.objects.create(
        kind=JOB_KIND, requested_by=by, language=order.language, due_at=at, created_at=at
    )


def _make_run(
    order: ImportOrder, file: "File[Any]", *, at: dt.datetime, by: User | None, job: Job
) -> ImportRun:
    if file.size > settings.IMPORT_MAX_BYTES:
        raise BadImportFile("too_large", limit=settings.IMPORT_MAX_BYTES // 1_000_000)
    _refuse_odd_mapping(order.mapping)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    run = ImportRun(
        job=job,
        kind=order.kind,
        is_dry_run=order.is_dry_run,
        is_all_or_nothing=order.is_all_or_nothing,
        mapping=dict(order.mapping or {}),
        sheet=order.sheet,
        known=order.known,
        file_name=order.file_name[-200:],
        size=file.size,
        sha256=digest.hexdigest(),
        expires_at=at + FILES_KEPT,
    )
    run.file.save(order.file_name, file, save=False)
    run.save()
    return run


def _refuse_odd_mapping(mapping: Any) -> None:
    """Refuse what is no mapping; see `mappings`."""
    shape = mapping or {}
    is_right = (
        isinstance(shape, dict)
        and set(shape) <= {"columns", "clear", "values", "fill_only"}
        and isinstance(columns := shape.get("columns", {}), dict)
        and isinstance(cleared := shape.get("clear", []), list)
        and isinstance(values := shape.get("values", {}), dict)
        and isinstance(shape.get("fill_only", False), bool)
        and all(isinstance(text, str) for text in values.values())
        and all(isinstance(key, str | None) for key in columns.values())
        and all(isinstance(key, str) for key in cleared)
    )
    if not is_right:
        raise BadImportFile("mapping_shape")


def _carry_out(run: ImportRun, *, owner: str, at: dt.datetime) -> None:
    """Do the whole import in one transaction, in the language of whoever asked for it."""
    with (
        translation.override(run.job.language),
        run.file.open("rb") as file,
        transaction.atomic(),
        pghistory.context(user=run.job.requested_by_id, import_run=run.pk) as context,
    ):
        run.history_context = context.id
        _refuse_outsiders(run.job.requested_by, run.kind)
        result = carry_out(run, file.file, at=at)
        run.save(update_fields=["error_file", "history_context"])
        Job.objects.complete(run.job, owner=owner, at=at, result=result)
