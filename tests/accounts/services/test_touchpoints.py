import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.choices import Direction, Signal
from accounts.models import (
    DirtyAccount,
    Touchpoint,
    TouchpointSignalEvent,
    TouchpointTodo,
)
from accounts.selectors.touchpoint_types import shipped_touchpoint_types
from accounts.services.accounts import AccountArchived, archive_account
from accounts.services.todos import settle_todo
from accounts.services.touchpoints import (
    NoteIsInternal,
    NotYetHeld,
    OutsideTheCalendar,
    StrangerAttends,
    Todo,
    TouchpointRetracted,
    record_touchpoint,
    restore_touchpoint,
    retract_touchpoint,
    update_touchpoint,
)
from tests.factories import make_account, make_contact, make_touchpoint, make_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)
TALK = {"type": "visit", "subject": "Visit", "occurred_at": AT - dt.timedelta(days=1)}


def test_one_talk_with_two_accounts_is_a_row_each_with_its_own_people():
    one, other = make_account(), make_account()
    people = [make_contact(account=one), make_contact(account=other)]
    us = make_user()

    rows = record_touchpoint(
        accounts=[one, other], contacts=people, users=[us], signals=["praise"], by=us, at=AT, **TALK
    )

    assert [list(row.contacts.all()) for row in rows] == [people[:1], people[1:]]
    assert len({row.group for row in rows}) == 1
    assert rows[0].group is not None
    assert {(row.direction, row.created_by) for row in rows} == {("two_way", us)}
    assert set(DirtyAccount.objects.values_list("account_id", flat=True)) == {one.pk, other.pk}


def test_what_was_promised_is_kept_with_the_talk():
    todo = Todo(side="theirs", text="見積書を送る", due_on=dt.date(2026, 6, 20))

    (row,) = record_touchpoint(accounts=[make_account()], todos=[todo], at=AT, **TALK)

    assert row.todos.get().text == todo.text


def test_notes_and_mails_are_no_talk():
    account = make_account()
    for kind in ("internal_note", "mail", "visit"):
        record_touchpoint(accounts=[account], at=AT, **(TALK | {"type": kind}))

    assert Touchpoint.objects.two_way().get().type == "visit"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"occurred_at": AT + dt.timedelta(days=1)}, NotYetHeld),
        ({"occurred_at": dt.datetime(1, 1, 1, tzinfo=dt.UTC)}, OutsideTheCalendar),
        (
            {"occurred_at": dt.datetime.max.replace(tzinfo=dt.UTC), "is_draft": True},
            OutsideTheCalendar,
        ),
        ({"type": "internal_note", "direction": "two_way"}, NoteIsInternal),
        ({"type": "visit", "direction": "internal"}, NoteIsInternal),
    ],
)
def test_what_was_no_talk_is_refused(fields, problem):
    with pytest.raises(problem):
        record_touchpoint(accounts=[make_account()], at=AT, **(TALK | fields))


def test_a_draft_may_lie_ahead_and_counts_for_nothing():
    ahead = {"occurred_at": AT + dt.timedelta(days=1), "is_draft": True}

    record_touchpoint(accounts=[make_account()], at=AT, **(TALK | ahead))

    assert not Touchpoint.objects.two_way().exists()


def test_people_of_other_accounts_do_not_attend():
    stranger = make_contact(account=make_account())

    with pytest.raises(StrangerAttends):
        record_touchpoint(accounts=[make_account()], contacts=[stranger], at=AT, **TALK)


def test_a_correction_keeps_the_id_and_what_was_known():
    account = make_account()
    person = make_contact(account=account)
    (row,) = record_touchpoint(
        accounts=[account], contacts=[person], signals=["complaint"], at=AT, **TALK
    )

    changed = update_touchpoint(
        touchpoint=row, changes={"type": "mail", "signals": [], "contacts": []}, at=LATER
    )

    assert (changed.pk, changed.direction, changed.recorded_at) == (row.pk, "outbound", LATER)
    assert not changed.signals.exists()
    before = Touchpoint.objects.exclude(retracted_at=None).get()
    assert (before.type, before.recorded_at, before.retracted_at) == ("visit", AT, LATER)
    assert list(before.contacts.all()) == [person]
    assert before.signals.get().signal == "complaint"


def test_other_words_are_no_other_talk():
    (row,) = record_touchpoint(accounts=[make_account()], at=AT, **TALK)

    update_touchpoint(touchpoint=row, changes={"body": "Longer"}, at=LATER)

    assert Touchpoint.objects.get().recorded_at == AT


def test_what_was_taken_back_takes_no_changes_and_is_taken_back_once():
    (row,) = record_touchpoint(accounts=[make_account()], at=AT, **TALK)
    retract_touchpoint(touchpoint=row, at=AT)

    assert retract_touchpoint(touchpoint=row, at=LATER).retracted_at == AT
    with pytest.raises(TouchpointRetracted):
        update_touchpoint(touchpoint=row, changes={"body": "x"}, at=LATER)


