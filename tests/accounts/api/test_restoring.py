"""`DELETE` loses nothing: `restore/` brings a record back."""

import pytest

from accounts.models import AttributeDefinition, Segment, StaticList, Touchpoint
from accounts.services.accounts import archive_account
from accounts.services.merges.accounts import merge_accounts
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_contract,
    make_invoice,
    make_milestone,
    make_organisation,
    make_ticket,
    make_touchpoint,
    make_user,
)
from tests.routes import rows_written

RULE = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
pytestmark = pytest.mark.django_db
RECORDS = {
    "accounts": lambda account: account,
    "contracts": lambda account: make_contract(account=account),
    "tickets": lambda account: make_ticket(account=account),
    "invoices": lambda account: make_invoice(account=account),
    "milestones": lambda account: make_milestone(account=account),
    "touchpoints": lambda account: make_touchpoint(account=account),
}


@pytest.fixture
def account(alice):
    make_organisation()
    return make_account(team=alice.teams.get())


def ids(client, name):
    return [row["id"] for row in client.get(f"/api/v1/{name}/").json()["results"]]


HOUSE = {
    "attributes": lambda: AttributeDefinition.objects.create(key="plan", type="text"),
    "segments": lambda: Segment.objects.create(key="s", name_en="S", name_ja="S", rule=RULE),
    "lists": lambda: StaticList.objects.create(name="L", owner=make_user(), sharing="all"),
}


@pytest.mark.parametrize("name", HOUSE)
def test_settings_that_were_put_away_come_back_and_twice_is_once(api, alice, name):
    make_organisation()
    boss, record = api(make_user(role="administrator")), HOUSE[name]()
    address = f"/api/v1/{name}/{record.pk}/"
    boss.delete(address)
    record.refresh_from_db()

    foreign = api(alice).post(f"{address}restore/")
    back = boss.post(f"{address}restore/")
    written = rows_written()
    again = boss.post(f"{address}restore/")

    assert getattr(record, "is_archived", None) or record.archived_at
    assert foreign.status_code == 403
    assert (back.status_code, again.status_code) == (200, 200)
    assert again.json() == back.json() == boss.get(address).json()
    assert rows_written() == written


@pytest.mark.parametrize("name", RECORDS)
def test_what_was_put_away_comes_back_and_twice_is_once(api, alice, account, name):
    client, record = api(alice), RECORDS[name](account)
    address = f"/api/v1/{name}/{record.pk}/"
    client.delete(address)
    gone = ids(client, name)

    back = client.post(f"{address}restore/")
    again = client.post(f"{address}restore/")

    assert record.pk not in gone
    assert (back.status_code, again.status_code) == (200, 200)
    assert back.json()["id"] == record.pk
    assert record.pk in ids(client, name)


@pytest.mark.parametrize("name", RECORDS)
def test_nobody_brings_back_what_they_may_not_see_or_change(api, account, name):
    record = RECORDS[name](account)
    address = f"/api/v1/{name}/{record.pk}/restore/"
    viewer = make_user(team=account.team, role="viewer")

    assert api(make_user()).post(address).status_code == 404
    assert api(viewer).post(address).status_code == 403


def test_a_version_that_is_older_brings_nothing_back(api, alice, account):
    address = f"/api/v1/accounts/{account.pk}/"
    api(alice).delete(address)

    stale = api(alice).post(f"{address}restore/", headers={"If-Match": '"0-0"'})

    assert stale.status_code == 412
    assert ids(api(alice), "accounts") == []


def test_an_account_that_went_into_another_stays_there(api, alice, account):
    source = make_account(team=account.team)
    merge_accounts(source=source, into=account, at=app_now())

    answer = api(alice).post(f"/api/v1/accounts/{source.pk}/restore/")

    assert answer.status_code == 409


@pytest.mark.parametrize("name", ["contracts", "tickets", "invoices", "milestones"])
def test_nothing_comes_back_at_an_account_that_is_archived(api, alice, account, name):
    record = RECORDS[name](account)
    address = f"/api/v1/{name}/{record.pk}/"
    api(alice).delete(address)
    archive_account(account=account, at=app_now())

    answer = api(alice).post(f"{address}restore/")

    assert (answer.status_code, answer.json()["code"]) == (409, "account_archived")


@pytest.mark.parametrize(
    ("name", "correction"),
    [
        ("tickets", {"opened_at": "2026-01-01T00:00:00Z"}),
        ("invoices", {"amount": "7"}),
        ("milestones", {"due_on": "2026-01-01"}),
        ("touchpoints", {"occurred_at": "2026-01-01T00:00:00Z"}),
    ],
)
def test_a_copy_of_what_was_known_does_not_become_a_record(api, alice, account, name, correction):
    client, record = api(alice), RECORDS[name](account)
    client.patch(f"/api/v1/{name}/{record.pk}/", correction)
    copy = type(record).objects.exclude(pk=record.pk).get()
    client.delete(f"/api/v1/{name}/{record.pk}/")

    answer = client.post(f"/api/v1/{name}/{copy.pk}/restore/")

    assert answer.status_code == 409
    assert ids(client, name) == []


def test_a_talk_comes_back_everywhere_without_the_copy_a_first_return_left(client, alice, account):
    other = make_account(team=account.team)
    talks = [make_touchpoint(account=one, group="7" * 32) for one in (account, other)]
    client.force_login(alice)
    client.post(f"/touchpoints/{talks[0].pk}/retract/", {"all": "1"})
    client.post(f"/touchpoints/{talks[0].pk}/restore/")

    client.post(f"/touchpoints/{talks[1].pk}/restore/?all=1")

    assert set(Touchpoint.objects.standing()) == set(talks)
