"""Conditions of a scorecard built by hand in a real browser, and the score that follows them."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import Account, AttributeDefinition
from accounts.services.accounts import set_attributes
from config.lib.clock import app_now
from scoring.models import HealthCurrent, Scorecard
from scoring.services.runs import recompute_health
from tests.browser import DESKTOP, PHONE, barriers, sign_in
from tests.factories import make_account, make_organisation, make_user
from tests.scoring.factories import install_scorecards, make_metric

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
RULE = "rules/0"
SITES, STAGE = {"metric": "sites"}, {"metric": "stage"}
#: More than nine sites; or at least two of them and fewer than four, and at least stage two.
BUILT = {
    "any": [
        SITES | {"above": 9},
        {"all": [SITES | {"at_least": 2, "below": 4}, STAGE | {"at_least": 2}]},
    ]
}


@pytest.fixture
def account() -> Account:
    make_organisation()
    install_scorecards()
    account = make_account(customer_since_on="2022-04-01", tier="a", tracked=True)
    for key in ("sites", "stage"):
        AttributeDefinition.objects.create(key=key, type="number", label_en=key, label_ja=key)
        spec = {"source": "attribute", "aggregate": "last", "attribute": key}
        label = key.title()
        make_metric(key, label_en=label, label_ja=label, spec=spec, at=app_now())
    for username in ("writer", "reviewer"):
        make_user(username=username, role="manager", language="en")
    return account


def opened(browser: Browser, site: str, username: str) -> Page:
    page = browser.new_context(locale="en-GB", viewport=DESKTOP).new_page()
    sign_in(page, site, username, PASSWORD)
    return page


def score_of(account: Account, sites: float, stage: float) -> float | None:
    set_attributes(account=account, values={"sites": sites, "stage": stage}, at=app_now())
    recompute_health(at=app_now())
    return HealthCurrent.objects.get(account=account).score


def test_a_group_within_a_group_built_by_hand_decides_the_score(
    browser: Browser, live_server, account
):
    writer = opened(browser, live_server.url, "writer")
    begin(writer, live_server.url)
    build_groups(writer)
    mend_the_range(writer)
    save_and_read_again(writer)
    publish(writer, opened(browser, live_server.url, "reviewer"))

    version = Scorecard.objects.get(key="sites-first").versions.get()
    assert version.definition["rules"][0]["when"]["all"][1] == BUILT
    assert score_of(account, 3, 2) == 40
    assert score_of(account, 3, 1) == 70
    assert score_of(account, 4, 2) == 70
    assert score_of(account, 10, 1) == 40


def begin(page: Page, site: str) -> None:
    page.goto(f"{site}/scorecards/new/")
    page.get_by_label("Begin with").select_option("empty:all_points")
    page.get_by_label("First measure").select_option("sites")
    page.get_by_label("Name in English").fill("Sites first")
    page.get_by_label("Name in Japanese").fill("拠点重視")
    page.get_by_label("Tier").select_option("a")
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_text("Draft, affects nobody", exact=True)).to_be_visible()
    page.locator(f"[id='{RULE}/points']").fill("-30")


def build_groups(page: Page) -> None:
    """Put a group beside the first condition, and another one within it."""
    say(page, f"{RULE}/tests/0", "sites", "at_least", "0")
    outer, inner = f"{RULE}/tests/1", f"{RULE}/tests/1/tests/1"
    press(page.locator(f"[id='{RULE}']"), "Add group of conditions")
    expect(page.locator(f"[id='{outer}']")).to_be_visible()
    page.locator(f"[id='{outer}/joint']").select_option("any")
    say(page, f"{outer}/tests/0", "sites", "above", "9")
    press(page.locator(f"[id='{outer}']"), "Add group of conditions")
    expect(page.locator(f"[id='{outer}/tests/2']")).to_be_visible()
    press(condition(page, f"{outer}/tests/1"), "Remove")
    expect(page.locator(f"[id='{outer}/tests/2']")).to_have_count(0)
    page.locator(f"[id='{inner}/joint']").select_option("all")
    say(page, f"{inner}/tests/0", "sites", "at_least", "2")
    say(page, f"{inner}/tests/1", "stage", "at_least", "2")
    press(condition(page, f"{inner}/tests/0"), "Give a range")
    expect(page.get_by_label("Value of the upper bound")).to_be_visible()
    assert barriers(page) == []


def mend_the_range(page: Page) -> None:
    page.get_by_label("Value of the upper bound").fill("1")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("No number lies between these bounds")
    assert barriers(page) == []
    page.set_viewport_size(PHONE)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    page.set_viewport_size(DESKTOP)
    page.get_by_label("Value of the upper bound").fill("4")


def save_and_read_again(page: Page) -> None:
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("status").get_by_text("The draft was saved.")).to_be_visible()
    page.reload()
    expect(page.locator(f"[id='{RULE}/tests/1/tests/1/joint']")).to_have_value("all")
    expect(page.get_by_label("Value of the upper bound")).to_have_value("4")


def publish(writer: Page, reviewer: Page) -> None:
    writer.get_by_role("link", name="Review and publish").click()
    writer.get_by_role("button", name="Send to review").click()
    expect(writer.get_by_text("Version 1 is in review and affects nobody.")).to_be_visible()
    reviewer.goto(writer.url)
    reviewer.get_by_role("button", name="Publish").click()
    expect(reviewer.get_by_text("Sites: at least 2 and less than 4").first).to_be_visible()


def say(page: Page, at: str, metric: str, op: str, value: str) -> None:
    page.locator(f"[name='{at}/metric']").select_option(metric)
    page.locator(f"[name='{at}/op']").select_option(op)
    page.locator(f"[name='{at}/value']").fill(value)


def condition(page: Page, at: str) -> Locator:
    """Return the innermost row or group that holds the fields of a condition."""
    holders = page.locator("[role=group], fieldset")
    return holders.filter(has=page.locator(f"[name^='{at}/']")).last


def press(within: Locator, name: str) -> None:
    within.get_by_role("button", name=name, exact=True).last.click()