PROPERTY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_a_draft_becomes_known_when_it_is_published():
    (row,) = record_touchpoint(accounts=[make_account()], at=AT, is_draft=True, **TALK)

    published = update_touchpoint(touchpoint=row, changes={"is_draft": False}, at=LATER)

    assert (published.recorded_at, Touchpoint.objects.count()) == (LATER, 1)
    assert Touchpoint.objects.two_way().get() == row


def test_what_was_taken_back_comes_back_but_was_not_known_in_between():
    (row,) = record_touchpoint(accounts=[make_account()], signals=["praise"], at=AT, **TALK)
    retract_touchpoint(touchpoint=row, at=AT + dt.timedelta(minutes=10))

    restored = restore_touchpoint(touchpoint=row, at=LATER)

    assert (restored.pk, restored.recorded_at, restored.retracted_at) == (row.pk, LATER, None)
    before = Touchpoint.objects.exclude(pk=row.pk).get()
    assert (before.recorded_at, before.retracted_at) == (AT, AT + dt.timedelta(minutes=10))
    assert before.signals.get().signal == "praise"
    assert restore_touchpoint(touchpoint=row, at=LATER).recorded_at == LATER


def test_to_dos_are_ticked_off_opened_again_and_replaced_as_a_whole():
    account, us = make_account(), make_user()
    kept, dropped = Todo("ours", "Send prices", user=us), Todo("theirs", "Ask the boss")
    (row,) = record_touchpoint(accounts=[account], todos=[kept, dropped], at=AT, **TALK)
    first = row.todos.get(side="ours")

    settle_todo(todo=first, done_on=AT.date(), at=AT, by=us)
    assert TouchpointTodo.objects.open().get().side == "theirs"
    settle_todo(todo=first, done_on=None, at=AT, by=us)
    added = Todo("theirs", "Choose a day", due_on=AT.date())
    update_touchpoint(touchpoint=row, changes={"todos": [kept, added]}, at=LATER)

    assert set(row.todos.values_list("text", flat=True)) == {"Send prices", "Choose a day"}
    assert row.todos.get(side="ours").pk == first.pk


def test_nobody_of_another_account_promises_anything():
    stranger = make_contact(account=make_account())
    (row,) = record_touchpoint(accounts=[make_account()], at=AT, **TALK)
    promise = Todo("theirs", "Send", contact=stranger)

    with pytest.raises(StrangerAttends):
        record_touchpoint(accounts=[row.account], todos=[promise], at=AT, **TALK)
    with pytest.raises(StrangerAttends):
        update_touchpoint(touchpoint=row, changes={"todos": [promise]}, at=LATER)


@pytest.mark.parametrize(
    ("kind", "direction"), [("internal_note", "two_way"), ("call", "internal")]
)
def test_the_database_itself_keeps_notes_internal_both_ways(kind, direction):
    (row,) = record_touchpoint(accounts=[make_account()], at=AT, **TALK)

    with pytest.raises(IntegrityError), transaction.atomic():
        Touchpoint.objects.filter(pk=row.pk).update(type=kind, direction=direction)


def test_signals_heard_and_taken_back_leave_a_trace():
    (row,) = record_touchpoint(accounts=[make_account()], signals=["complaint"], at=AT, **TALK)

    update_touchpoint(touchpoint=row, changes={"signals": []}, at=LATER)

    labels = TouchpointSignalEvent.objects.filter(signal="complaint").order_by("pgh_id")
    assert "delete" in set(labels.values_list("pgh_label", flat=True))


@PROPERTY
@given(
    kind=st.sampled_from([one.key for one in shipped_touchpoint_types()]),
    direction=st.sampled_from(["", *Direction.values]),
    is_draft=st.booleans(),
    days=st.integers(0, 400),
    signals=st.lists(st.sampled_from(Signal.values), max_size=3),
)
def test_drafts_and_internal_notes_never_count(db, kind, direction, is_draft, days, signals):
    given_fields = {"direction": direction} if direction else {}
    with transaction.atomic():
        try:
            record_touchpoint(
                accounts=[make_account()],
                at=AT,
                type=kind,
                subject="Talk",
                occurred_at=AT - dt.timedelta(days=days),
                is_draft=is_draft,
                signals=signals,
                **given_fields,
            )
        except NoteIsInternal:
            assert (kind == "internal_note") != (direction == "internal")
        counted = Touchpoint.objects.two_way()
        assert not counted.filter(is_draft=True).exists()
        assert not counted.filter(type="internal_note").exists()
        assert Touchpoint.objects.standing().exists() <= (not is_draft)
        transaction.set_rollback(True)


