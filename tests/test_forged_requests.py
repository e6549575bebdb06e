"""What another site has a browser send changes nothing, and a token no more than it may."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from tests.factories import make_organisation, make_team, make_user
from tests.routes import make_foreign_account, product_routes
from tests.test_routes import METHODS, walk

pytestmark = pytest.mark.django_db
ROUTES = [route for route in product_routes() if not route.fault()]
#: Answered by who holds the secret link, without a session or a cookie to ride on.
BY_LINK = {"surveys:form", "surveys:unsubscribe", "accounts:inlet_door"}
#: A session is nothing to them (`tests/accounts/api/test_scim.py`).
BY_TOKEN = {"scim_root", "scim"}


def test_every_post_needs_the_form_token():
    make_organisation()
    team = make_team()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(team=team, role="administrator"))
    routes = [r for r in ROUTES if not r.is_of_write_keys and r.name not in BY_LINK | BY_TOKEN]

    def verdict(route, method, answer, written):
        if written:
            return f"wrote {written} rows"
        return answer.status_code not in (403, 405, 415) and "403 expected"

    account = make_foreign_account(team=team)
    faults = walk(client, routes, account, verdict, METHODS[1:], counts=True)

    assert not faults, "\n".join(faults)


def test_a_token_that_reads_writes_nowhere():
    make_organisation()
    team = make_team()
    owner = make_user(team=team, role="administrator")
    made = create_api_token(user=owner, name="t", scopes=["read"], at=app_now())
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {made.text}")
    routes = [r for r in ROUTES if r.is_api and not r.is_of_write_keys and not r.is_public]

    def verdict(route, method, answer, written):
        return answer.status_code not in (403, 405) and "403 expected"

    faults = walk(client, routes, make_foreign_account(team=team), verdict, METHODS[1:])

    assert len(routes) > 50
    assert not faults, "\n".join(faults)
