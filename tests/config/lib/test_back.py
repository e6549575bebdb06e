import pytest
from django.test import RequestFactory

from config.lib.back import back


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/accounts/7/?only=tasks#x", "/accounts/7/?only=tasks"),
        ("http://testserver", "/"),
        ("http://testserver//evil.example/x", "/evil.example/x"),
        ("http://evil.example/x", "/"),
        ("//evil.example/x", "/"),
        ("", "/"),
    ],
)
def test_a_small_change_leads_back_to_its_page_and_never_elsewhere(referer, target):
    request = RequestFactory().post("/tasks/1/complete/", headers={"Referer": referer})

    assert back(request)["Location"] == target
