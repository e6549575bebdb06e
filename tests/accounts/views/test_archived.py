"""What was archived is found again where it was listed, and restored."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Segment, StaticList
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def boss(client, team):
    client.force_login(make_user(team=team, role="administrator"))
    return client


def test_an_archived_account_is_found_in_the_list_and_restored_on_its_page(boss, team):
    kept = make_account(team=team, name="青嶺精機")
    gone = make_account(team=team, name="北斗物流", archived_at=app_now(), status="churned")

    page = boss.get("/accounts/?archived=1")

    assert [account for account, *_ in page.context["rows"]] == [gone]
    assert page.context["bulk"] is None
    assert "?archived=1" in boss.get("/accounts/").text
    assert [account for account, *_ in boss.get("/accounts/").context["rows"]] == [kept]
    assert reverse("accounts:restore", args=[gone.pk]) in boss.get(f"/accounts/{gone.pk}/").text


def test_rules_are_asked_of_what_was_archived(boss, team):
    gone = make_account(team=team, tier="a", name="北斗物流", archived_at=app_now())
    make_account(team=team, tier="c", archived_at=app_now())

    page = boss.get("/accounts/?archived=1&tier=a")

    assert [account for account, *_ in page.context["rows"]] == [gone]
    assert '<input type="hidden" name="archived" value="1">' in page.text


@pytest.mark.parametrize(
    ("key", "make", "restore"),
    [
        ("contacts", make_contact, "contact_restore"),
        ("contracts", make_contract, "contract_restore"),
    ],
)
def test_archived_contacts_and_contracts_are_listed_and_restored(boss, team, key, make, restore):
    account = make_account(team=team)
    kept, gone = make(account=account), make(account=account)
    type(gone).objects.filter(pk=gone.pk).update(archived_at=app_now())

    assert [row.record for row in boss.get(f"/{key}/").context["rows"]] == [kept]
    (row,) = boss.get(f"/{key}/?archived=1").context["rows"]

    assert row.record == gone
    assert reverse(f"accounts:{restore}", args=[gone.pk]) in boss.get(row.href).text


@pytest.mark.parametrize("path", ["/accounts/", "/contacts/", "/contracts/"])
def test_an_empty_archive_says_so(boss, path):
    assert "Nothing is archived" in boss.get(f"{path}?archived=1").text


def test_records_that_are_never_archived_have_no_switch(boss):
    page = boss.get("/tickets/?archived=1")

    assert page.context["archive_href"] == ""
    assert not page.context["question"].is_archived


def test_what_a_reader_does_not_see_is_in_no_archive(client, team):
    client.force_login(make_user(team=make_team()))
    make_account(team=team, archived_at=app_now())

    assert client.get("/accounts/?archived=1").context["rows"] == []


def test_many_archived_accounts_cost_as_many_queries_as_one(boss, team):
    make_account(team=team, archived_at=app_now())
    boss.get("/accounts/?archived=1")
    with CaptureQueriesContext(connection) as one:
        boss.get("/accounts/?archived=1")
    for _ in range(6):
        make_account(team=team, archived_at=app_now())
    with CaptureQueriesContext(connection) as seven:
        boss.get("/accounts/?archived=1")

    assert len(one) == len(seven) <= 12


def test_archived_lists_and_segments_are_restored_where_they_stand(boss):
    me = boss.get("/accounts/").wsgi_request.user
    row = StaticList.objects.create(name="June event", owner=me, archived_at=app_now())
    rule = {"combinator": "and", "rules": []}
    segment = Segment.objects.create(
        key="old", name_en="Old ones", name_ja="旧", rule=rule, archived_at=app_now()
    )

    page = boss.get("/lists/?archived=1").text

    assert "June event" in page
    assert "Old ones" in page
    assert "June event" not in boss.get("/lists/").text
    boss.post(reverse("accounts:list_restore", args=[row.pk]))
    boss.post(reverse("accounts:segment_restore", args=[segment.pk]))
    page = boss.get("/lists/").text
    assert "June event" in page
    assert "Old ones" in page
    assert "No list is archived." in boss.get("/lists/?archived=1").text
