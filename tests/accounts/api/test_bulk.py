"""A thousand records in one call: each item has its own result, the database few statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, AttributeDefinition, Contact, DirtyAccount
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/accounts:bulk"


@pytest.fixture
def team():
    make_organisation()
    return make_team(name="East")


@pytest.fixture
def client(api, team):
    return api(make_user(team=team, role="member"))


def send(client, *items, address=ADDRESS, **headers):
    return client.post(address, {"items": list(items)}, headers=headers)


def pointers(row):
    return [fault["pointer"] for fault in row["errors"]]


def test_good_items_are_written_and_the_others_say_why_not(client, team):
    known = make_account(team=team, external_id="A-1", name="旧社名", tier="c", phase="adoption")
    unnamed_id = make_account(team=team, external_id="A-2", name="そのまま")
    foreign = make_account(external_id="F-1", name="よそ")

    answer = send(
        client,
        {"external_id": "A-1", "name": "新社名", "tier": "a"},
        {"id": unnamed_id.pk, "name": "そのまま"},
        {"external_id": "N-1", "name": "新規", "team": team.pk, "tracked": True},
        {"external_id": "F-1", "name": "乗っ取り"},
        {"id": foreign.pk, "name": "乗っ取り"},
        {"id": 10**12, "name": "なし"},
        {"external_id": "N-2", "name": "壊れ", "tier": "z", "live_on": "tomorrow"},
    )

    body = answer.json()
    assert answer.status_code == 200
    assert [row["status"] for row in body["results"]] == [200, 200, 201, 404, 404, 404, 400]
    assert [row["outcome"] for row in body["results"]][:3] == ["updated", "unchanged", "created"]
    assert (body["created"], body["updated"], body["unchanged"], body["failed"]) == (1, 1, 1, 4)
    assert pointers(body["results"][6]) == ["/items/6/live_on", "/items/6/tier"]
    assert body["results"][3]["id"] is None
    known.refresh_from_db()
    assert (known.name, known.tier) == ("新社名", "a")
    made = Account.objects.get(external_id="N-1")
    assert (made.pk, made.team, made.tracked) == (body["results"][2]["id"], team, True)
    assert Account.objects.get(pk=foreign.pk).name == "よそ"
    assert not Account.objects.filter(external_id="N-2").exists()
    assert set(DirtyAccount.objects.values_list("account_id", flat=True)) == {known.pk, made.pk}


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({"name": "x"}, "/items/0"),
        ({"external_id": "A", "nmae": "x"}, "/items/0/nmae"),
        ({"external_id": "A", "name": None}, "/items/0/name"),
        ({"external_id": "A", "name": " "}, "/items/0/name"),
        ({"external_id": "A", "name": ["x"]}, "/items/0/name"),
        ({"external_id": "A", "name": "x", "arr": 5}, "/items/0/arr"),
        ({"external_id": "A", "attributes": {"no/such": 1}}, "/items/0/attributes/no~1such"),
        ({"external_id": "A", "name": "x", "parent": 10**12}, "/items/0/parent"),
        ({"external_id": "A", "name": "x", "team": 10**12}, "/items/0/team"),
        ({"external_id": "A", "name": "x", "attribute_1": "y"}, "/items/0/attribute_1"),
        ({"id": "1", "name": "x"}, "/items/0/id"),
    ],
)  # fmt: skip
def test_a_fault_points_at_the_member_of_its_item(client, item, pointer):
    body = send(client, item).json()

    assert (body["failed"], pointers(body["results"][0])) == (1, [pointer])
    assert not Account.objects.filter(external_id="A").exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({}, "/items"),
        ({"items": []}, "/items"),
        ({"items": ["x"]}, "/items/0"),
        ({"items": [{"id": 1}] * 1001}, "/items"),
    ],
)
def test_a_malformed_batch_is_refused_as_a_whole(client, body, pointer):
    answer = client.post(ADDRESS, body)

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_the_same_record_twice_is_written_once(client, team):
    body = send(
        client,
        {"external_id": "N", "name": "一", "team": team.pk},
        {"external_id": "N", "name": "二", "team": team.pk},
    ).json()

    assert [row["outcome"] for row in body["results"]] == ["created", "failed"]
    assert pointers(body["results"][1]) == ["/items/1/external_id"]
    assert Account.objects.get(external_id="N").name == "一"


def test_links_and_attributes_are_set_by_their_ids_and_keys(client, team):
    AttributeDefinition.objects.create(key="plan", type="text", label_en="Plan", label_ja="プラン")
    parent = make_account(team=team, external_id="P")
    nameless = make_account(team=team, external_id=None)

    body = send(
        client,
        {"external_id": "C", "name": "子", "parent": parent.pk, "attributes": {"plan": "gold"}},
        {"external_id": "D", "name": "孫", "parent_external_id": "C"},
        {"external_id": "E", "name": "他", "parent": nameless.pk},
        {"id": nameless.pk, "name": "名"},
    ).json()

    assert [row["outcome"] for row in body["results"]] == ["created", "created", "failed", "failed"]
    child = Account.objects.get(external_id="C")
    assert (child.parent, child.attributes) == (parent, {"plan": "gold"})
    assert Account.objects.get(external_id="D").parent == child


@pytest.mark.parametrize("names", [{}, {"id": None}, {"external_id": ""}, {"external_id": None}])
def test_an_item_that_names_no_record_is_told_so(client, names):
    (row,) = send(client, {"name": "名", **names}).json()["results"]

    words = "Name the record by “id” or “external_id”."
    assert {"pointer": "/items/0", "detail": words} in row["errors"]
    assert row["status"] == 400


def test_an_account_without_an_own_system_id_is_told_where_it_is_named(client, team):
    nameless = make_account(team=team, external_id=None)

    linked, changed = send(
        client,
        {"external_id": "E", "name": "他", "parent": nameless.pk},
        {"id": nameless.pk, "name": "名"},
    ).json()["results"]

    assert [fault["pointer"] for fault in linked["errors"]] == ["/items/0/parent"]
    assert "Link to it" in linked["errors"][0]["detail"]
    assert [fault["pointer"] for fault in changed["errors"]] == ["/items/1/id"]
    assert "Change it by itself" in changed["errors"][0]["detail"]


def test_a_member_that_nobody_knows_is_refused_by_its_row(client):
    (row,) = send(client, {"external_id": "E", "nmae": "他"}).json()["results"]

    assert {"pointer": "/items/0/nmae", "detail": "There is no such member."} in row["errors"]


def test_a_batch_with_a_key_happens_once(client):
    item = {"external_id": "K", "name": "一度"}

    first, again = (send(client, item, **{"Idempotency-Key": "k"}) for _ in range(2))
    other = send(client, item | {"name": "二度"}, **{"Idempotency-Key": "k"})

    assert first.json() == again.json()
    assert (first.json()["created"], other.status_code) == (1, 409)


def test_who_may_change_nothing_is_refused(api, team):
    viewer = api(make_user(team=team, role="viewer"))

    assert send(viewer, {"external_id": "A", "name": "x"}).status_code == 403


def test_a_thousand_items_cost_as_many_statements_as_one(client, team):
    def statements(count, prefix):
        items = [{"external_id": f"{prefix}{n}", "name": f"社{n}"} for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            body = send(client, *items).json()
        assert body["created"] == count
        return len(queries)

    statements(1, "warm")
    assert statements(1, "one") == statements(1_000, "many")


def test_the_history_names_who_wrote_it(client, team):
    send(client, {"external_id": "H", "name": "履歴"})

    event = Account.objects.get(external_id="H").events.select_related("pgh_context").get()
    assert (
        event.pgh_context.metadata["user"]
        == client.get("/api/v1/users/").json()["results"][0]["id"]
    )


def test_contacts_are_written_in_bulk_too(client, team):
    account = make_account(team=team, external_id="A-1")
    known = make_contact(account=account, external_id="C-1", title="課長")

    body = send(
        client,
        {"id": known.pk, "title": "部長"},
        {"external_id": "C-2", "account": account.pk, "family_name": "小泉"},
        {"external_id": "C-3", "account": make_account().pk, "family_name": "水上"},
        address="/api/v1/contacts:bulk",
    ).json()

    assert [row["outcome"] for row in body["results"]] == ["updated", "created", "failed"]
    known.refresh_from_db()
    assert known.title == "部長"
    assert Contact.objects.get(external_id="C-2").account == account


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("names", "statuses"), [(("一度", "一度"), [200, 200]), (("一度", "二度"), [200, 409])]
)
def test_one_key_at_once_writes_once_and_refuses_another_body(api, team, names, statuses):
    user = make_user(team=team, role="member")
    told = []

    def write(name):
        item = {"external_id": "N-1", "name": name, "team": team.pk, "tracked": True}
        told.append(send(api(user), item, **{"Idempotency-Key": "k"}))

    outcomes = at_once([lambda name=name: write(name) for name in names], refused=KeyError)

    assert outcomes == ["done", "done"]
    assert Account.objects.count() == 1
    assert sorted(answer.status_code for answer in told) == statuses
