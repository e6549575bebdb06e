"""However messages are split, ordered, doubled and shared out, they count once."""

import datetime as dt
import threading
from collections import Counter
from contextlib import suppress

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account, DirtyAccount
from config import celery_app
from scoring.models import Event, IngestBatch
from scoring.services.ingest.batches import process_accepted
from scoring.services.ingest.quarantine import release_quarantine
from scoring.services.runs import recompute_dirty
from tests.factories import make_account, make_contact, make_organisation
from tests.scoring.ingest import (
    NOW,
    TODAY,
    active_days,
    counts_by_day,
    deliver,
    make_item,
    make_write_key,
    send,
)

DAY = dt.timedelta(days=1)
EVENTS = st.tuples(
    st.sampled_from(["a", "b", "late", None]),  # group; None: the account of the contact
    st.sampled_from(["u-1", "u-2"]),
    st.sampled_from(["Login", "Report opened"]),
    st.integers(0, 20),  # days ago
)


class Undone(Exception):
    """Takes an example back."""


def in_a_world_of_its_own(check):
    """Run one example and undo it; accounts `a`, `b`; contacts `u-1`, `u-2` at `a` and `b`."""
    try:
        with transaction.atomic():
            make_organisation()
            for name, user in (("a", "u-1"), ("b", "u-2")):
                make_contact(account=make_account(external_id=name), external_id=user)
            check(make_write_key())
            raise Undone
    except Undone:
        pass


def items_of(events):
    return [
        make_item(userId=user, groupId=group, event=name, timestamp=NOW - days * DAY)
        for group, user, name, days in events
    ]


def naive_recount(events):
    """Count with a loop: account and day and event → n; account and user → days."""
    ids = dict(Account.objects.values_list("external_id", "pk"))
    counts, active = Counter(), {}
    for group, user, name, days in events:
        account = ids[group or {"u-1": "a", "u-2": "b"}[user]]
        counts[account, TODAY - days * DAY, name] += 1
        active.setdefault((account, user), set()).add(TODAY - days * DAY)
    return dict(counts), active


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(events=st.lists(EVENTS, min_size=1, max_size=12), data=st.data())
def test_any_split_order_and_repetition_gives_the_naive_recount(events, data):
    def check(key):
        items = items_of(events)
        again = data.draw(st.lists(st.integers(0, len(items) - 1), max_size=6))
        order = data.draw(st.permutations([*range(len(items)), *again]))
        while order:
            size = data.draw(st.integers(1, len(order)))
            batch, order = order[:size], order[size:]
            send(key, *[items[number] for number in batch])
            if data.draw(st.booleans()):
                process_accepted(at=NOW)
        process_accepted(at=NOW)
        make_account(external_id="late")
        release_quarantine(at=NOW)

        assert (counts_by_day(), active_days()) == naive_recount(events)
        assert Event.objects.count() == len(events)

    in_a_world_of_its_own(check)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(arrivals=st.lists(st.tuples(EVENTS, st.integers(0, 5)), min_size=1, max_size=10))
def test_what_arrives_later_changes_nothing_of_what_was_known(arrivals):
    def known_on(day):
        days = {
            who: {active for active in days if active <= day}
            for who, days in active_days(known_on__lte=day).items()
        }
        return counts_by_day(known_on__lte=day), {who: seen for who, seen in days.items() if seen}

    def check(key):
        make_account(external_id="late")
        was_known = {}
        for wait in range(6):
            arrived = items_of([event for event, after in arrivals if after == wait])
            if arrived:
                deliver(key, *arrived, at=NOW + wait * DAY)
            was_known[TODAY + wait * DAY] = known_on(TODAY + wait * DAY)

        assert {day: known_on(day) for day in was_known} == was_known

    in_a_world_of_its_own(check)


@pytest.fixture
def nobody_answers():
    """Let bells ring in the broker, where no worker hears them."""
    celery_app.conf.update(task_always_eager=False)
    yield
    celery_app.conf.update(task_always_eager=True)


def in_another_session(work, *arguments):
    def run():
        try:
            work(*arguments)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_answers")
def test_two_workers_at_once_count_each_message_once():
    make_organisation()
    account, key = make_account(external_id="acme"), make_write_key()
    items = [make_item(groupId="acme", userId=f"u-{n % 7}") for n in range(60)]
    for first in range(0, 60, 5):
        send(key, *items[first : first + 10])
        send(key, *items[first : first + 10])

    assert IngestBatch.objects.filter(done_at=None).count() == 24
    workers = [in_another_session(lambda: process_accepted(at=NOW)) for _ in range(3)]
    for worker in workers:
        worker.join()

    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 60}
    assert Event.objects.count() == 60
    assert not IngestBatch.objects.filter(done_at=None).exists()
    assert not IngestBatch.objects.filter(attempts__gt=0).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_answers")
def test_what_a_killed_worker_had_begun_is_done_by_another():
    make_organisation()
    account, key = make_account(external_id="acme"), make_write_key()
    send(key, make_item(groupId="acme"))
    worked, seen = threading.Event(), threading.Event()

    def work_until_killed():
        with suppress(InterfaceError, OperationalError), transaction.atomic():
            process_accepted(at=NOW)
            worked.set()
            seen.wait(10)
            connection.connection.close()

    worker = in_another_session(work_until_killed)
    worked.wait(10)

    assert process_accepted(at=NOW) == 0
    assert counts_by_day() == {}
    seen.set()
    worker.join()
    assert process_accepted(at=NOW) == 1
    assert counts_by_day() == {(account.pk, TODAY, "Report opened"): 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_answers")
def test_events_are_taken_and_counted_while_health_is_computed():
    make_organisation()
    busy, other = make_account(external_id="busy"), make_account(external_id="other")
    key = make_write_key()
    deliver(key, make_item(groupId="busy"))
    computed, may_end = threading.Event(), threading.Event()

    def compute_and_wait():
        with transaction.atomic():
            recompute_dirty(at=NOW + DAY, rest=dt.timedelta(0))
            computed.set()
            may_end.wait(30)

    worker = in_another_session(compute_and_wait)
    assert computed.wait(30)

    assert deliver(key, make_item(groupId="other")) == 1
    assert counts_by_day()[other.pk, TODAY, "Report opened"] == 1
    assert send(key, make_item(groupId="busy")).taken == 1
    may_end.set()
    worker.join()
    assert process_accepted(at=NOW) == 1
    assert counts_by_day()[busy.pk, TODAY, "Report opened"] == 2
    assert set(DirtyAccount.objects.values_list("account", flat=True)) == {busy.pk, other.pk}
