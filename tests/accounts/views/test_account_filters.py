"""Lists of records asked about the accounts the records belong to."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessPolicy, Invoice, Segment, Ticket
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 4, 1)
MAKE = {
    "contacts": lambda account: make_contact(account=account),
    "contracts": lambda account: make_contract(account=account),
    "tickets": lambda account: Ticket.objects.create(
        account=account, subject="Login", severity="high", opened_at=app_now()
    ),
    "invoices": lambda account: Invoice.objects.create(
        account=account, issued_on=DAY, due_on=DAY, amount=100
    ),
}
RULE = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def manager(client, team):
    user = make_user(team=team)
    client.force_login(user)
    return user


def records(client, key, query):
    return {row.record for row in client.get(f"/{key}/?{query}").context["rows"]}


@pytest.mark.parametrize("key", MAKE)
def test_records_of_accounts_one_looks_after_or_of_a_segment(client, team, manager, key):
    mine, other = make_account(team=team, tier="c"), make_account(team=team, tier="a")
    make_account_role(account=mine, user=manager)
    make_account_role(account=other, user=manager, role="deputy")
    segment = Segment.objects.create(key="top", name_en="Top", name_ja="上位", rule=RULE)
    ours, theirs = MAKE[key](mine), MAKE[key](other)

    assert records(client, key, f"manager={manager.pk}") == {ours}
    assert records(client, key, f"segment={segment.pk}") == {theirs}
    assert records(client, key, f"segment={segment.pk}&manager={manager.pk}") == set()


@pytest.mark.parametrize("key", MAKE)
def test_the_two_questions_cost_the_same_for_seven_rows(client, team, manager, key):
    segment = Segment.objects.create(key="top", name_en="Top", name_ja="上位", rule=RULE)
    account = make_account(team=team, tier="a")
    make_account_role(account=account, user=manager)
    counts = []
    for number in (1, 6):
        for _ in range(number):
            MAKE[key](account)
        client.get(f"/{key}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/{key}/?segment={segment.pk}&manager={manager.pk}")
        with CaptureQueriesContext(connection) as plain:
            client.get(f"/{key}/")
        counts.append((len(asked), len(plain)))

    assert counts[0] == counts[1]
    assert counts[1][1] <= 12


def test_who_sees_contacts_further_than_accounts_is_not_told_whose_they_are(client, team):
    AccessPolicy.objects.create(role="member", kind="contact", read_scope="all", write_scope="none")
    user = make_user(team=make_team())
    client.force_login(user)
    account = make_account(team=team)
    make_account_role(account=account, user=user, ends_on=dt.date(2026, 1, 2))
    contact = make_contact(account=account)

    page = client.get(f"/contacts/?manager={make_user(team=team).pk}")

    assert [row.record for row in page.context["rows"]] == [contact]
    assert "manager" not in {control.filter.key for control in page.context["controls"]}
