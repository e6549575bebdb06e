"""What browsers are told about our pages."""

import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/auth/login/", "/styleguide/", "/admin/login/", "/nowhere/"])
def test_every_page_carries_a_strict_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["script-src"].startswith("'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_admin_works_without_anything_inline(client: Client) -> None:
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    page = client.get("/admin/").content.decode()
    assert "<style" not in page
    assert " onclick=" not in page


@pytest.mark.parametrize("path", ["/", "/accounts/", "/api/v1/accounts/", "/nowhere/"])
def test_no_browser_or_proxy_keeps_what_is_about_customers(client: Client, path: str) -> None:
    client.force_login(make_user())

    assert client.get(path).headers["Cache-Control"] == "no-store, private"
