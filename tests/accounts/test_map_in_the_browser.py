"""The stakeholder map in a real browser: drawn, moved through time, a person changed beside it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import ContactStanding, StakeholderRole
from accounts.services.stakeholders import assign_role
from config.lib.clock import app_now
from tests.browser import DESKTOP, PHONE, barriers, sign_in
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
LONG_AGO = dt.date(2024, 4, 1)


@pytest.fixture
def account():
    account = make_account(team=make_team(), touch_model="high")
    make_user(username="saeki", team=account.team, language="en")
    for role in ("decision_maker", "champion"):
        contact = make_contact(account=account, family_name=role)
        assign_role(contact=contact, role=role, on=LONG_AGO, at=app_now())
    return account


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, locale="en-GB")
    yield context.new_page()
    context.close()


def test_the_map_is_drawn_and_a_person_changed_beside_it(page: Page, live_server, account):
    sign_in(page, live_server.url, "saeki", PASSWORD)
    page.goto(f"{live_server.url}/accounts/{account.pk}/map/")

    expect(page.locator("[data-map] canvas").first).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="champion 隆").first.click()
    page.locator("#map-person label", has_text="Opponent").click()
    page.locator("#map-person button", has_text="Save").click()
    expect(page.locator(".y-toast")).to_contain_text("Undo")
    assert ContactStanding.objects.current().get().stance == "opponent"
    page.locator(".y-toast button").click()
    expect(page.locator(".y-toast")).to_contain_text("Taken back")
    assert not ContactStanding.objects.current().exists()
    assert StakeholderRole.objects.current().count() == 2


def test_the_slider_leads_to_another_day(page: Page, live_server, account):
    sign_in(page, live_server.url, "saeki", PASSWORD)
    page.goto(f"{live_server.url}/accounts/{account.pk}/map/")
    page.locator("[data-asof-range]").focus()

    page.keyboard.press("Home")

    expect(page.locator("#map-title")).to_contain_text("1 Apr 2024")
    assert "at=2024-04-01" in page.url
    expect(page.locator("[data-map] canvas").first).to_be_visible()
