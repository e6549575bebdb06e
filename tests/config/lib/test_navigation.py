"""The frame links only to pages that exist, and to those a user may open."""

from dataclasses import dataclass

import pytest
from django.urls import reverse

from config.lib import navigation
from config.lib.navigation import Entry
from config.lib.registry import DuplicateKey, Registry


@dataclass
class Person:
    is_staff: bool = False
    is_authenticated: bool = False


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "registered", Registry("navigation"))


@pytest.mark.parametrize("entry", navigation.entries(), ids=lambda entry: entry.key)
def test_every_registered_page_exists(entry: Entry) -> None:
    assert reverse(entry.url_name).startswith("/")


@pytest.mark.parametrize("is_staff", [True, False])
def test_a_page_a_user_may_not_open_is_not_linked(is_staff: bool) -> None:
    links = navigation.links("settings", user=Person(is_staff), path="/")
    assert ("/admin/" in [link.href for link in links]) == is_staff


def test_a_page_is_current_below_its_address(empty: None) -> None:
    navigation.register_entry(Entry("menu", "Menu", "menu"))
    below = navigation.links("main", user=Person(), path="/menu/more/")
    elsewhere = navigation.links("main", user=Person(), path="/other/")
    assert [link.is_current for link in below + elsewhere] == [True, False]


def test_a_page_is_current_below_the_addresses_it_holds(empty: None) -> None:
    navigation.register_entry(Entry("menu", "Menu", "menu", holds=lambda: ("/contacts/",)))
    paths = ("/contacts/5/", "/contracts/")
    links = [navigation.links("main", user=Person(), path=path)[0] for path in paths]
    assert [link.is_current for link in links] == [True, False]


def test_the_bottom_bar_puts_the_action_in_the_middle_and_the_menu_last(empty: None) -> None:
    for order, key in enumerate(["day", "accounts", "portfolio"]):
        navigation.register_entry(Entry(key, key, "menu", order=order, tab=True))
    navigation.register_entry(Entry("log", "log", "menu", place="action"))
    navigation.register_entry(Entry("more", "more", "menu", place="menu"))
    labels = [link.label for link in navigation.tabs(user=Person(), path="/")]
    assert labels == ["day", "accounts", "log", "portfolio", "more"]


@pytest.mark.parametrize(("path", "is_current"), [("/styleguide/x/", True), ("/search/", False)])
def test_the_menu_is_current_on_pages_only_it_leads_to(
    empty: None, path: str, is_current: bool
) -> None:
    navigation.register_entry(Entry("more", "more", "menu", place="menu"))
    held = Entry("alerts", "alerts", "menu", holds=lambda: ("/styleguide/",))
    navigation.register_entry(held)

    [menu] = navigation.tabs(user=Person(), path=path)

    assert menu.is_current == is_current


def test_two_pages_under_one_key_are_refused(empty: None) -> None:
    navigation.register_entry(Entry("menu", "Menu", "menu"))
    with pytest.raises(DuplicateKey):
        navigation.register_entry(Entry("menu", "Other", "menu"))
