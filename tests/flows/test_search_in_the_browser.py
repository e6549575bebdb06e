"""The search in a real browser without scripts: the field leads to the page of results."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import sign_in
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


@pytest.fixture
def account():
    account = make_account(team=make_team(), name="青嶺精機", search_text="青嶺精機 あおみねせいき")
    make_contact(account=account, family_name="瀬戸", given_name="薫", search_text="瀬戸薫 せと")
    make_user(username="saeki", team=account.team, language="en")
    return account


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
