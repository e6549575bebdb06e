"""What was done is said on the next page, once, with the way back."""

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.lib.toasts import say


@pytest.mark.parametrize(
    ("undo", "form"), [("/tasks/1/undo/", 'action="/tasks/1/undo/"'), ("", "")]
)
def test_a_toast_carries_its_undo_where_there_is_one(undo: str, form: str) -> None:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    say(request, "Task <moved>", undo=undo)
    page = render_to_string("frame/toasts.html", {}, request)
    assert "Task &lt;moved&gt;" in page
    assert 'role="status"' in page
    assert ("<form" in page) == bool(undo)
    assert form in page
