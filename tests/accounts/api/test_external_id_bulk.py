"""Many ids in other systems at once, each with what became of it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, ExternalRef
from accounts.services.accounts import archive_account
from accounts.services.merges.accounts import merge_accounts
from accounts.services.tickets import retract_ticket
from config.lib.clock import app_now
from tests.accounts.api.test_external_ids import ADDRESS, RECORDS, crm
from tests.factories import make_account, make_contact, make_ticket, make_user

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
BULK = "/api/v1/external-ids:bulk"


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get())


def sent(client, *items):
    answer = client.post(BULK, {"items": list(items)})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def outcomes(answer):
    return [(row["outcome"], row["status"]) for row in answer["results"]]


def test_ids_of_every_kind_are_added_and_taken_away(api, alice, account):
    client = api(alice)
    items = [crm(make(account)) for make in RECORDS.values()]

    made = sent(client, *items)
    again = sent(client, *items)
    gone = sent(client, *({**item, "remove": True} for item in items))

    assert made["created"] == len(items) == 6
    assert [row["id"] for row in made["results"]] == [row["id"] for row in again["results"]]
    assert again["unchanged"] == gone["removed"] == 6
    assert not ExternalRef.objects.exists()


def test_an_id_goes_from_one_record_to_the_next_in_one_batch(api, alice, account):
    other = make_account(team=account.team)
    sent(api(alice), crm(account))

    answer = sent(api(alice), {**crm(account), "remove": True}, crm(other))

    assert outcomes(answer) == [("removed", 204), ("created", 201)]
    assert ExternalRef.objects.get().object_id == other.pk


def test_good_items_are_kept_and_the_others_name_their_faults(api, alice, account):
    foreign, ticket = make_contact(account=make_account()), make_ticket(account=account)
    other = make_account(team=account.team)
    put_away = make_account(team=account.team)
    retract_ticket(ticket=ticket, at=app_now())
    archive_account(account=put_away, at=app_now())

    answer = sent(
        api(alice),
        crm(account),
        crm(other),
        crm(foreign, "003"),
        crm(ticket, "500"),
        crm(put_away, "004"),
        crm(account, "5", source="Sales force"),
        crm(account, "6", source="external_id"),
        crm(account, "") | {"kind": "team"},
        crm(account, "7") | {"colour": "red"},
        {**crm(other, "8"), "remove": True},
    )

    assert outcomes(answer) == [
        ("created", 201),
        ("failed", 409),
        ("failed", 404),
        ("failed", 409),
        ("failed", 409),
        ("failed", 400),
        ("failed", 400),
        ("failed", 400),
        ("failed", 400),
        ("unchanged", 200),
    ]
    told = [error["pointer"] for row in answer["results"] for error in row["errors"]]
    assert told == [
        "/items/1/value",
        "/items/2/record",
        "/items/3/record",
        "/items/4/record",
        "/items/5/source",
        "/items/6/source",
        "/items/7/kind",
        "/items/7/value",
        "/items/8/colour",
    ]
    assert ExternalRef.objects.get().object_id == account.pk


def test_the_id_of_a_merged_account_is_not_taken_away(api, alice, account):
    source = make_account(team=account.team, external_id="old")
    merge_accounts(source=source, into=account, at=app_now())

    answer = sent(api(alice), {**crm(account, "old", source="external_id"), "remove": True})

    assert outcomes(answer) == [("failed", 409)]
    assert ExternalRef.objects.filter(source="external_id").exists()


def test_records_are_other_versions_and_the_history_names_who_wrote(api, alice, account):
    Account.objects.update(updated_at=LONG_AGO)

    sent(api(alice), crm(account))

    assert not Account.objects.filter(updated_at=LONG_AGO).exists()
    page = api(alice).get(f"/api/v1/history/account/{account.pk}/").json()
    assert alice.pk in [line["user"] for line in page["results"]]


def test_a_batch_costs_the_same_for_one_and_for_seven(api, alice, account):
    accounts = [make_account(team=account.team) for _ in range(7)]

    def cost(records, value):
        with CaptureQueriesContext(connection) as queries:
            sent(api(alice), *(crm(one, f"{value}{one.pk}") for one in records))
        return len(queries)

    cost(accounts[:1], "warm")
    assert cost(accounts[:1], "a") == cost(accounts, "b")
    assert Account.objects.count() == 8


def test_twice_is_once_and_a_batch_that_is_none_is_refused(api, alice, account):
    client, key = api(alice), {"Idempotency-Key": "k"}

    first = client.post(BULK, {"items": [crm(account)]}, headers=key)
    again = client.post(BULK, {"items": [crm(account)]}, headers=key)

    assert first.json() == again.json()
    assert client.post(BULK, {"items": []}).status_code == 400
    assert client.post(BULK, {"items": [crm(account)] * 1_001}).status_code == 400


def test_who_only_looks_writes_none(api, account):
    viewer = make_user(team=account.team, role="viewer")

    assert api(viewer).post(BULK, {"items": [crm(account)]}).status_code == 403
    assert api(viewer).get(ADDRESS).json()["results"] == []
