"""The command palette in a real browser: opened, asked and followed with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, barriers, sign_in
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
COMPOSING = """(key) => document.querySelector("#palette-q").dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""


@pytest.fixture
def account():
    account = make_account(team=make_team(), name="青嶺精機", search_text="青嶺精機 あおみねせいき")
    make_contact(account=account, family_name="瀬戸", given_name="薫", search_text="瀬戸薫 せと")
    make_user(username="saeki", team=account.team, language="en")
    return account


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, locale="en-GB")
    page = context.new_page()
    yield page
    context.close()


def test_the_palette_is_asked_and_followed_with_the_keyboard(page: Page, live_server, account):
    sign_in(page, live_server.url, "saeki", PASSWORD)
    page.keyboard.press("Control+k")
    combobox = page.get_by_role("combobox", name="Accounts, people, pages, actions")
    expect(combobox).to_be_focused()
    combobox.fill("seto")
    expect(page.get_by_role("option")).to_have_count(1)

    combobox.fill("aomine")
    expect(page.get_by_role("option")).to_contain_text(["青嶺精機"])
    expect(page.locator("[data-palette] [role=status]")).to_have_text("1 entry")
    marked = page.get_by_role("option", selected=True).get_attribute("id")
    assert combobox.get_attribute("aria-activedescendant") == marked
    assert barriers(page) == []
    page.evaluate(COMPOSING, "Enter")
    assert page.url == f"{live_server.url}/"
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/accounts/{account.pk}/")


def test_the_account_on_screen_is_offered_with_a_dialog_for_a_talk(
    page: Page, live_server, account
):
    sign_in(page, live_server.url, "saeki", PASSWORD)
    page.goto(f"{live_server.url}/accounts/{account.pk}/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", selected=True)).to_contain_text("青嶺精機")

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Log a touchpoint")
    page.keyboard.press("Enter")

    expect(page.locator("#dialogs dialog[open]")).to_contain_text("青嶺精機")


def test_without_scripts_the_search_field_leads_to_the_page_of_results(
    browser: Browser, live_server, account
):
    with browser.new_context(java_script_enabled=False, locale="en-GB") as context:
        page = context.new_page()
        sign_in(page, live_server.url, "saeki", PASSWORD)
        page.get_by_role("searchbox", name="Search accounts and people").fill("アオミネ")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
        expect(page.get_by_role("link", name="青嶺精機")).to_be_visible()
