"""What was done is said on the next page, once, with the way back."""

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.lib.toasts import say


def asked() -> HttpRequest:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize(
    ("undo", "form"), [("/tasks/1/undo/", 'action="/tasks/1/undo/"'), ("", "")]
)
def test_a_toast_carries_its_undo_where_there_is_one(undo: str, form: str) -> None:
    request = asked()
    say(request, "Task <moved>", undo=undo)
    page = render_to_string("frame/toasts.html", {}, request)
    assert "Task &lt;moved&gt;" in page
    assert 'role="status"' in page
    assert ("<form" in page) == bool(undo)
    assert form in page


def test_what_has_no_way_back_shares_one_toast() -> None:
    request = asked()
    say(request, "The app is set up.")
    say(request, "New codes are made.")
    page = render_to_string("frame/toasts.html", {}, request)
    assert page.count("data-toast>") == 1
    assert "The app is set up." in page
    assert "New codes are made." in page


def test_two_that_can_be_undone_keep_a_toast_each() -> None:
    request = asked()
    say(request, "One moved", undo="/1/")
    say(request, "Two moved", undo="/2/")
    page = render_to_string("frame/toasts.html", {}, request)
    assert page.count("data-toast>") == 2
    assert page.index("/1/") < page.index("/2/")
