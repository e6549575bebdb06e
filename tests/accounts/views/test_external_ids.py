from urllib.parse import urlencode

import pytest

from accounts.models import ExternalRef
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(client):
    team = make_team()
    client.force_login(make_user(team=team))
    return make_account(team=team)


def put(client, account, source, value, was=""):
    address = f"/accounts/{account.pk}/ids/set/?{urlencode({'source': source, 'was': was})}"
    return client.post(address, {"source": source, "value": value})


def ids():
    return set(ExternalRef.objects.values_list("source", "value"))


def test_an_account_is_known_to_the_crm_by_an_id_that_changes_and_goes(client, account):
    put(client, account, "Salesforce", "001A")
    put(client, account, "salesforce", "001B", was="001A")
    page = client.get(f"/accounts/{account.pk}/ids/").content.decode()
    put(client, account, "salesforce", "", was="001B")

    assert "001B" in page
    assert "001A" not in page
    assert ids() == set()


def test_of_several_ids_in_one_system_only_the_one_in_question_changes(client, account):
    for value in ("acme", "acme-eu", "acme-jp"):
        put(client, account, "usage", value)

    put(client, account, "usage", "acme-de", was="acme-eu")
    put(client, account, "usage", "", was="acme-jp")
    nothing = put(client, account, "usage", "")

    assert nothing.status_code == 200
    assert ids() == {("usage", "acme"), ("usage", "acme-de")}


def test_one_id_leads_to_one_account(client, account):
    other = make_account(team=account.team)
    put(client, other, "salesforce", "001A")

    refused = put(client, account, "salesforce", "001A")

    assert "Another record has this id in that system." in refused.content.decode()
    assert ExternalRef.objects.get().object_id == other.pk


@pytest.mark.parametrize("source", ["external_id", "Sales force", "é", ""])
def test_a_name_no_system_has_is_refused(client, account, source):
    put(client, account, source, "1")

    assert not ExternalRef.objects.exists()


def test_a_program_finds_an_account_by_such_an_id(client, account):
    make_account(team=account.team)
    put(client, account, "salesforce", "001:A")

    found = client.get("/api/v1/accounts/", {"known_as": "salesforce:001:A"}).json()
    nothing = client.get("/api/v1/accounts/", {"known_as": "salesforce:001"}).json()
    unread = client.get("/api/v1/accounts/", {"known_as": "salesforce"})

    assert [row["id"] for row in found["results"]] == [account.pk]
    assert nothing["results"] == []
    assert unread.status_code == 400


def test_an_address_that_names_no_id_there_can_be_adds_one(client, account):
    assert put(client, account, "usage", "acme", was="\0").status_code == 302
    assert ids() == {("usage", "acme")}


def test_the_history_of_an_account_tells_ids_that_came_and_went(client, account):
    other = make_account(team=account.team)
    put(client, account, "salesforce", "001A")
    put(client, account, "salesforce", "", was="001A")
    put(client, other, "hubspot", "77")
    ExternalRef.objects.create(kind="contact", object_id=account.pk, source="crm", value="P-9")

    page = client.get(f"/history/account/{account.pk}/").text

    assert page.count("001A") >= 2
    assert "P-9" not in page
    assert "hubspot" not in page


def test_an_id_of_the_crm_leads_to_its_account_and_to_no_other(client, account):
    make_account(team=account.team, name="Another")
    foreign = make_account(name="Foreign")
    put(client, account, "salesforce", "001-A 7")
    ExternalRef.objects.create(
        kind="account", object_id=foreign.pk, source="salesforce", value="002"
    )

    def named(text):
        sections = client.get("/search/", {"q": text}).context["sections"]
        return [one.href for section in sections for one in section.findings]

    assert named("001-A 7") == [f"/accounts/{account.pk}/"]
    assert [row for row, *_ in client.get("/accounts/?q=001-A 7").context["rows"]] == [account]
    assert named("002") == []


def test_ids_elsewhere_are_a_column(client, account):
    for source, value in (("salesforce", "001A"), ("hubspot", "77")):
        put(client, account, source, value)

    assert "hubspot:77, salesforce:001A" in client.get("/accounts/?columns=external_ids").text
