import pytest

from accounts.models import ExternalRef
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(client):
    team = make_team()
    client.force_login(make_user(team=team))
    return make_account(team=team)


def put(client, account, source, value):
    return client.post(f"/accounts/{account.pk}/ids/set/", {"source": source, "value": value})


def test_an_account_is_known_to_the_crm_by_an_id_that_changes_and_goes(client, account):
    put(client, account, "Salesforce", "001A")
    put(client, account, "salesforce", "001B")
    page = client.get(f"/accounts/{account.pk}/ids/").content.decode()
    put(client, account, "salesforce", "")

    assert "001B" in page
    assert "001A" not in page
    assert not ExternalRef.objects.exists()


def test_one_id_leads_to_one_account(client, account):
    other = make_account(team=account.team)
    put(client, other, "salesforce", "001A")

    refused = put(client, account, "salesforce", "001A")

    assert "own-system id" in refused.content.decode()
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
