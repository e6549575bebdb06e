"""A job shows its progress while it works, stops when asked and survives its worker."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from config.lib import jobs
from config.lib.clock import app_now
from config.lib.jobs import JobCancelled, JobState, report_progress
from config.lib.problems import Problem
from tests.config.lib.connections import in_own_connection
from tests.config.lib.models import Job

pytestmark = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)

LEASE = dt.timedelta(minutes=5)


def make_job(**fields) -> Job:
    return Job.objects.create(**{"kind": "import", **fields})


def start(owner: str = "anna", *, at: dt.datetime | None = None) -> Job:
    (job,) = Job.objects.claim(limit=1, lease=LEASE, owner=owner, at=at or app_now())
    return job


@committing
def test_a_job_goes_from_queued_over_running_to_done_with_its_result():
    stored = make_job()
    assert stored.state == JobState.QUEUED
    job = start()
    assert job.state == Job.objects.get().state == JobState.RUNNING
    report_progress(job, done=3, total=7)
    Job.objects.complete(job, owner="anna", at=app_now(), result={"created": 7})
    stored = Job.objects.get()
    assert (stored.state, stored.result) == (JobState.DONE, {"created": 7})
    assert (stored.progress_done, stored.progress_percent) == (7, 100)


@committing
def test_progress_is_seen_from_outside_while_the_transaction_of_the_job_is_open():
    make_job()
    job = start()
    with transaction.atomic():
        make_job(kind="part of the work")
        report_progress(job, done=1, total=4)
        with ThreadPoolExecutor(1) as pool:
            (seen,) = pool.submit(in_own_connection(lambda: list(Job.objects.all()))).result()
    assert (seen.progress_done, seen.progress_total, seen.progress_percent) == (1, 4, 25)


@committing
def test_progress_is_written_at_most_once_a_second(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(jobs.time, "monotonic", lambda: clock[0])
    make_job()
    job = start()
    written = []
    for done in range(25):
        report_progress(job, done=done, total=24)
        written.append(Job.objects.get().progress_done)
        clock[0] += 0.125
    assert sorted(set(written)) == [0, 8, 16, 24]


@committing
def test_progress_prolongs_the_lease_and_never_shortens_it():
    make_job()
    job = start()
    report_progress(job, done=1, total=9, lease=dt.timedelta(hours=1))
    prolonged = Job.objects.get().leased_until
    assert prolonged > job.leased_until + dt.timedelta(minutes=50)
    job._reported = float("-inf")
    report_progress(job, done=2, total=9, lease=dt.timedelta(seconds=1))
    assert Job.objects.get().leased_until == prolonged


@committing
def test_the_job_of_a_killed_worker_is_taken_up_again_and_the_late_one_shows_nothing():
    make_job()
    late = start("anna")
    job = start("ben", at=app_now() + LEASE)
    assert (job.state, job.attempts) == (JobState.RUNNING, 2)
    report_progress(late, done=5, total=9)
    assert Job.objects.get().progress_done == 0


def test_a_queued_job_is_cancelled_at_once():
    make_job()
    assert Job.objects.all().cancel(at=app_now()) == 1
    assert Job.objects.get().state == JobState.CANCELLED
    assert Job.objects.claim(limit=1, lease=LEASE, owner="anna", at=app_now()) == []


@committing
def test_a_running_job_is_cancelled_at_its_next_report():
    make_job()
    job = start()
    Job.objects.all().cancel(at=app_now())
    assert Job.objects.get().state == JobState.RUNNING
    with Job.objects.attempt(job, owner="anna", at=app_now()), transaction.atomic():
        make_job(kind="effect")
        report_progress(job, done=1, total=2)
    stored = Job.objects.get()
    assert (stored.state, stored.last_error) == (JobState.CANCELLED, "")
    with pytest.raises(JobCancelled):
        report_progress(start_again(stored), done=1, total=2)


def start_again(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(done_at=None)
    return start()


def test_a_job_that_is_refused_for_good_fails_at_once_and_says_why():
    make_job()
    with Job.objects.attempt(start(), owner="anna", at=app_now()):
        raise Problem("The file has no header row.")
    stored = Job.objects.get()
    assert (stored.state, stored.error) == (JobState.FAILED, "The file has no header row.")
    assert stored.dead_at is not None


def test_a_job_that_stumbles_is_queued_again_and_fails_after_five_attempts():
    make_job()
    at, states = app_now(), []
    for _ in range(5):
        with Job.objects.attempt(start(at=at), owner="anna", at=at):
            raise OSError("disk full")
        states.append(Job.objects.get().state)
        at += dt.timedelta(hours=1)
    assert states == [JobState.QUEUED] * 4 + [JobState.FAILED]
    Job.objects.replay(at=at)
    assert start(at=at).attempts == 1


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (1, 3, 33), (3, 3, 100), (4, 3, 100)]
)
def test_percent_is_whole_and_never_above_a_hundred(done, total, percent):
    assert Job(progress_done=done, progress_total=total).progress_percent == percent
