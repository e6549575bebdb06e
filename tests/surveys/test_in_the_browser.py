"""The form in a real browser: no barriers, no scripts, no cookie, and small enough for a phone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from surveys.models import Response
from tests.browser import DESKTOP, PHONE, barriers
from tests.surveys.factories import make_link

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
SMALL_PHONE = {"width": 320, "height": 568}
OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    contexts = []

    def open_(path: str, size: dict[str, int] = DESKTOP, theme: str = "light") -> Page:
        context = browser.new_context(
            viewport=size, color_scheme=theme, java_script_enabled=True, locale="en-GB"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    ("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark"), (SMALL_PHONE, "light")]
)
def test_the_form_has_no_barriers_and_fits(open_page, language, size, theme):
    page = open_page(f"/s/{make_link()}/?lang={language}", size, theme)

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("document.documentElement.lang") == language
    targets = page.locator("input[type=radio], button")
    heights = targets.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_mistake_is_explained_without_barriers_and_keeps_what_was_typed(open_page, language):
    page = open_page(f"/s/{make_link()}/?lang={language}", PHONE)
    page.locator("form").evaluate("form => { form.noValidate = true }")
    page.fill("textarea", "My reason")
    page.click("button")

    assert page.locator("[role=alert]").is_visible()
    assert page.input_value("textarea") == "My reason"
    assert barriers(page) == []


def test_the_browser_itself_asks_for_a_number_first(open_page):
    page = open_page(f"/s/{make_link()}/?lang=en")

    page.click("button")

    assert page.locator("#score-0").evaluate("input => input.validity.valueMissing")
    assert page.title() == "Your view of Monorhythm"
    assert not Response.objects.exists()


def test_an_answer_with_the_keyboard_alone_leaves_no_cookie(open_page):
    page = open_page(f"/s/{make_link()}/?lang=en", SMALL_PHONE)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    page.focus("#score-0")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.focus("textarea")
    page.keyboard.type("Quick help")
    page.focus("button")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Thank you')")

    response = Response.objects.get()
    assert (response.score, response.comment) == (9, "Quick help")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0
    assert barriers(page) == []
    assert complaints == []
