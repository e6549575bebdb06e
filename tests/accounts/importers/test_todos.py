"""To-dos of talks come from files, each once."""

import datetime as dt

import pytest

from accounts.models import AccessPolicy, AccountShare, TouchpointTodo
from accounts.services.imports.undo import undo_here
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.factories import make_account, make_contact, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db
HEADER = ["account_external_id", "touchpoint_external_id", "side", "text"]
LATER = AT + dt.timedelta(days=2)


@pytest.fixture
def talk(team):
    account = make_account(external_id="A-1", team=team)
    return make_touchpoint(account=account, external_id="T-1")


def test_a_todo_is_taken_in_once_and_then_changed(talk, team):
    person = make_contact(account=talk.account, external_id="P-1")
    colleague = make_user(team=team)
    header = [*HEADER, "期日", "完了日", "担当者メール", "先方担当者id"]
    row = ["A-1", "T-1", "当社", "見積を送る", "2026/6/20"]

    assert counts(take_in("todos", header, [*row, "", colleague.email, "P-1"])) == (1, 0, 0, 0)

    todo = TouchpointTodo.objects.get()
    assert (todo.touchpoint, todo.side, todo.text) == (talk, "ours", "見積を送る")
    assert (todo.user, todo.contact) == (colleague, person)
    assert (todo.due_on, todo.done_on) == (dt.date(2026, 6, 20), None)
    assert counts(take_in("todos", header, [*row, "", "", ""])) == (0, 0, 1, 0)

    run = take_in("todos", header, [*row, "2026/6/12", "", ""], at=LATER)
    assert counts(run) == (0, 1, 0, 0)
    todo.refresh_from_db()
    assert (todo.done_on, todo.user) == (dt.date(2026, 6, 12), colleague)
    talk.refresh_from_db()
    assert talk.updated_at == LATER

    undo_here(run=run, at=LATER)
    todo.refresh_from_db()
    assert todo.done_on is None


def test_new_todos_go_with_the_undo(talk):
    run = take_in("todos", HEADER, ["A-1", "T-1", "theirs", "確認する"])

    undo_here(run=run, at=LATER)

    assert not TouchpointTodo.objects.exists()


def test_every_fault_is_named_with_its_row_and_column(talk, team):
    make_touchpoint(account=make_account(external_id="B", team=team), external_id="T-2")

    run = take_in(
        "todos",
        [*HEADER, "user_email", "contact_external_id"],
        ["A-1", "T-2", "ours", "a", "", ""],
        ["", "", "", "", "", "P-9"],
        ["A-9", "T-1", "ours", "a", "", ""],
        ["A-1", "T-1", "ours", "b", "nobody@here.example", "P-9"],
        ["A-1", "T-1", "ours", "c", "", ""],
        ["A-1", "T-1", "ours", "c", "", ""],
    )

    assert faults(run) == [
        (2, "touchpoint_external_id", "unknown_talk"),
        (3, "account_external_id", "required"),
        (3, "side", "required"),
        (3, "text", "required"),
        (3, "touchpoint_external_id", "required"),
        (4, "account_external_id", "unknown_account"),
        (5, "contact_external_id", "unknown_contact"),
        (5, "user_email", "unknown_user"),
        (7, "text", "duplicate"),
    ]


def test_thirty_rows_take_as_many_statements_as_three(talk):
    def rows(letter, count):
        return [["A-1", "T-1", "ours", f"{letter}{n}"] for n in range(count)]

    statements("todos", HEADER, *rows("W", 1))
    assert statements("todos", HEADER, *rows("A", 3)) == statements("todos", HEADER, *rows("B", 30))


@pytest.fixture
def guest(team):
    """Somebody to whom only one account of another team was shared."""
    account = make_account(external_id="B-1", team=make_team())
    user = make_user(team=team)
    AccountShare.objects.create(account=account, user=user)
    return user


def test_todos_of_talks_the_importer_may_not_read_are_not_reached(guest):
    account = guest.shares.get().account
    note = make_touchpoint(account=account, external_id="T-1", visibility="team")
    draft = make_touchpoint(account=account, external_id="T-2", is_draft=True)
    make_touchpoint(account=account, external_id="T-3")
    make_touchpoint(account=account, external_id="T-4", visibility="team", created_by=guest)
    TouchpointTodo.objects.create(touchpoint=note, side="ours", text="x")
    rows = (
        ["B-1", "T-1", "ours", "x", "2026-06-01"],
        ["B-1", "T-2", "ours", "y", ""],
        ["B-1", "T-3", "ours", "z", ""],
        ["B-1", "T-4", "ours", "z", ""],
    )

    run = take_in("todos", [*HEADER, "完了日"], *rows, by=guest)

    refused = [
        (2, "touchpoint_external_id", "unknown_talk"),
        (3, "touchpoint_external_id", "unknown_talk"),
    ]
    assert (counts(run), faults(run)) == ((2, 0, 0, 2), refused)
    assert note.todos.get().done_on is None
    assert not draft.todos.exists()


def test_a_preview_shows_no_todo_of_a_talk_the_importer_may_not_read(guest):
    account = guest.shares.get().account
    note = make_touchpoint(account=account, external_id="T-1", visibility="team")
    TouchpointTodo.objects.create(touchpoint=note, side="ours", text="x", due_on=AT.date())
    row = ["B-1", "T-1", "ours", "x", "2026-07-01"]

    run = take_in("todos", [*HEADER, "期日"], row, by=guest, is_dry_run=True)

    assert (counts(run), list(run.changes.all())) == ((0, 0, 0, 1), [])


@pytest.mark.parametrize(("body", "expected"), [("none", 1), ("own_team", 0)])
def test_who_may_not_read_the_text_reaches_no_todo(talk, team, body, expected):
    AccessPolicy.objects.create(
        role="member", kind="touchpoint_body", read_scope=body, write_scope="none"
    )

    run = take_in("todos", HEADER, ["A-1", "T-1", "ours", "x"], by=make_user(team=team))

    assert counts(run) == (1 - expected, 0, 0, expected)


def test_who_may_take_everything_out_takes_it_in(talk):
    talk.visibility = "team"
    talk.save()

    run = take_in("todos", HEADER, ["A-1", "T-1", "ours", "x"], by=make_user(role="administrator"))

    assert counts(run) == (1, 0, 0, 0)


def test_open_todos_go_to_nobody_who_left_and_what_is_done_or_was_theirs_stays(talk, team):
    gone = make_user(team=team, is_active=False)
    talk.todos.create(side="ours", text="引継書", user=gone)
    header = [*HEADER, "user_email", "done_on"]
    rows = [
        ["A-1", "T-1", "ours", "見積", gone.email, ""],
        ["A-1", "T-1", "ours", "納品", gone.email, "2026/6/1"],
        ["A-1", "T-1", "ours", "引継書", gone.email, ""],
    ]

    run = take_in("todos", header, *rows)

    assert counts(run) == (1, 0, 1, 1)
    assert faults(run) == [(2, "user_email", "inactive_user")]


def test_an_undo_leaves_the_todos_of_talks_its_author_may_no_longer_read(guest):
    talk = make_touchpoint(account=guest.shares.get().account, external_id="T-3")
    run = take_in("todos", HEADER, ["B-1", "T-3", "ours", "z"], by=guest)
    talk.visibility = "team"
    talk.save()

    undo = undo_here(run=run, at=LATER, by=guest)

    assert talk.todos.exists()
    assert undo.job.result["kept_count"] == 1
