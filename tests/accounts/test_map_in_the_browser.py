"""The stakeholder map in a real browser: drawn, moved through time, a person changed beside it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import ContactStanding, StakeholderRelation, StakeholderRole
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
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    sign_in(page, live_server.url, "saeki", PASSWORD)
    page.goto(f"{live_server.url}/accounts/{account.pk}/map/")

    expect(page.locator("[data-map] canvas").first).to_be_visible()
    assert refused == []
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


#: Zoom of the drawing, and how many of its boxes lie on another or are lower than their words.
MEASURES = """() => {
  const graph = document.querySelector("[data-map] > div")._cyreg.cy;
  const only = {includeLabels: false, includeEdges: false, includeOverlays: false};
  const boxes = graph.nodes().map((node) => node.boundingBox(only));
  const meet = (a, b) => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
  const met = boxes.filter((a, n) => boxes.slice(n + 1).some((b) => meet(a, b))).length;
  const words = {includeNodes: false, includeLabels: true, includeEdges: false};
  const low = graph.nodes().filter((node) => node.boundingBox(words).h > node.height() + 4).length;
  return [graph.zoom(), met, low];
}"""


def test_with_many_in_a_rank_words_keep_their_size_and_their_box(page: Page, live_server, account):
    boss = account.contacts.order_by("pk").first()
    for n in range(6):
        below = make_contact(
            account=account,
            family_name=f"Featherstonehaugh {n}",
            title="生産管理部 第二課 課長代理",
        )
        StakeholderRelation.objects.create(
            account=account,
            from_contact=below,
            to_contact=boss,
            kind="reports_to",
            starts_on=LONG_AGO,
        )
    sign_in(page, live_server.url, "saeki", PASSWORD)
    page.goto(f"{live_server.url}/accounts/{account.pk}/map/")
    expect(page.locator("[data-map] canvas").first).to_be_visible()

    zoom, met, low = page.evaluate(MEASURES)

    assert zoom >= 1
    assert (met, low) == (0, 0)
    assert barriers(page) == []


def test_the_slider_leads_to_another_day(page: Page, live_server, account):
    sign_in(page, live_server.url, "saeki", PASSWORD)
    page.goto(f"{live_server.url}/accounts/{account.pk}/map/")
    page.locator("[data-asof-range]").focus()

    page.keyboard.press("Home")

    expect(page.locator("#map-title")).to_contain_text("1 Apr 2024")
    assert "at=2024-04-01" in page.url
    expect(page.locator("[data-map] canvas").first).to_be_visible()
