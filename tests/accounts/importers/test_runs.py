"""Imports as jobs: queued, seen while they work, killed, taken up again."""

import datetime as dt
import os
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction

from accounts.models import Account, AccountStatusFact, DirtyAccount, ImportRun, Job
from accounts.services.imports.runs import (
    LEASE,
    ImportOrder,
    NothingToFollow,
    follow_preview,
    open_import,
    remove_expired_files,
    run_due_import,
)
from config.lib.clock import app_now
from config.lib.jobs import JobState
from tests.accounts.importers.files import csv_bytes
from tests.factories import make_account, make_organisation, make_team, make_user

committing = pytest.mark.django_db(transaction=True)
FILE = csv_bytes(["external_id", "name"], ["A-1", "変更後"], ["A-2", "新規"])


def queue(data: bytes = FILE, **order) -> ImportRun:
    what = ImportOrder(kind="accounts", file_name="a.csv", **order)
    return open_import(order=what, file=ContentFile(data, "a.csv"), at=app_now())


@pytest.mark.django_db
def test_a_preview_that_is_not_done_is_not_followed():
    make_organisation()
    preview = queue(is_dry_run=True)

    with pytest.raises(NothingToFollow):
        follow_preview(preview=preview, at=app_now(), by=make_user())

    assert ImportRun.objects.get() == preview


@committing
@pytest.mark.as_owner
def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_one_finishes():
    make_organisation()
    account = make_account(external_id="A-1", name="変更前", team=make_team())
    with transaction.atomic():
        run = queue()
        connection.run_on_commit.clear()

    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        worker = _start_worker(settings.MEDIA_ROOT)
        waited = _somebody_waits_for_the_account()
        worker.kill()
        worker.wait(timeout=30)

    assert waited
    assert Account.objects.get().name == "変更前"
    assert not AccountStatusFact.objects.exists()
    job = Job.objects.get()
    assert job.state == JobState.RUNNING
    assert run_due_import(at=app_now()) == 0

    assert run_due_import(at=app_now() + LEASE + dt.timedelta(minutes=1)) == 1

    job.refresh_from_db()
    run.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert sorted(Account.objects.values_list("name", flat=True)) == ["変更後", "新規"]
    assert DirtyAccount.objects.count() == 2
    assert (job.result["created"], job.result["updated"]) == (1, 1)


def _start_worker(media: str) -> subprocess.Popen[bytes]:
    """Run one import in a process of its own, on the database of this test."""
    server = connection.connection.info
    where = urlencode({"host": server.host, "port": server.port, "password": server.password})
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": f"postgres://{server.user}@/{server.dbname}?{where}",
        "MEDIA_ROOT": media,
    }
    work = (
        "import django; django.setup();"
        "from accounts.services.imports.runs import run_due_import;"
        "from config.lib.clock import app_now; run_due_import(at=app_now())"
    )
    return subprocess.Popen([sys.executable, "-c", work], env=env, cwd=settings.BASE_DIR)


def _somebody_waits_for_the_account() -> bool:
    for _try in range(300):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_clear_snapshot(), pg_sleep(0.1), EXISTS ("
                "SELECT FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%')"
            )
            if cursor.fetchone()[2]:
                return True
    return False


@committing
def test_the_bell_wakes_the_worker():
    make_organisation()
    make_team()
    run = queue(csv_bytes(["external_id", "name"], ["A-1", "青嶺"]))
    run.job.refresh_from_db()
    assert run.job.state == JobState.DONE
    assert (run.job.progress_done, run.job.progress_total) == (100, 100)


@committing
def test_rights_are_asked_for_again_when_the_import_runs():
    make_organisation()
    user = make_user(team=make_team())
    with transaction.atomic():
        what = ImportOrder(kind="accounts", file_name="a.csv")
        run = open_import(order=what, file=ContentFile(FILE, "a.csv"), at=app_now(), by=user)
        user.__class__.objects.filter(pk=user.pk).update(role="viewer")
    run.job.refresh_from_db()
    assert run.job.state == JobState.FAILED
    assert not Account.objects.exists()


@committing
def test_files_are_deleted_when_their_time_is_over_and_results_stay():
    make_organisation()
    make_team()
    run = queue(csv_bytes(["external_id", "name"], ["A-1", ""]))
    run.refresh_from_db()
    stored, errors = run.file, run.error_file
    later = app_now() + dt.timedelta(days=31)

    assert remove_expired_files(at=app_now()) == 0
    assert remove_expired_files(at=later) == 1
    assert remove_expired_files(at=later) == 0

    assert not stored.storage.exists(stored.name)
    assert not errors.storage.exists(errors.name)
    run.refresh_from_db()
    assert (bool(run.file), bool(run.error_file), run.job.result["failed"]) == (False, False, 1)
