"""Anything may stand behind a question mark; no page and no endpoint breaks down over it."""

import pytest
from django.test import Client

from tests.factories import make_account, make_organisation, make_team, make_user
from tests.routes import product_routes

pytestmark = pytest.mark.django_db

ODD = [
    "q=%00&search=%00",
    f"account={'9' * 5000}&wave={'9' * 30}&page_size={'9' * 30}",
    "before=9999-12-31T23:59:59.999999Z&to=0001-01-01&at=9999-12-31",
    "before=0001-01-01T00:00:00%2B14:00&at=0001-01-01T00:00:00%2B14:00",
    "cursor=%00&sort=%00&ordering=%00&only=%00",
]


@pytest.mark.parametrize("question", ODD)
def test_an_odd_question_is_answered(question):
    make_organisation()
    team = make_team()
    account = make_account(team=team)
    client = Client(raise_request_exception=False)
    client.force_login(make_user(team=team, role="administrator"))
    routes = [r for r in product_routes() if not r.fault() and not r.is_public]

    statuses = {
        r.template: client.get(f"{r.address(account)}?{question}").status_code for r in routes
    }

    assert {name: status for name, status in statuses.items() if status >= 500} == {}
