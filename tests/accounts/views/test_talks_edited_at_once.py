"""Two people correct one talk on its page."""

import datetime as dt

import pytest

from accounts.models import Touchpoint, TouchpointTodo
from accounts.services.touchpoints import Todo, update_touchpoint
from config.lib.clock import app_now
from tests.browsed_forms import opened, shown_again
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2026, 5, 1, 1, 2, 33, tzinfo=dt.UTC)


@pytest.fixture
def talk(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    talk = make_touchpoint(
        account=make_account(team=team), subject="定例", body="一行目\n二行目", occurred_at=MOMENT
    )
    talk.contacts.add(make_contact(account=talk.account, family_name="佐藤"))
    TouchpointTodo.objects.create(touchpoint=talk, side="ours", text="見積もり")
    return talk


@pytest.fixture
def address(talk):
    return f"/touchpoints/{talk.pk}/edit/"


def change(talk, **changes):
    colleague = make_user(family_name="鈴木", given_name="太郎")
    update_touchpoint(touchpoint=talk, changes=changes, by=colleague, at=app_now())


def test_an_unchanged_save_writes_nothing(client, talk, address):
    before = Touchpoint.pgh_event_model.objects.count(), Touchpoint.objects.count()

    client.post(address, opened(client, address) | {"do": ["log"]})

    assert (Touchpoint.pgh_event_model.objects.count(), Touchpoint.objects.count()) == before


def test_one_word_changed_leaves_the_second_it_took_place_and_its_lines(client, talk, address):
    client.post(address, opened(client, address) | {"do": ["log"], "subject": ["月例"]})

    talk.refresh_from_db()
    assert (talk.subject, talk.occurred_at, talk.body) == ("月例", MOMENT, "一行目\n二行目")
    assert Touchpoint.objects.count() == 1


def test_attendees_and_todos_of_a_colleague_survive(client, talk, address):
    form = opened(client, address)
    new = make_contact(account=talk.account, family_name="高橋")
    change(talk, contacts=[*talk.contacts.all(), new], todos=[Todo(side="theirs", text="稟議")])

    client.post(address, form | {"do": ["log"], "subject": ["月例"]})

    talk.refresh_from_db()
    assert talk.subject == "月例"
    assert [str(one.family_name) for one in talk.contacts.order_by("pk")] == ["佐藤", "高橋"]
    assert [todo.text for todo in talk.todos.all()] == ["稟議"]


def test_todos_both_changed_are_told_and_saved_once_more(client, talk, address):
    form = opened(client, address)
    change(talk, todos=[Todo(side="theirs", text="稟議"), Todo(side="ours", text="資料")])

    answer = client.post(address, form | {"do": ["log"], "todo_0_text": ["契約書"]})

    page = answer.content.decode()
    assert "稟議" in page
    assert "Nothing is saved yet" in page
    assert sorted(todo.text for todo in talk.todos.all()) == ["稟議", "資料"]
    client.post(address, shown_again(answer) | {"do": ["log"]})
    assert [todo.text for todo in talk.todos.all()] == ["契約書"]


def test_attendees_both_changed_are_told(client, talk, address):
    form = opened(client, address)
    new = make_contact(account=talk.account, family_name="高橋")
    mine = make_contact(account=talk.account, family_name="伊藤")
    change(talk, contacts=[new])

    answer = client.post(address, form | {"do": ["log"], "contacts": [str(mine.pk)]})

    assert "高橋" in answer.content.decode()
    assert "contacts" in answer.context["form"].errors
    assert list(talk.contacts.all()) == [new]


def test_a_button_that_fills_in_keeps_the_marks(client, talk, address):
    form = opened(client, address)
    change(talk, subject="臨時")

    found = client.post(address, form | {"do": ["find"], "subject": ["月例"]})
    answer = client.post(address, shown_again(found) | {"do": ["log"]})

    assert "subject" in answer.context["form"].errors


def test_a_draft_is_published_untouched(client, address, talk):
    draft = make_touchpoint(account=talk.account, is_draft=True, created_by=None, subject="下書き")
    draft.created_by_id = int(client.session["_auth_user_id"])
    draft.save()
    address = f"/touchpoints/{draft.pk}/edit/"

    client.post(address, opened(client, address) | {"do": ["log"]})

    draft.refresh_from_db()
    assert not draft.is_draft
