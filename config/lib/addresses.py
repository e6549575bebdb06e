"""Addresses that one page names a hundred times; Django looks each of them up anew."""

from functools import cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

PLACE = 1_000_000_007


def address(url_name: str) -> str:
    """Return where a page without arguments lies.

    :raises NoReverseMatch: if there is no such page.
    """
    return _address(url_name, *_here())


def row_address(url_name: str, key: Any) -> str:
    """Return where the page of a row lies: its address has the row's number and nothing else.

    :raises NoReverseMatch: if there is no such page.
    """
    before, after = _around_the_number(url_name, *_here())
    return f"{before}{key}{after}"


def _here() -> tuple[str, str]:
    return get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF


@cache
def _address(url_name: str, prefix: str, urls: str) -> str:
    return reverse(url_name)


@cache
def _around_the_number(url_name: str, prefix: str, urls: str) -> tuple[str, str]:
    before, after = reverse(url_name, args=[PLACE]).split(str(PLACE))
    return before, after
