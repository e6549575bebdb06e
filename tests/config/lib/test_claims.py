"""Workers share rows: nobody twice, nobody lost, the late one fenced off."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from config.lib.claims import MAX_ATTEMPTS, LeaseLost, backoff, new_owner
from tests.config.lib.connections import in_own_connection
from tests.config.lib.models import Errand

pytestmark = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)

NOON = dt.datetime(2026, 4, 1, 3, 0, tzinfo=dt.UTC)
LEASE = dt.timedelta(minutes=5)
LATER = NOON + LEASE


def make_errand(**fields) -> Errand:
    return Errand.objects.create(**{"due_at": NOON, **fields})


def claim(owner: str = "anna", *, limit: int = 10, at: dt.datetime = NOON) -> list[Errand]:
    return Errand.objects.claim(limit=limit, lease=LEASE, owner=owner, at=at)


@transaction.atomic
def finish_with_effect(row: Errand, effect: int, *, owner: str, at: dt.datetime) -> None:
    Errand.objects.filter(pk=row.pk).update(effect=effect)
    Errand.objects.finish(row, owner=owner, at=at)


def test_a_claim_is_committed_with_lease_owner_and_attempt():
    make_errand()
    (row,) = claim()
    stored = Errand.objects.get()
    for seen in (row, stored):
        assert (seen.leased_by, seen.leased_until, seen.attempts) == ("anna", LATER, 1)


def test_the_oldest_due_come_first_and_the_future_is_left_alone():
    second = make_errand(due_at=NOON - dt.timedelta(minutes=1))
    first = make_errand(due_at=NOON - dt.timedelta(minutes=2))
    make_errand(due_at=NOON + dt.timedelta(microseconds=1))
    assert claim(limit=1) == [first]
    assert claim() == [second]
    assert claim() == []


@committing
def test_a_claim_inside_a_transaction_is_refused():
    make_errand()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        claim()


@committing
def test_eight_workers_at_once_never_claim_a_row_twice():
    Errand.objects.bulk_create(Errand(due_at=NOON) for _ in range(200))
    start = threading.Barrier(8)

    @in_own_connection
    def work(number: int) -> list[int]:
        start.wait()
        mine: list[int] = []
        while rows := claim(f"worker {number}", limit=7):
            mine += [row.pk for row in rows]
        return mine

    with ThreadPoolExecutor(8) as pool:
        claimed = [pk for mine in pool.map(work, range(8)) for pk in mine]
    assert len(claimed) == len(set(claimed))
    assert set(Errand.objects.values_list("attempts", flat=True)) == {1}
    assert len(claimed) == 200


@committing
def test_a_row_that_another_connection_has_locked_is_skipped_without_waiting():
    locked, free = make_errand(), make_errand()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Errand.objects.select_for_update().get(pk=locked.pk)
        assert pool.submit(in_own_connection(claim)).result(timeout=5) == [free]


def test_a_lease_is_respected_until_it_runs_out_and_then_taken_over():
    make_errand()
    claim("anna")
    assert claim("ben", at=LATER - dt.timedelta(microseconds=1)) == []
    (row,) = claim("ben", at=LATER)
    assert (row.leased_by, row.attempts) == ("ben", 2)


def test_a_late_finisher_is_fenced_off_and_its_effect_rolled_back():
    make_errand()
    (late,) = claim("anna")
    (row,) = claim("ben", at=LATER)
    with pytest.raises(LeaseLost):
        finish_with_effect(late, 1, owner="anna", at=LATER)
    finish_with_effect(row, 2, owner="ben", at=LATER)
    stored = Errand.objects.get()
    assert (stored.effect, stored.done_at, stored.leased_by) == (2, LATER, "")


def test_the_same_owner_is_fenced_off_from_an_attempt_that_is_over():
    make_errand()
    (late,) = claim("anna")
    (row,) = claim("anna", at=LATER)
    with pytest.raises(LeaseLost):
        Errand.objects.finish(late, owner="anna", at=LATER)
    Errand.objects.finish(row, owner="anna", at=LATER)


def test_a_finisher_from_before_a_replay_is_fenced_off_though_attempts_count_anew():
    make_errand()
    (late,) = claim("anna")
    Errand.objects.update(dead_at=LATER, leased_until=None)
    Errand.objects.replay(at=LATER)
    (row,) = claim("ben", at=LATER)
    assert row.attempts == late.attempts
    with pytest.raises(LeaseLost):
        Errand.objects.finish(late, owner="anna", at=LATER)


@committing
def test_two_finishers_at_once_leave_one_effect():
    make_errand()
    (row,) = claim("anna")
    start = threading.Barrier(2)

    @in_own_connection
    def finish(_: int) -> bool:
        start.wait()
        try:
            with transaction.atomic():
                Errand.objects.finish(row, owner="anna", at=NOON)
        except LeaseLost:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(finish, range(2))) == [False, True]


def test_a_done_row_is_never_claimed_again():
    make_errand()
    (row,) = claim()
    Errand.objects.finish(row, owner="anna", at=NOON)
    assert claim(at=NOON + dt.timedelta(days=1)) == []


def test_a_failed_row_waits_longer_each_time_and_dies_after_five_attempts():
    errand = make_errand()
    at, waits = NOON, []
    for _ in range(MAX_ATTEMPTS):
        (row,) = claim(at=at)
        Errand.objects.fail(row, owner="anna", error=ValueError("no such host"), at=at)
        errand.refresh_from_db()
        waits.append(errand.due_at - at)
        at = errand.due_at
    assert waits[:-1] == [dt.timedelta(seconds=30 * 4**n) for n in range(4)]
    assert (errand.dead_at, errand.attempts) == (at, 5)
    assert errand.last_error == "ValueError: no such host"
    assert claim(at=at + dt.timedelta(days=1)) == []


def test_a_row_that_kills_its_worker_dies_after_five_leases():
    errand = make_errand()
    for attempt in range(MAX_ATTEMPTS):
        assert len(claim(at=NOON + attempt * LEASE)) == 1
    assert claim(at=NOON + MAX_ATTEMPTS * LEASE) == []
    errand.refresh_from_db()
    assert errand.dead_at == NOON + MAX_ATTEMPTS * LEASE
    assert "lease ran out" in errand.last_error


def test_replay_gives_dead_rows_a_new_life_and_leaves_the_living_alone():
    dead = make_errand(dead_at=NOON, attempts=5)
    make_errand(done_at=NOON, attempts=1)
    assert Errand.objects.replay(at=LATER) == 1
    (row,) = claim(at=LATER)
    assert (row.pk, row.attempts) == (dead.pk, 1)


def test_a_poison_row_does_not_keep_the_good_ones_from_being_done():
    make_errand(effect=-1)
    make_errand()
    for row in claim():
        with Errand.objects.attempt(row, owner="anna", at=NOON), transaction.atomic():
            Errand.objects.filter(pk=row.pk).update(effect=100 // (row.effect + 1))
            Errand.objects.finish(row, owner="anna", at=NOON)
    poison, good = Errand.objects.order_by("pk")
    assert (poison.effect, poison.done_at, poison.due_at) == (-1, None, NOON + backoff(1))
    assert poison.last_error.startswith("ZeroDivisionError")
    assert (good.effect, good.done_at) == (100, NOON)


def test_losing_the_lease_inside_an_attempt_is_not_a_failure_of_the_new_owner():
    make_errand()
    (late,) = claim("anna")
    (row,) = claim("ben", at=LATER)
    with Errand.objects.attempt(late, owner="anna", at=LATER), transaction.atomic():
        Errand.objects.finish(late, owner="anna", at=LATER)
    row.refresh_from_db()
    assert (row.leased_by, row.done_at, row.last_error) == ("ben", None, "")


def test_owners_are_never_the_same():
    assert len({new_owner() for _ in range(100)}) == 100
    assert all(len(new_owner()) <= 100 for _ in range(3))