@PROPERTY
@given(
    n=st.integers(2, 4),
    signals=st.lists(st.sampled_from(Signal.values), max_size=3),
    minutes=st.none() | st.integers(0, 600),
    body=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
)
def test_one_talk_with_several_accounts_is_the_same_for_each(db, n, signals, minutes, body):
    with transaction.atomic():
        accounts = [make_account() for _ in range(n)]
        rows = record_touchpoint(
            accounts=accounts,
            at=AT,
            signals=signals,
            duration_minutes=minutes,
            body=body,
            todos=[Todo("ours", "Send")],
            **TALK,
        )
        stored = Touchpoint.objects.filter(group=rows[0].group)
        told = {
            (
                row.type,
                row.direction,
                row.occurred_at,
                row.duration_minutes,
                row.body,
                tuple(sorted(row.signals.values_list("signal", flat=True))),
                tuple(row.todos.values_list("text", flat=True)),
            )
            for row in stored
        }
        assert len(told) == 1
        assert {row.account_id for row in stored} == {account.pk for account in accounts}
        transaction.set_rollback(True)


def test_ticking_off_what_we_promised_several_accounts_does_it_for_all():
    accounts, us = [make_account(), make_account(), make_account()], make_user()
    promises = [Todo("ours", "Send prices", user=us), Todo("theirs", "Ask the boss")]
    rows = record_touchpoint(accounts=accounts, todos=promises, at=AT, **TALK)
    (alone,) = record_touchpoint(accounts=accounts[:1], todos=promises, at=AT, **TALK)

    settle_todo(todo=rows[0].todos.get(side="ours"), done_on=AT.date(), at=LATER, by=us)

    still_open = TouchpointTodo.objects.open()
    assert set(still_open.filter(side="ours").values_list("touchpoint", flat=True)) == {alone.pk}
    assert still_open.filter(side="theirs").count() == 4
    assert {row.updated_at for row in Touchpoint.objects.filter(group=rows[0].group)} == {LATER}

    settle_todo(todo=rows[1].todos.get(side="ours"), done_on=None, at=LATER, by=us)
    assert still_open.filter(side="ours").count() == 4


def recorded_at_three(**talk):
    accounts = [make_account(), make_account(), make_account()]
    people = [make_contact(account=account) for account in accounts]
    promises = [Todo("ours", "Send prices"), Todo("theirs", "Ask the boss", contact=people[1])]
    given = {**TALK, "contacts": people, "todos": promises, "external_id": "t-1", **talk}
    return record_touchpoint(accounts=accounts, at=AT, **given), people


def test_a_correction_for_all_accounts_of_a_talk_leaves_each_its_own_people():
    (first, second, third), people = recorded_at_three()
    changes = {
        "subject": "Second visit",
        "contacts": [],
        "external_id": "t-2",
        "signals": ["praise"],
        "todos": [Todo("ours", "Send the contract")],
    }

    update_touchpoint(touchpoint=first, changes=changes, at=LATER, others=[second])

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.subject, second.external_id, second.updated_at) == ("Second visit", "t-1", LATER)
    assert list(second.contacts.all()) == [people[1]]
    assert second.signals.get().signal == "praise"
    assert set(second.todos.values_list("text", flat=True)) == {"Send the contract", "Ask the boss"}
    assert third.subject == "Visit"


def test_drafts_of_one_talk_are_published_together():
    (first, *others), _ = recorded_at_three(is_draft=True)

    update_touchpoint(touchpoint=first, changes={"is_draft": False}, at=LATER, others=others)

    assert Touchpoint.objects.standing().filter(group=first.group, recorded_at=LATER).count() == 3


def test_a_talk_is_taken_back_and_brought_back_at_all_accounts():
    (first, *others), _ = recorded_at_three()
    talks = Touchpoint.objects.standing().filter(group=first.group)

    retract_touchpoint(touchpoint=first, at=LATER, others=others)
    assert talks.count() == 0
    restore_touchpoint(touchpoint=first, at=LATER + dt.timedelta(hours=1), others=others)
    assert talks.count() == 3


def test_a_row_that_was_taken_back_stays_so_when_the_others_are_corrected():
    (first, second, third), _ = recorded_at_three()
    retract_touchpoint(touchpoint=second, at=LATER)

    update_touchpoint(touchpoint=first, changes={"subject": "B"}, at=LATER, others=[second, third])

    rows = Touchpoint.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("pk")
    assert list(rows.values_list("subject", flat=True)) == ["B", "Visit", "B"]


def test_a_talk_does_not_come_back_at_an_archived_account():
    account = make_account()
    talk = make_touchpoint(account=account)
    retract_touchpoint(touchpoint=talk, at=AT)
    archive_account(account=account, at=AT)

    with pytest.raises(AccountArchived):
        restore_touchpoint(touchpoint=talk, at=AT)

    talk.refresh_from_db()
    assert talk.retracted_at is not None
