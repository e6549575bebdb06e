"""What a page names a hundred times is looked up once, and is what Django would have said."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from config.lib.addresses import address, row_address

ROWS = ["accounts:detail", "accounts:contact_detail", "accounts:ticket_detail"]


@pytest.fixture
def below():
    set_script_prefix("/yorisoi/")
    yield
    set_script_prefix("/")


def test_a_page_lies_where_django_says() -> None:
    assert address("accounts:list") == reverse("accounts:list")


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("key", [0, 7, 1_000_000_007])
def test_the_page_of_a_row_lies_where_django_says(name: str, key: int) -> None:
    assert row_address(name, key) == reverse(name, args=[key])


def test_another_prefix_is_another_address(below) -> None:
    assert address("accounts:list") == "/yorisoi/accounts/"
    assert row_address("accounts:detail", 7) == "/yorisoi/accounts/7/"


def test_a_page_that_does_not_exist_is_told() -> None:
    with pytest.raises(NoReverseMatch):
        row_address("accounts:nowhere", 7)
