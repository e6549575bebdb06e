"""Errors that leave an HTML view are pages; below the API they are JSON, whoever raised them."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

import config.urls
from config.lib.problems import Conflict, FieldError


@login_not_required
def conflict(request: HttpRequest) -> HttpResponse:
    raise Conflict("Someone <b>else</b> was first.", errors=[FieldError("/due_on", "A holiday.")])


@login_not_required
def crash(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@login_not_required
@csrf_protect
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@login_not_required
@require_POST
def press(request: HttpRequest) -> HttpResponse:
    return HttpResponse("pressed")


urlpatterns = [
    *config.urls.urlpatterns,
    path("conflict/", conflict),
    path("press/", press),
    path("api/v1/conflict/", conflict),
    path("api/v1/crash/", crash),
    path("v1/guarded", guarded),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def test_a_problem_of_a_view_is_a_page_with_its_status_and_words(client):
    answer = client.get("/conflict/")
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("text/html")
    page = answer.content.decode()
    assert "Someone &lt;b&gt;else&lt;/b&gt; was first." in page
    assert "A holiday." in page


def test_the_page_is_in_the_language_of_the_reader(client):
    page = client.get("/conflict/", headers={"Accept-Language": "ja"}).content.decode()
    assert '<html lang="ja"' in page


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/v1/conflict/", 409),
        ("get", "/api/v1/nowhere/", 404),
        ("get", "/api/v1/crash/", 500),
        ("post", "/v1/guarded", 403),
    ],
)
def test_below_the_api_every_error_is_json(client, method, address, status):
    answer = getattr(client, method)(address)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unknown_page_elsewhere_stays_a_page(client):
    answer = client.get("/nowhere/")
    assert (answer.status_code, answer["Content-Type"][:9]) == (404, "text/html")


def test_the_address_of_a_button_opened_like_a_page_says_what_to_do(client):
    answer = client.get("/press/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing was changed." in answer.content.decode()


def test_a_verb_no_browser_sends_is_refused_without_a_page():
    answer = Client().put("/press/")
    assert (answer.status_code, answer.content) == (405, b"")
