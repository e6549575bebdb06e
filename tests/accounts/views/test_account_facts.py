"""What an account is, read on its page by who may not change it, too."""

import datetime as dt

import pytest

from accounts.choices import MergeKind
from accounts.models import AccessPolicy
from accounts.selectors.duplicates import duplicate_pairs
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def account(team):
    account = make_account(
        team=team,
        name="さくら台市",
        name_kana="サクラダイシ",
        name_latin="Sakuradai City",
        external_id="crm-17",
        corporate_number="7000012050002",
        fiscal_year_end_month=3,
        budget_month=10,
        live_on=dt.date(2026, 4, 1),
        sold_via=make_account(team=team, name="架橋ソリューションズ", kind="partner"),
        billed_via=make_account(name="よその代理店", kind="partner"),
    )
    account.domains.create(domain="sakuradai.example")
    return account


def page_of(client, account, **fields):
    client.force_login(make_user(team=account.team, **fields))
    return client.get(f"/accounts/{account.pk}/").content.decode()


def test_a_viewer_reads_what_the_account_is(client, account):
    page = page_of(client, account, role="viewer", language="en")

    for told in ("サクラダイシ", "さくら台市", "crm-17", "7000012050002", "March", "October",
                 "1 Apr 2026", "架橋ソリューションズ", "sakuradai.example", "Japan"):  # fmt: skip
        assert told in page
    assert "/verify/" not in page


def test_a_partner_out_of_sight_is_not_named(client, account):
    AccessPolicy.objects.create(
        role="viewer", kind="account", read_scope="own_team", write_scope="none"
    )

    assert "よその代理店" not in page_of(client, account, role="viewer")


def test_a_domain_is_verified_and_taken_back_on_the_page(client, account):
    client.force_login(make_user(team=account.team))
    domain = account.domains.get()
    address = f"/accounts/{account.pk}/domains/{domain.pk}/verify/"
    assert address in client.get(f"/accounts/{account.pk}/").content.decode()

    client.post(address)
    domain.refresh_from_db()
    assert domain.is_verified
    client.post(address + "?undo=1")
    domain.refresh_from_db()

    assert not domain.is_verified


def test_who_may_not_change_the_account_verifies_nothing(client, account):
    client.force_login(make_user(team=account.team, role="viewer"))
    domain = account.domains.get()

    answer = client.post(f"/accounts/{account.pk}/domains/{domain.pk}/verify/")

    domain.refresh_from_db()
    assert (answer.status_code, domain.is_verified) == (403, False)


def test_domains_verified_over_rest_lead_to_a_duplicate(api, account):
    user = make_user(team=account.team, role="administrator")
    other = make_account(team=account.team, name="Sakuradai Kyoku")
    other.domains.create(domain="sakuradai.example")
    for row in (account, other):
        body = {"verified_domains": ["Sakuradai.example"]}
        answer = api(user).patch(f"/api/v1/accounts/{row.pk}/", body, format="json")
        assert (answer.status_code, answer.data["verified_domains"]) == (200, ["sakuradai.example"])

    (pair,) = duplicate_pairs(kind=MergeKind.ACCOUNT, user=user, size=5)

    assert (pair.low, pair.high, pair.reasons) == (account, other, ["domain"])


def test_only_a_domain_of_the_account_can_be_verified(api, account):
    user = make_user(team=account.team, role="administrator")
    body = {"verified_domains": ["other.example"]}

    answer = api(user).patch(f"/api/v1/accounts/{account.pk}/", body, format="json")

    assert answer.status_code == 400
    assert answer.data["errors"][0]["pointer"] == "/verified_domains/0"


def test_domains_and_which_are_verified_come_in_one_request(api, account):
    user = make_user(team=account.team, role="administrator")
    body = {"name": "北峰建設", "team": account.team.pk, "domains": ["a.example", "b.example"],
            "verified_domains": ["b.example"]}  # fmt: skip

    answer = api(user).post("/api/v1/accounts/", body, format="json")

    assert answer.data["domains"] == ["a.example", "b.example"]
    assert answer.data["verified_domains"] == ["b.example"]
