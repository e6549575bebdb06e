"""Whatever a REST view raises becomes one kind of answer."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.http import Http404
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from config.lib.problems import Conflict, FieldError, Problem


class Address(serializers.Serializer):
    city = serializers.CharField(max_length=5)


class Order(serializers.Serializer):
    name = serializers.CharField()
    tags = serializers.ListField(child=serializers.IntegerField(), required=False)
    addresses = Address(many=True, required=False)

    def validate(self, attrs: dict) -> dict:
        if attrs["name"] == "nobody":
            raise serializers.ValidationError("Nobody may not order.")
        return attrs


class Bearer(BaseAuthentication):
    def authenticate(self, request):
        return None

    def authenticate_header(self, request):
        return "Bearer"


class Shop(APIView):
    authentication_classes = [Bearer]
    permission_classes: list = []
    to_raise: Exception | None = None

    def get(self, request):
        raise Shop.to_raise

    def post(self, request):
        Order(data=request.data).is_valid(raise_exception=True)
        return Response({})


urlpatterns = [path("api/v1/shop/", Shop.as_view())]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client() -> APIClient:
    return APIClient()


def get(client: APIClient, error: Exception, **headers):
    Shop.to_raise = error
    return client.get("/api/v1/shop/", headers=headers)


def test_a_problem_is_answered_with_all_members_of_the_standard(client):
    class CyclicParent(Problem):
        status = 409
        code = "cyclic_parent"
        title = "The parent lies below."

    fault = FieldError("/parent", "7 lies below 3.")
    answer = get(client, CyclicParent("Choose another.", errors=[fault]))
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:yorisoi:problem:cyclic_parent",
        "title": "The parent lies below.",
        "status": 409,
        "detail": "Choose another.",
        "code": "cyclic_parent",
        "errors": [{"pointer": "/parent", "detail": "7 lies below 3."}],
    }


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict(), 409, "conflict"),
        (Http404("No Account matches."), 404, "not_found"),
        (PermissionDenied(), 403, "permission_denied"),
        (exceptions.NotFound(), 404, "not_found"),
        (exceptions.PermissionDenied(), 403, "permission_denied"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.AuthenticationFailed(), 401, "authentication_failed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.ParseError(), 400, "parse_error"),
        (exceptions.Throttled(wait=11.2), 429, "throttled"),
    ],
)
def test_each_error_has_its_status_code_and_words(client, error, status, code):
    answer = get(client, error)
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert body["title"]
    assert body["detail"]
    assert body["errors"] == []


def test_what_the_database_said_about_a_missing_row_is_not_told(client):
    assert "Account" not in get(client, Http404("No Account matches.")).content.decode()


def test_a_throttled_caller_learns_when_to_come_back(client):
    assert get(client, exceptions.Throttled(wait=11.2))["Retry-After"] == "12"


def test_an_unknown_caller_learns_how_to_identify(client):
    assert get(client, exceptions.NotAuthenticated())["WWW-Authenticate"] == "Bearer"


def test_a_method_that_is_not_offered_and_a_type_that_cannot_be_read_are_problems(client):
    assert client.delete("/api/v1/shop/").json()["code"] == "method_not_allowed"
    answer = client.post("/api/v1/shop/", "x", content_type="text/x-secret")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_broken_body_is_a_problem(client):
    answer = client.post("/api/v1/shop/", '{"name": ', content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/name"]),
        ({"name": "nobody"}, [""]),
        ({"name": "x", "tags": [1, "a", 3, "b"]}, ["/tags/1", "/tags/3"]),
        (
            {"name": "x", "addresses": [{"city": "Ise"}, {"city": "Nagoya"}]},
            ["/addresses/1/city"],
        ),
        ([], [""]),
    ],
)
def test_each_fault_points_at_its_field(client, body, pointers):
    answer = client.post("/api/v1/shop/", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers


def test_names_are_escaped_in_pointers(client):
    answer = get(client, exceptions.ValidationError({"a/b~c": ["Wrong."]}))
    assert answer.json()["errors"] == [{"pointer": "/a~1b~0c", "detail": "Wrong."}]


def test_the_faults_of_a_model_are_problems_too(client):
    answer = get(client, ModelError({"name": ["Too long.", "Odd."], "__all__": ["Empty."]}))
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/name", "/name", ""]
    assert get(client, ModelError("Just wrong.")).json()["errors"][0]["detail"] == "Just wrong."


def test_errors_are_worded_in_the_language_of_the_caller(client):
    answer = client.post("/api/v1/shop/", {}, format="json", headers={"Accept-Language": "ja"})
    assert answer.json()["errors"] == [{"pointer": "/name", "detail": "この項目は必須です。"}]


def test_a_caller_that_wants_another_format_gets_the_error_in_json_all_the_same(client):
    answer = get(client, exceptions.NotFound(), Accept="text/csv")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 406


def test_an_error_nobody_expected_stays_an_error(client):
    with pytest.raises(ZeroDivisionError):
        get(client, ZeroDivisionError())
