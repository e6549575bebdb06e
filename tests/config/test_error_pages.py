"""A fault is told in one sentence, with a way back and a number to quote."""

import logging
import re

import pytest
from django.test import Client, RequestFactory

from config.error_pages import server_error

pytestmark = [pytest.mark.urls("tests.config.broken_urls")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "english", "japanese"),
    [
        ("/fail/400/", 400, "could not be read", "読み取れませんでした"),
        ("/fail/403/", 403, "may not open", "権限がありません"),
        ("/nowhere/", 404, "nothing at this address", "このアドレスにページはありません"),
        ("/fail/500/", 500, "could not be made", "表示できませんでした"),
    ],
)
def test_each_fault_has_its_page_in_both_languages(
    path: str, status: int, english: str, japanese: str
) -> None:
    client = Client(raise_request_exception=False)
    for language, sentence in (("en", english), ("ja", japanese)):
        response = client.get(path, headers={"accept-language": language})
        page = response.content.decode()
        assert response.status_code == status
        assert sentence in page
        assert 'href="/"' in page
        assert re.search(r"(Reference|お問い合わせ番号) [0-9a-f-]{8}", page)


def test_the_page_of_a_server_error_needs_no_database(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="yorisoi.errors"):
        response = server_error(RequestFactory().get("/accounts/"))
    reference = re.search(r"Reference ([0-9a-f]{8})", response.content.decode())
    assert reference
    assert '<html lang="en"' in response.content.decode()
    assert reference[1] in caplog.text


@pytest.mark.django_db
def test_a_form_without_its_token_says_that_nothing_was_saved() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/preferences/", {"language": "ja"}, headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "Nothing was saved" in response.content.decode()
