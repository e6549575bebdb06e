"""A list that is asked wrongly says so, instead of showing everything."""

import pytest
from rest_framework.test import APIClient

from tests.factories import make_account, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(api):
    make_organisation()
    make_account(tier="a", phase="adoption")
    return api(make_user(role="administrator"))


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        ("teir=a", "/teir"),
        ("tier=", "/tier"),
        ("external_id=", "/external_id"),
        ("external_id=%20", "/external_id"),
        ("updated_at=2026-01-01", "/updated_at"),
        ("updated_at_after=", "/updated_at_after"),
    ],
)
def test_a_filter_unknown_or_without_a_value_is_refused(client, question, pointer):
    answer = client.get(f"/api/v1/accounts/?{question}")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("name", ["ordering", "sort", "order_by"])
def test_an_order_a_list_has_not_is_told_with_those_it_has(client, name):
    [fault] = client.get(f"/api/v1/invoices/?{name}=nope").json()["errors"]

    assert fault["pointer"] == f"/{name}"
    assert "sorted by" in fault["detail"]
    assert "due_on, " in fault["detail"]


def test_search_is_refused_where_nothing_can_be_searched(client):
    assert client.get("/api/v1/teams/?search=x").json()["errors"][0]["pointer"] == "/search"


@pytest.mark.parametrize("question", ["tier=a", "updated_at_after=2020-01-01T00:00:00Z", "search="])
def test_known_questions_are_answered(client, question):
    assert len(client.get(f"/api/v1/accounts/?{question}").json()["results"]) == 1


def test_a_body_longer_than_can_be_read_is_refused(client, settings):
    settings.API_MAX_BODY_BYTES = 20

    answer = client.post("/api/v1/accounts/", {"name": "A much too long name"})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_too_long_for_a_session_is_the_same_problem(alice, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice)
    client.cookies["csrftoken"] = "a" * 32

    answer = client.post("/api/v1/accounts/", {"name": "x" * 200}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_new_record_shows_the_version_to_change_it_by(client):
    made = client.post("/api/v1/teams/", {"name": "East"})
    address = f"/api/v1/teams/{made.json()['id']}/"

    first = client.patch(address, {"name": "West"}, headers={"If-Match": made["ETag"]})
    second = client.patch(address, {"name": "South"}, headers={"If-Match": made["ETag"]})

    assert (first.status_code, second.status_code) == (200, 412)
