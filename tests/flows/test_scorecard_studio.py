"""A scorecard in a real browser: copied, changed, tried, reviewed, published, and taken back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from config.lib.clock import app_now
from scoring.models import Scorecard
from scoring.services.runs import recompute_health
from tests.browser import DESKTOP, PHONE, barriers, sign_in
from tests.factories import make_account, make_organisation, make_user
from tests.scoring.factories import install_scorecards

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
LOGINS = "dimensions/0/measures/1"
SHARE = "dimensions/0/measures/0"


@pytest.fixture
def people():
    make_organisation()
    install_scorecards()
    make_account(customer_since_on="2022-04-01", tier="a", touch_model="high")
    recompute_health(at=app_now())
    for username in ("writer", "reviewer"):
        make_user(username=username, role="manager", language="en")


def opened(browser: Browser, site: str, username: str, **options) -> Page:
    page = browser.new_context(locale="en-GB", viewport=DESKTOP, **options).new_page()
    sign_in(page, site, username, PASSWORD)
    return page


def free(page: Page) -> None:
    assert barriers(page) == []


def test_from_a_copy_to_a_published_version_and_back(browser: Browser, live_server, people):
    writer = opened(browser, live_server.url, "writer")
    begin_a_copy(writer, live_server.url)
    change(writer)
    try_it(writer)
    send_to_review(writer)
    reviewer = opened(browser, live_server.url, "reviewer")
    publish(reviewer, writer.url)
    change_once_more_and_go_back(reviewer, writer)

    versions = Scorecard.objects.get(key="partners").versions.order_by("number")
    assert [(one.number, one.state) for one in versions] == [
        (1, "published"),
        (2, "published"),
        (3, "published"),
    ]
    assert versions[2].definition == versions[0].definition != versions[1].definition


def begin_a_copy(page: Page, site: str) -> None:
    page.goto(f"{site}/scorecards/")
    free(page)
    page.get_by_role("link", name="New scorecard").click()
    free(page)
    page.get_by_label("Begin with").select_option("copy:standard")
    page.get_by_label("Name in English").fill("Partners")
    page.get_by_label("Name in Japanese").fill("代理店")
    page.get_by_label("Tier").select_option("a")
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_text("Draft, affects nobody", exact=True)).to_be_visible()


def change(page: Page) -> None:
    page.locator(f"[id='{SHARE}/weight']").fill("30")
    level = page.locator("[data-level='dimensions/0/measures']")
    expect(level.locator("[data-sum]")).to_have_text("95")
    page.get_by_role("button", name="Save the draft").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Usage: The weights sum to 95%, not to 100%.")
    free(page)
    page.locator(f"[id='{LOGINS}/weight']").fill("25")
    expect(level.locator("[data-sum]")).to_have_text("100")

    page.get_by_role("link", name="Active ÷ licensed users, 28 days").first.click()
    drawing = page.locator(f"[id='{SHARE}'] .y-studio__knots polyline")
    before = drawing.get_attribute("points")
    page.locator(f"[id='{SHARE}/knots/1/u']").fill("55")
    expect(drawing).not_to_have_attribute("points", before or "")
    page.locator(f"[id='{SHARE}']").get_by_role("button", name="Add knot").click()
    expect(page.locator(f"[id='{SHARE}/knots/5/x']")).to_be_visible()
    page.locator(f"[id='{SHARE}/knots/5/x']").fill("95")
    page.locator(f"[id='{SHARE}/knots/5/u']").fill("100")


def try_it(page: Page) -> None:
    page.get_by_role("button", name="Save and try on the book").click()
    expect(page.get_by_role("status").get_by_text("The draft was saved.")).to_be_visible()
    trial = page.get_by_role("complementary", name="What-if")
    expect(trial.get_by_role("heading", name="From band to band")).to_be_visible(timeout=10_000)
    free(page)
    page.set_viewport_size(PHONE)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    page.set_viewport_size(DESKTOP)


def send_to_review(page: Page) -> None:
    page.get_by_role("link", name="Review and publish").click()
    expect(page.get_by_role("heading", name="From band to band")).to_be_visible()
    free(page)
    page.get_by_label("Why this change").fill("Partners log in less")
    page.get_by_role("button", name="Send to review").click()
    expect(page.get_by_text("Version 1 is in review and affects nobody.")).to_be_visible()
    expect(page.get_by_text("Somebody else publishes it")).to_be_visible()


def publish(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("Partners log in less")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("version 1", exact=False).first).to_be_visible()
    expect(page.get_by_text("25% → 55", exact=False)).not_to_be_visible()
    expect(page.get_by_text("20% → 55", exact=False).first).to_be_visible()
    free(page)


def change_once_more_and_go_back(reviewer: Page, writer: Page) -> None:
    writer.goto(reviewer.url)
    writer.get_by_role("button", name="Change as a draft").click()
    writer.get_by_role("link", name="Limit rules").click()
    writer.locator("[id='gates/0'] summary").click()
    writer.locator("[id='gates/0/value']").fill("20")
    writer.get_by_role("button", name="Save the draft").click()
    writer.get_by_role("link", name="Review and publish").click()
    changes = writer.get_by_role("table", name="What changed")
    expect(changes).to_contain_text("at most 20")
    writer.get_by_role("button", name="Send to review").click()
    reviewer.goto(writer.url)
    reviewer.get_by_role("button", name="Publish").click()
    reviewer.get_by_role("link", name="Go back to it").click()
    reviewer.get_by_label("Why").fill("Too strict")
    reviewer.get_by_role("button", name="Publish again").click()
    expect(reviewer.get_by_text("says what 1 said")).to_be_visible()


def test_the_editor_works_without_scripts(browser: Browser, live_server, people):
    page = opened(browser, live_server.url, "writer", java_script_enabled=False)
    card = Scorecard.objects.get(key="standard")

    page.goto(f"{live_server.url}/scorecards/{card.pk}/")
    page.get_by_role("button", name="Change as a draft").click()
    page.get_by_label("Measure to add").first.select_option("logins")
    page.get_by_role("button", name="Add measure").first.click()
    page.locator("[id='dimensions/0/measures/4/knots/1/u']").fill("70")
    page.get_by_role("button", name="Bring to 100").first.click()
    page.get_by_role("button", name="Save the draft").click()

    draft = card.versions.get(state="draft")
    measures = draft.definition["dimensions"][0]["measures"]
    assert [one["metric"] for one in measures][-1] == "logins"
    assert measures[-1]["curve"][1] == [5, 70]
    assert sum(round(1000 * one["weight"]) for one in measures) == 1000
