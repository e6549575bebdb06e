import json
import logging
import logging.config
from io import StringIO

import pytest
import structlog
from django.test import RequestFactory
from django.urls import ResolverMatch

from config.logs import logging_settings


@pytest.fixture
def written() -> StringIO:
    """Where a handler made as in the settings writes."""
    described = logging_settings(level="INFO", as_json=True)
    described["loggers"] = {"heard": {"handlers": ["stderr"], "level": "INFO", "propagate": False}}
    described["root"] = {"handlers": []}
    before = logging.getLogger().handlers[:]
    logging.config.dictConfig(described)
    logging.getLogger().handlers = before
    handler = logging.getLogger("heard").handlers[0]
    handler.setStream(StringIO())
    return handler.stream


def test_a_line_is_json_with_the_id_of_its_request(written) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logging.getLogger("heard").warning("lost %s", "bell")
    line = json.loads(written.getvalue())
    assert (line["event"], line["request_id"], line["level"]) == ("lost bell", "abc", "warning")


def test_a_path_is_named_by_its_route_because_it_may_hold_a_secret(written) -> None:
    request = RequestFactory().get("/s/very-secret-token/")
    request.resolver_match = ResolverMatch(print, (), {}, route="s/<token>/")
    logging.getLogger("heard").error("Not Found: %s", request.path, extra={"request": request})
    assert json.loads(written.getvalue())["event"] == "Not Found: s/<token>/"


def test_an_unknown_path_is_not_named_at_all(written) -> None:
    request = RequestFactory().get("/s/very-secret-token/")
    logging.getLogger("heard").error("Not Found: %s", request.path, extra={"request": request})
    assert "very-secret-token" not in written.getvalue()


def test_a_probe_that_is_not_ready_is_no_error_of_ours(written) -> None:
    request = RequestFactory().get("/readyz")
    request.resolver_match = ResolverMatch(print, (), {}, url_name="readyz", route="readyz")
    logging.getLogger("heard").error("Unavailable: %s", request.path, extra={"request": request})
    assert not written.getvalue()


@pytest.mark.django_db
def test_each_answer_bears_its_id_and_keeps_a_given_one(client) -> None:
    assert len(client.get("/healthz")["X-Request-ID"]) == 32
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert client.get("/healthz", headers=given)["X-Request-ID"] == "from-the-proxy-1"
    odd = {"X-Request-ID": 'x" evil="1'}
    assert client.get("/healthz", headers=odd)["X-Request-ID"] != 'x" evil="1'
