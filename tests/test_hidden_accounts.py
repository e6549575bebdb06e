"""Who sees records further than accounts learns nothing of the accounts they do not see."""

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from accounts.choices import RecordKind
from accounts.models import AccessPolicy, Account, AccountShare, Contact
from accounts.querysets import reach_of
from accounts.registry import lists
from accounts.selectors.records import columns_for, read_question, rows_asked
from accounts.services.exports.sources import open_sheet
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_ticket,
    make_touchpoint,
    make_user,
)
from tests.route_records import RECORDS
from tests.routes import METHODS, OF_PAGES, product_routes

pytestmark = pytest.mark.django_db
NAME = "Hiddenco"
NUMBER = 987_650_001
ROUTES = [
    route
    for route in product_routes()
    if not route.fault() and not route.is_public and not route.is_of_write_keys
]


@pytest.fixture
def hidden():
    make_organisation()
    for kind in RecordKind.values:
        scope = "own_team" if kind == RecordKind.ACCOUNT else "all"
        AccessPolicy.objects.create(role="member", kind=kind, read_scope=scope, write_scope=scope)
    return make_account(
        pk=NUMBER,
        name=f"{NAME}株式会社",
        short_name=NAME,
        name_kana=NAME,
        name_latin=NAME,
        external_id=f"{NAME}-id",
        search_text=NAME.lower(),
    )


@pytest.fixture
def user(hidden):
    return make_user(team=make_team(), role="member")


@pytest.fixture
def reader(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def told(answer):
    """Return what of the hidden account an answer tells."""
    text = answer.content.decode() + "".join(map(str, answer.headers.values()))
    return [mark for mark in (NAME, str(NUMBER)) if mark in text]


def test_no_address_tells_of_an_account_the_reader_does_not_see(hidden, reader):
    faults, shown = [], set()
    for route in ROUTES:
        address = route.address(hidden)
        for method in METHODS if route.is_api else OF_PAGES:
            with transaction.atomic():
                answer = reader.generic(method, address, b"{}", content_type="application/json")
                transaction.set_rollback(True)
            if answer.status_code in (404, 405):  # no more than was asked for
                continue
            if route.names_a_record() and answer.status_code == 200:
                shown.add(route.name)
            if marks := told(answer):
                faults.append(f"{method} {route.name} → {answer.status_code}: {marks}")
            elif answer.status_code >= 500:
                faults.append(f"{method} {route.name} broke down")
    assert not faults, "\n".join(faults)
    assert len(shown) > 30


def every_record(account):
    return [make(account) for model, make in RECORDS.items() if model not in (Account, Contact)]


@pytest.mark.parametrize("key", sorted(lists))
def test_no_list_finds_sorts_or_exports_by_an_account_the_reader_does_not_see(hidden, user, key):
    records, reach = lists.get(key), reach_of(user)
    every_record(hidden)
    make_contact(account=hidden)

    def rows(query):
        question = read_question(records, QueryDict(query), reach=reach)
        return list(rows_asked(records, question, user=user, at=app_now()))

    sortable = {column.key for column in columns_for(records, reach) if column.is_sortable}
    sheet = open_sheet(key, user=user, query="", at=app_now())

    assert rows(f"q={NAME}") == []
    assert "account" not in sortable or rows("") == []
    assert NAME not in str([*sheet.rows()])


@pytest.mark.parametrize(
    "name", ["tickets", "invoices", "milestones", "alerts", "measurements", "score-feedback"]
)
def test_no_search_over_the_api_finds_by_an_account_the_caller_does_not_see(
    hidden, reader, user, name
):
    every_record(hidden)
    make_share = AccountShare.objects.create(account=hidden, user=user)
    shown = reader.get(f"/api/v1/{name}/?search={NAME}").json()["results"]
    make_share.delete()

    found = reader.get(f"/api/v1/{name}/?search={NAME}").json()["results"]

    assert shown
    assert found == []


def test_an_account_the_caller_does_not_see_filters_nothing(hidden, reader):
    every_record(hidden)

    answer = reader.get(f"/api/v1/payments/?account={hidden.pk}")

    assert answer.status_code == 400


def test_a_talk_of_another_account_is_corrected_without_naming_it(hidden, reader):
    talk = make_touchpoint(account=hidden, subject="Talk")
    form = reader.get(f"/touchpoints/{talk.pk}/edit/").context["form"]
    data = {b.html_name: b.value() for b in form if b.value() is not None and b.name != "accounts"}

    answer = reader.post(f"/touchpoints/{talk.pk}/edit/", {**data, "subject": "New", "do": "log"})

    talk.refresh_from_db()
    assert (answer.status_code, talk.subject, told(answer)) == (302, "New", [])


def test_a_page_says_that_there_is_another_account(hidden, reader):
    ticket = make_ticket(account=hidden)

    english = reader.get(f"/tickets/{ticket.pk}/").content.decode()

    assert "another account" in english
    assert told(reader.get(f"/tickets/{ticket.pk}/")) == []
