"""The OpenAPI document is complete, valid and says what can go wrong."""

from io import StringIO

import pytest
import yaml
from django.core.management import call_command

PROBLEM = "#/components/schemas/Problem"


@pytest.fixture(scope="module")
def document():
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return yaml.safe_load(out.getvalue())


def statuses(document, method, path):
    return set(document["paths"][path][method]["responses"])


def test_it_is_openapi_3_1_without_a_warning(document):
    assert document["openapi"].startswith("3.1")


def test_reads_and_writes_name_their_problems(document):
    one = "/api/v1/accounts/{id}/"

    assert statuses(document, "get", one) >= {"200", "401", "403", "404"}
    assert statuses(document, "patch", one) >= {"200", "400", "401", "403", "404", "409", "412"}
    assert statuses(document, "post", "/api/v1/accounts/") >= {"201", "400", "401", "403", "409"}


def test_every_problem_has_the_one_shape(document):
    shapes = {
        answer["content"]["application/problem+json"]["schema"]["$ref"]
        for path, methods in document["paths"].items()
        if path.startswith("/api/v1/contacts/")
        for operation in methods.values()
        for status, answer in operation["responses"].items()
        if status >= "400"
    }

    assert shapes == {PROBLEM}


def test_upper_apps_show_in_the_shape_of_an_account(document):
    account = document["components"]["schemas"]["Account"]["properties"]

    assert {"health", "attributes", "roles", "renewal_on"} <= set(account)
    assert {"score", "band", "coverage"} <= set(
        document["components"]["schemas"]["AccountHealth"]["properties"]
    )
