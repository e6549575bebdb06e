"""Every page says where one is: one entry of the side bar is the current one."""

import re

import pytest
from django.test import Client

from tests.factories import make_account, make_organisation, make_team, make_user
from tests.route_records import HOUSE, RECORDS
from tests.routes import product_routes

pytestmark = pytest.mark.django_db

#: What belongs to no entry: the search over everything, the phone's menu, one's own sign-in.
NOWHERE = ("search/", "menu/", "auth/")
SIDE = re.compile(r'<nav class="y-side".*?</nav>', re.DOTALL)


def test_every_page_marks_its_entry_in_the_side_bar():
    make_organisation()
    team = make_team()
    account = make_account(team=team)
    for make in HOUSE.values():
        make()
    for make in RECORDS.values():
        make(account)
    client = Client()
    client.force_login(make_user(team=team, role="administrator", is_staff=True))
    routes = [
        route
        for route in product_routes()
        if not (route.fault() or route.is_admin or route.is_api or route.is_public)
        and not route.template.startswith(NOWHERE)
    ]

    marks = {}
    for route in routes:
        answer = client.get(route.address(account))
        side = SIDE.search(answer.content.decode()) if not answer.streaming else None
        if answer.status_code == 200 and side:
            marks[route.template] = side[0].count('aria-current="page"')

    assert len(marks) > 60
    assert [template for template, number in marks.items() if number != 1] == []
