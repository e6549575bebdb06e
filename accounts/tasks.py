"""What the accounts app does in the background: ids or nothing in, one service call."""

import datetime as dt

from celery import shared_task

from accounts.services.exports.files import remove_expired_exports
from accounts.services.exports.runs import run_due_export
from accounts.services.imports.runs import remove_expired_files, run_due_import
from accounts.services.imports.undo import run_due_undo
from accounts.services.inlets.acceptance import BELL
from accounts.services.inlets.opening import BATCH as DELIVERIES
from accounts.services.inlets.opening import open_waiting
from accounts.services.outbox import BATCH, send_due_mails
from accounts.services.privacy.erasure import run_due_erasure
from accounts.services.privacy.retention import purge_expired
from accounts.services.upkeep import begin_day
from config.lib.bells import answers, ring
from config.lib.clock import app_now
from config.lib.due import due_work


@answers("mail.queued")
@shared_task
def send_mails() -> None:
    """Send a batch of due mails, and ring again while there may be more."""
    if send_due_mails(at=app_now()) == BATCH:
        ring("mail.queued")


@due_work.register("mails")
def send_mails_now(at: dt.datetime) -> int:
    """Send a batch of due mails and return how many were taken up."""
    return send_due_mails(at=at)


@answers("import.queued")
@shared_task
def run_imports() -> None:
    """Carry out one import or undo, and ring again: there may be more."""
    if run_due_import(at=app_now()) or run_due_undo(at=app_now()):
        ring("import.queued")


@answers(BELL)
@shared_task
def open_deliveries() -> None:
    """Make imports of what other systems sent, and ring again while there may be more."""
    if open_waiting(at=app_now()) == DELIVERIES:
        ring(BELL)


@due_work.register("inlets")
def open_deliveries_now(at: dt.datetime) -> int:
    """Do the same in this process and return how many bodies were looked at."""
    return open_waiting(at=at)


@answers("import.expired")
@shared_task
def remove_import_files() -> None:
    """Delete files of imports that are kept no longer."""
    remove_expired_files(at=app_now())


@due_work.register("imports")
def run_imports_now(at: dt.datetime) -> int:
    """Carry out one import or undo and return how many were taken up."""
    return run_due_import(at=at) or run_due_undo(at=at)


@answers("export.queued")
@shared_task
def run_exports() -> None:
    """Make one file, and ring again: there may be more."""
    if run_due_export(at=app_now()):
        ring("export.queued")


@answers("export.expired")
@shared_task
def remove_export_files() -> None:
    """Delete files that were taken out and are kept no longer."""
    remove_expired_exports(at=app_now())


@answers("erasure.queued")
@shared_task
def run_erasures() -> None:
    """Erase one person, and ring again: there may be more."""
    if run_due_erasure(at=app_now()):
        ring("erasure.queued")


@due_work.register("erasures")
def run_erasures_now(at: dt.datetime) -> int:
    """Erase one person and return how many erasures were taken up."""
    return run_due_erasure(at=at)


@due_work.register("exports")
def run_exports_now(at: dt.datetime) -> int:
    """Make one file and return how many were taken up."""
    return run_due_export(at=at)


@answers("retention.due")
@shared_task
def purge_data() -> None:
    """Let go of a batch of what is kept no longer; the sweep rings for it."""
    purge_expired(at=app_now())


@due_work.register("retention")
def purge_data_now(at: dt.datetime) -> int:
    """Do the same in this process and return how many rows went."""
    return purge_expired(at=at)


@answers("accounts.day")
@shared_task
def tend_accounts() -> None:
    """Let contracts begin, renew and end; the sweep rings for it, a slot a day does it."""
    begin_day(at=app_now())


@due_work.register("account_day")
def tend_accounts_now(at: dt.datetime) -> int:
    """Do the same in this process and return whether it was still to be done."""
    return begin_day(at=at)
