"""Pages in a real browser: no barriers, nothing refused by the policy, no scroll sideways."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import DESKTOP, PHONE, barriers

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    contexts = []

    def open_(
        path: str, *, language: str = "en", theme: str = "light", phone: bool = False
    ) -> Page:
        context = browser.new_context(
            locale={"en": "en-GB", "ja": "ja-JP"}[language],
            color_scheme=theme,
            viewport=PHONE if phone else DESKTOP,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", ["/styleguide/", "/auth/login/"])
@pytest.mark.parametrize(
    ("language", "theme", "phone"),
    [("en", "light", False), ("ja", "light", True), ("ja", "dark", False), ("en", "dark", True)],
)
def test_a_page_has_no_barriers_and_does_not_scroll_sideways(
    open_page: OpenPage, path: str, language: str, theme: str, phone: bool
) -> None:
    page = open_page(path, language=language, theme=theme, phone=phone)
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert barriers(page) == []


def test_nothing_on_the_page_is_refused_by_the_content_security_policy(open_page: OpenPage) -> None:
    page = open_page("/auth/login/")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(page.url.replace("/auth/login/", "/styleguide/"))
    page.click("summary[aria-label='More actions']")
    assert [text for text in complaints if "Content Security Policy" in text] == []


def test_the_description_of_the_api_is_shown_without_a_complaint(open_page: OpenPage) -> None:
    page = open_page("/auth/login/")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(page.url.replace("/auth/login/", "/api/docs/"))
    page.locator("#operations-tag-waves").click()
    page.get_by_text("/api/v1/waves/", exact=True).first.wait_for()
    assert complaints == []


def test_a_menu_closes_on_escape_and_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page("/styleguide/")
    page.click("summary[aria-label='More actions']")
    assert page.is_visible("text=Merge")
    page.keyboard.press("Escape")
    assert not page.is_visible("text=Merge")
    assert page.evaluate("document.activeElement.ariaLabel") == "More actions"


def test_shortcuts_answer_outside_fields_only(open_page: OpenPage) -> None:
    page = open_page("/styleguide/")
    page.focus("#id_note")
    page.keyboard.type("?")
    assert not page.is_visible("#keys")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("#keys")


def test_shortcuts_are_silent_while_text_is_composed_and_when_switched_off(
    open_page: OpenPage,
) -> None:
    page = open_page("/styleguide/")
    page.evaluate("document.activeElement.blur()")
    press = "(now) => document.body.dispatchEvent(new KeyboardEvent('keydown', now))"
    page.evaluate(press, {"key": "?", "isComposing": True, "bubbles": True})
    assert not page.is_visible("#keys")
    page.keyboard.press("?")
    page.uncheck("[data-keys-switch]")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.is_visible("#keys")


def test_j_and_k_walk_the_rows(open_page: OpenPage) -> None:
    page = open_page("/styleguide/")
    page.evaluate("document.activeElement.blur()")
    row = "[...document.querySelectorAll('[data-row]')].findIndex((one) => one.matches(focused))"
    row = row.replace("focused", "':focus-within'")
    page.keyboard.press("j")
    assert page.evaluate(row) == 0
    page.keyboard.press("j")
    assert page.evaluate(row) == 1
    page.keyboard.press("k")
    assert page.evaluate(row) == 0


@pytest.mark.parametrize("phone", [True, False])
def test_a_form_opens_as_a_dialog_and_leaves_when_closed(open_page: OpenPage, phone: bool) -> None:
    page = open_page("/styleguide/", phone=phone)
    page.click("text=Open a dialog")
    page.wait_for_selector("#example[open]")
    assert page.evaluate("document.activeElement.name") == "dialog-notice_days"
    assert (
        page.evaluate("document.querySelector('#example footer').getBoundingClientRect().bottom")
        <= (page.viewport_size["height"])
    )
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#example", state="detached")


def test_without_scripts_the_same_link_opens_a_page(
    browser: Browser, live_server: LiveServer
) -> None:
    with browser.new_context(java_script_enabled=False, locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/styleguide/")
        page.click("text=Open a dialog")
        assert page.inner_text("h1") == "A form in a dialog"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_menu_opens_inside_a_phone(open_page: OpenPage, language: str) -> None:
    page = open_page("/styleguide/", language=language, phone=True)
    menus = page.locator("main details.y-menu > summary:visible")
    edges = []
    for menu in menus.all():
        menu.click()
        edges += menu.evaluate(
            "it => [...it.parentElement.querySelectorAll('.y-menu__list, .y-menu__text')]"
            ".map(list => list.getBoundingClientRect()).map(box => [box.left, box.right])"
        )
        page.keyboard.press("Escape")
    assert edges
    assert [edge for edge in edges if edge[0] < 0 or edge[1] > PHONE["width"]] == []
