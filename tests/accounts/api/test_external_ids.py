"""By which ids other systems know our records: listed, added and taken away over the API."""

import pytest

from accounts.choices import IdentifiedKind
from accounts.models import AccessPolicy, ExternalRef
from accounts.services.accounts import archive_account
from accounts.services.merges.accounts import merge_accounts
from accounts.services.tickets import retract_ticket
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_invoice,
    make_team,
    make_ticket,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/external-ids/"
RECORDS = {
    "account": lambda account: account,
    "contact": lambda account: make_contact(account=account),
    "contract": lambda account: make_contract(account=account),
    "touchpoint": lambda account: make_touchpoint(account=account),
    "ticket": lambda account: make_ticket(account=account),
    "invoice": lambda account: make_invoice(account=account),
}


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get())


def crm(record, value="001A", **more):
    kind = record._meta.model_name
    return {"kind": kind, "record": record.pk, "source": "salesforce", "value": value} | more


@pytest.mark.parametrize("kind", IdentifiedKind.values)
def test_a_record_of_each_kind_is_found_by_an_id_that_comes_and_goes(api, alice, account, kind):
    record, client = RECORDS[kind](account), api(alice)

    made = client.post(ADDRESS, crm(record))
    found = client.get(f"/api/v1/{kind}s/?known_as=salesforce:001A").json()["results"]
    gone = client.delete(f"{ADDRESS}{made.json()['id']}/")
    after = client.get(f"/api/v1/{kind}s/?known_as=salesforce:001A").json()["results"]

    assert (made.status_code, gone.status_code) == (201, 204)
    assert made.json() == {"id": made.json()["id"], **crm(record)}
    assert [row["id"] for row in found] == [record.pk]
    assert after == []


def test_ids_are_listed_by_record_and_by_system(api, alice, account):
    contact = make_contact(account=account)
    for body in (crm(account), crm(account, "7", source="hubspot"), crm(contact, "003")):
        api(alice).post(ADDRESS, body)

    def listed(**asked):
        return [row["value"] for row in api(alice).get(ADDRESS, asked).json()["results"]]

    assert listed() == ["001A", "7", "003"]
    assert listed(kind="account", record=account.pk) == ["001A", "7"]
    assert listed(source="hubspot") == listed(value="7") == ["7"]
    assert api(alice).get(ADDRESS, {"kind": "team"}).status_code == 400


def test_one_id_leads_to_one_record_of_its_kind(api, alice, account):
    client = api(alice)
    first = client.post(ADDRESS, crm(account))

    same = client.post(ADDRESS, crm(account))
    contact = client.post(ADDRESS, crm(make_contact(account=account)))
    other = client.post(ADDRESS, crm(make_account(team=account.team)))

    assert same.json() == first.json()
    assert contact.status_code == 201
    assert (other.status_code, other.json()["code"]) == (409, "external_id_taken")
    assert other.json()["errors"][0]["pointer"] == "/value"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("kind", "team"),
        ("record", "x"),
        ("record", 10**30),
        ("source", "Sales force"),
        ("source", "external_id"),
        ("source", ""),
        ("value", ""),
        ("value", "9" * 201),
    ],
)
def test_what_can_be_no_id_is_refused_by_its_place(api, alice, account, member, value):
    answer = api(alice).post(ADDRESS, crm(account) | {member: value})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{member}"
    assert not ExternalRef.objects.exists()


def test_the_ids_of_a_foreign_record_do_not_exist(api, alice):
    foreign = make_contact(account=make_account())
    ref = ExternalRef.objects.create(
        kind="contact", object_id=foreign.pk, source="salesforce", value="003"
    )

    made = api(alice).post(ADDRESS, crm(foreign, "004"))

    assert (made.status_code, made.json()["errors"][0]["pointer"]) == (400, "/record")
    assert api(alice).get(ADDRESS).json()["results"] == []
    assert api(alice).get(f"{ADDRESS}{ref.pk}/").status_code == 404
    assert api(alice).delete(f"{ADDRESS}{ref.pk}/").status_code == 404


def test_a_kind_the_reader_does_not_see_shows_no_ids(api, alice, account):
    api(alice).post(ADDRESS, crm(make_invoice(account=account)))
    AccessPolicy.objects.create(
        role="member", kind="invoice", read_scope="none", write_scope="none"
    )
    other = make_user(team=account.team)

    assert api(other).get(ADDRESS).json()["results"] == []


def test_who_may_write_people_alone_writes_their_ids_alone(api, alice, account):
    officer = make_user(role="privacy_officer")
    ref = api(alice).post(ADDRESS, crm(account)).json()["id"]

    person = api(officer).post(ADDRESS, crm(make_contact(account=account), "003"))
    own = api(officer).post(ADDRESS, crm(account, "002"))
    ended = api(officer).delete(f"{ADDRESS}{ref}/")

    assert (person.status_code, own.status_code, ended.status_code) == (201, 400, 403)


def test_who_only_looks_writes_no_ids(api, alice, account):
    ref = api(alice).post(ADDRESS, crm(account)).json()["id"]
    viewer = make_user(team=account.team, role="viewer")

    assert api(viewer).post(ADDRESS, crm(account, "002")).status_code == 403
    assert api(viewer).delete(f"{ADDRESS}{ref}/").status_code == 403


def test_what_was_put_away_keeps_its_ids(api, alice, account):
    ticket, client = make_ticket(account=account), api(alice)
    ref = client.post(ADDRESS, crm(ticket)).json()["id"]
    retract_ticket(ticket=ticket, at=app_now())
    late = client.post(ADDRESS, crm(ticket, "002"))
    archive_account(account=account, at=app_now())

    assert (late.status_code, late.json()["code"]) == (409, "record_put_away")
    assert client.post(ADDRESS, crm(account)).json()["code"] == "account_archived"
    assert client.delete(f"{ADDRESS}{ref}/").status_code == 409


def test_the_id_of_a_merged_account_stays_until_the_merge_is_undone(api, alice, account):
    source = make_account(team=account.team, external_id="old")
    merge_accounts(source=source, into=account, at=app_now())
    ref = ExternalRef.objects.get(source="external_id")

    answer = api(alice).delete(f"{ADDRESS}{ref.pk}/")

    assert (answer.status_code, answer.json()["code"]) == (409, "id_of_merged")


def test_an_id_goes_only_as_it_was_read(api, alice, account):
    address = f"{ADDRESS}{api(alice).post(ADDRESS, crm(account)).json()['id']}/"
    tag = api(alice).get(address)["ETag"]

    stale = api(alice).delete(address, headers={"If-Match": '"0-0"'})
    changed = api(alice).patch(address, {"value": "002"})
    gone = api(alice).delete(address, headers={"If-Match": tag})

    assert (stale.status_code, changed.status_code, gone.status_code) == (412, 405, 204)


def test_a_new_id_is_another_version_of_the_record(api, alice, account):
    address = f"/api/v1/accounts/{account.pk}/"
    seen = api(alice).get(address)["ETag"]

    api(alice).post(ADDRESS, crm(account))

    assert api(alice).get(address)["ETag"] != seen


def test_of_somebody_elses_team_nothing_is_found_by_its_id(api, alice, account):
    api(alice).post(ADDRESS, crm(account))
    other = make_user(team=make_team())

    assert api(other).get("/api/v1/accounts/?known_as=salesforce:001A").json()["results"] == []
