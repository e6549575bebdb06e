"""The route walk: every address, tried as everybody who must not get through."""

from collections import defaultdict

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import make_organisation, make_team, make_user
from tests.route_records import MARK
from tests.routes import (
    METHODS,
    OF_PAGES,
    admin_addresses,
    make_foreign_account,
    product_routes,
    rows_written,
)

pytestmark = pytest.mark.django_db
ROUTES = product_routes()
KNOWN = [route for route in ROUTES if not route.fault()]
#: One role inside and one outside tries everything on pages, too.
METHODS_OF = defaultdict(lambda: OF_PAGES, administrator=METHODS, member=METHODS)
PRIVATE = [route for route in KNOWN if not route.is_public and not route.is_of_write_keys]


def ask(client, method, address, *, counts=False):
    """Return the answer and, if asked, how many rows the request wrote, all of it taken back."""
    with transaction.atomic():
        before = rows_written() if counts else 0
        answer = client.generic(method, address, b"{}", content_type="application/json")
        written = rows_written() - before if counts else 0
        transaction.set_rollback(True)
    return answer, written


def walk(client, routes, account, verdict, methods=METHODS, *, pages=None, counts=False):
    """Return a line for every route and method the verdict objects to.

    With `counts` the verdict is told how many rows were written, else 0; of pages only the
    methods `pages` are tried where they are given.
    """
    faults = []
    for route in routes:
        address = route.address(account)
        for method in methods if route.is_api else pages or methods:
            answer, written = ask(client, method, address, counts=counts)
            if objection := verdict(route, method, answer, written):
                faults.append(f"{method} {route.name} → {answer.status_code}: {objection}")
    return faults


def signed_in(**fields):
    client = Client(raise_request_exception=True)
    client.force_login(make_user(**fields))
    return client


def test_every_route_can_be_tried():
    assert [route.fault() for route in ROUTES if route.fault()] == []
    assert len(ROUTES) > 50


def test_nobody_gets_in_without_signing_in():
    def verdict(route, method, answer, written):
        to_login = answer.status_code == 302 and answer["Location"].startswith("/auth/")
        if route.is_api:
            return answer.status_code != 401 and "401 expected"
        return not to_login and "the way to the login expected"

    assert walk(Client(), PRIVATE, make_foreign_account(), verdict) == []


def test_ingestion_knows_only_write_keys():
    def verdict(route, method, answer, written):
        return answer.status_code not in (401, 405) and "401 expected"

    routes = [route for route in KNOWN if route.is_of_write_keys]
    client = signed_in(role="administrator")
    assert walk(client, routes, make_foreign_account(), verdict, ["GET", "POST"]) == []


@pytest.mark.parametrize("role", ["member", "manager", "viewer"])
def test_a_record_of_another_team_does_not_exist(role):
    make_organisation()
    account = make_foreign_account()

    def verdict(route, method, answer, written):
        if route.names_a_record() and answer.status_code not in (404, 405):
            refused = answer.status_code == 403 and role == "viewer" and method != "GET"
            return not refused and "404 expected"
        return MARK.encode() in answer.content and "shows a foreign record"

    client, pages = signed_in(team=make_team(), role=role), METHODS_OF[role]
    assert walk(client, PRIVATE, account, verdict, pages=pages) == []


def test_a_viewer_writes_nothing_anywhere():
    make_organisation()
    team = make_team()
    client = signed_in(team=team, role="viewer")

    def verdict(route, method, answer, written):
        if written:
            return f"wrote {written} rows"
        refused = answer.status_code in (403, 404, 405)
        return route.names_a_record() and not refused and "403 or 404 expected"

    account = make_foreign_account(team=team)
    routes = [r for r in PRIVATE if not r.is_own]
    assert walk(client, routes, account, verdict, METHODS[1:], counts=True) == []


@pytest.mark.parametrize("role", ["administrator", "manager", "member", "privacy_officer"])
def test_no_route_breaks_down(role):
    make_organisation()
    team = make_team()
    client = signed_in(team=team, role=role, is_staff=role == "administrator")

    def verdict(route, method, answer, written):
        expected = answer.status_code < 500 or route.name == "readyz"
        return not expected and "broke down"

    account = make_foreign_account(team=team)
    assert walk(client, KNOWN, account, verdict, pages=METHODS_OF[role]) == []


def test_the_privacy_officer_sees_no_contracts_and_no_talks():
    account = make_foreign_account()
    hidden = [r for r in PRIVATE if r.name.split("-")[0].endswith((":contract", ":touchpoint"))]

    def verdict(route, method, answer, written):
        return MARK.encode() in answer.content and "shows what is not theirs"

    assert hidden
    assert walk(signed_in(role="privacy_officer"), hidden, account, verdict, ["GET"]) == []


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
def test_the_admin_is_for_administrators(role):
    client = signed_in(role=role)

    statuses = {address: client.get(address).status_code for address in admin_addresses()}

    assert {address for address, status in statuses.items() if status != 302} == set()


def test_every_list_and_form_of_the_admin_opens():
    make_foreign_account()
    client = signed_in(role="administrator", is_staff=True, is_superuser=True)

    statuses = {address: client.get(address).status_code for address in admin_addresses()}

    assert {address for address, status in statuses.items() if status not in (200, 403)} == set()
