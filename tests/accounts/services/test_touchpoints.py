import datetime as dt

import pytest

from accounts.models import DirtyAccount, Touchpoint
from accounts.services.touchpoints import (
    NoteIsInternal,
    NotYetHeld,
    OutsideTheCalendar,
    StrangerAttends,
    Todo,
    TouchpointRetracted,
    record_touchpoint,
    retract_touchpoint,
    update_touchpoint,
)
from tests.factories import make_account, make_contact, make_user

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
