"""To-dos of talks come from files, each once."""

import datetime as dt

import pytest

from accounts.models import TouchpointTodo
from accounts.services.imports.undo import undo_here
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.factories import make_account, make_contact, make_touchpoint, make_user

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
