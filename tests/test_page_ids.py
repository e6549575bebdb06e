"""Every page: an id stands once, so that labels, links and scripts find what they mean."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.factories import make_account, make_organisation, make_team, make_user
from tests.routes import product_routes

pytestmark = pytest.mark.django_db


class Ids(HTMLParser):
    """Collects the ids of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = Counter()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.update(value for name, value in attrs if name == "id")

    @property
    def doubled(self):
        return {name for name, count in self.found.items() if count > 1}


def test_an_id_stands_once_on_a_page():
    make_organisation()
    team = make_team()
    account = make_account(team=team)
    client = Client()
    client.force_login(make_user(team=team, role="administrator"))
    routes = [
        r for r in product_routes() if not r.fault() and not r.is_api and "logout" not in r.name
    ]

    doubled, pages = {}, 0
    for route in routes:
        answer = client.get(route.address(account))
        if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
            pages += 1
            if again := Ids(answer.content.decode()).doubled:
                doubled[route.name] = again

    assert pages > 100
    assert doubled == {}
