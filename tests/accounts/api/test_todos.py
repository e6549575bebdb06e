import datetime as dt

import pytest

from accounts.models import AccessPolicy, TouchpointTodo
from tests.factories import (
    make_account,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
TODOS = "/api/v1/todos/"
DAY = dt.date(2026, 6, 10)


@pytest.fixture
def talk():
    make_organisation()
    return make_touchpoint(account=make_account(team=make_team()))


def promise(talk, text, **fields):
    return TouchpointTodo.objects.create(
        touchpoint=talk, **{"side": "ours", "text": text, "due_on": DAY, **fields}
    )


def texts(client, query=""):
    return [row["text"] for row in client.get(f"{TODOS}?{query}").data["results"]]


def test_what_was_promised_is_asked_for_by_person_account_and_day(api, talk):
    me = make_user(team=talk.account.team)
    promise(talk, "見積", user=me)
    promise(talk, "回答", side="theirs", due_on=DAY + dt.timedelta(days=9))
    promise(talk, "済", done_on=DAY)
    promise(make_touchpoint(account=make_account(team=talk.account.team)), "別の顧客")
    promise(make_touchpoint(account=talk.account, is_draft=True, created_by=me), "下書き")
    promise(make_touchpoint(account=make_account()), "よその顧客")
    client = api(me)

    assert set(texts(client)) == {"見積", "済", "別の顧客", "回答"}
    assert texts(client, f"user={me.pk}") == ["見積"]
    assert texts(client, f"account={talk.account_id}&done=false&side=theirs") == ["回答"]
    assert texts(client, f"due_on_after={DAY + dt.timedelta(days=1)}") == ["回答"]
    assert texts(client, "done=true") == ["済"]


def test_a_to_do_is_ticked_off_and_opened_again(api, talk):
    todo = promise(talk, "見積")
    client = api(make_user(team=talk.account.team))
    address = f"{TODOS}{todo.pk}/settle/"

    done = client.post(address, {"done_on": "2026-06-09"}, format="json")
    again = client.post(address, {"done_on": None}, format="json")

    assert (done.data["done_on"], again.data["done_on"]) == ("2026-06-09", None)
    assert done.data["touchpoint"] == talk.pk


def test_only_who_may_change_the_talk_or_has_to_do_it_ticks_it_off(api, talk):
    viewer = make_user(team=talk.account.team, role="viewer")
    other, own = promise(talk, "誰か"), promise(talk, "私", user=viewer)

    answers = [
        api(viewer).post(f"{TODOS}{row.pk}/settle/", {"done_on": "2026-06-09"}, format="json")
        for row in (other, own)
    ]

    assert [answer.status_code for answer in answers] == [403, 200]


def test_who_may_not_read_the_texts_is_told_of_their_own_alone(api, talk):
    me = make_user(team=talk.account.team)
    promise(talk, "秘密")
    promise(talk, "私", user=me)
    AccessPolicy.objects.create(
        role="member", kind="touchpoint_body", read_scope="none", write_scope="none"
    )

    assert texts(api(me)) == ["私"]


def test_seven_to_dos_cost_as_many_queries_as_one(api, talk, django_assert_num_queries):
    client = api(make_user(team=talk.account.team))
    promise(talk, "一")
    client.get(TODOS)
    with django_assert_num_queries(5) as one:
        client.get(TODOS)
    for number in range(6):
        promise(talk, f"{number}")
    with django_assert_num_queries(len(one)):
        assert len(texts(client)) == 7
