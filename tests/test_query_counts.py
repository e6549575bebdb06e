"""Every page and endpoint that is read, found by itself: seven rows cost the queries of one."""

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_account, make_organisation, make_team, make_user
from tests.route_records import HOUSE, RECORDS
from tests.routes import product_routes

pytestmark = pytest.mark.django_db

MOST = 30
#: The account page is all there is to an account: a dozen panels of four apps, a query or two each.
#: The preview of an erasure counts what is held of a person, table by table.
ALLOWED = {"accounts/<int:pk>/": 37, "settings/privacy/<int:pk>/": 45}


def make_one_of_everything(team, account=None):
    for make in HOUSE.values():
        make()
    account = account or make_account(team=team)
    for make in RECORDS.values():
        make(account)
    return account


def counted(client, addresses):
    counts = {}
    for name, address in addresses.items():
        reset_queries()  # the log holds 9,000, fewer than all pages ask together
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code == 200:
            counts[name] = len(queries)
    return counts


def test_seven_of_everything_cost_as_many_queries_as_one():
    make_organisation()
    team = make_team()
    client = Client()
    # First by name: the only person who ever signed in stands on the first page of people.
    client.force_login(make_user(team=team, role="administrator", username="aaa"))
    account = make_one_of_everything(team)
    addresses = {
        route.template: route.address(account)
        for route in product_routes()
        if not route.fault() and not route.is_admin and not route.is_public
    }
    counted(client, addresses)
    one = counted(client, addresses)
    for number in range(6):
        make_one_of_everything(team, account if number % 2 else None)

    seven = counted(client, addresses)
    # What is kept for the next reader is reckoned anew where rows came; then it is asked again.
    moved = {
        name: address for name, address in addresses.items() if one.get(name) != seven.get(name)
    }
    seven |= counted(client, moved)

    assert len(one) > 30
    changed = {name: (one[name], seven[name]) for name in one if one[name] != seven[name]}
    assert changed == {}
    too_many = {n: count for n, count in seven.items() if count > ALLOWED.get(n, MOST)}
    assert too_many == {}
