"""The story of the product, walked from outside: HTTP, a Segment client and a browser.

Fading usage arrives, the score falls and says why, a task stands in the manager's list, the
manager talks to the customer and completes it, the customer answers a survey on the phone, and
the account page shows all of it, in Japanese and in English.
"""

import datetime as dt
import re
import time
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Locator, Page, expect

from config.lib.workdays import WorkCalendar
from tests.browser import DESKTOP, PHONE, barriers, sign_in
from tests.flows.customer import NAME, Api, Customer, had_a_talk, sign_up_customer, use_product
from tests.live import Site, wait_until

TOKYO = ZoneInfo("Asia/Tokyo")
#: A change of the score is told against some days ago; thirty is one of them.
DAYS_LATER = 30
#: From midnight to ten past it the day before is not closed yet, so no official run comes between.
EARLY = dt.time(0, 4)
AT_RISK = 60
FALLS_WITHIN = 30
MARKS = {"ja": ("リスク対応", "リスクあり"), "en": ("At-risk review", "At risk")}
SUBJECT = "利用状況についてのお電話"
COMMENT = "担当者が代わってから、使い方を聞ける人がいなくなりました。"
SURVEY = "推奨度調査"


@dataclass
class Keys:
    """How the story gets in."""

    token: str
    write_key: str
    login: str
    password: str


@dataclass
class Story:
    """What happened so far, and how long the waits took, in seconds."""

    site: Site
    keys: Keys
    browser: Browser
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        return Api(self.site.url, self.keys.token)

    def score(self, customer: Customer) -> float | None:
        return self.api.get(f"accounts/{customer.pk}/")["health"]["score"]

    def account_url(self, customer: Customer) -> str:
        return f"{self.site.url}/accounts/{customer.pk}/"


@dataclass(frozen=True)
class Ending:
    """Whom the story was about, and how long the score took to rise and to fall, in seconds."""

    customer: int
    seconds: dict[str, float]


def walk_story(*, site: Site, browser: Browser, keys: Keys) -> Ending:
    """Walk the whole story."""
    story = Story(site, keys, browser)
    page = _page(browser, "ja-JP")
    sign_in(page, site.url, keys.login, keys.password)
    customer = a_healthy_customer(story, page)
    usage_fades(story, page, customer)
    task = a_task_stands_in_the_list(story, page, customer)
    the_manager_acts(story, page, customer, task)
    link = the_customer_is_invited(story, page, customer)
    the_customer_answers(browser, link)
    the_account_page_shows_all(story, page, customer)
    page.context.close()
    return Ending(customer.pk, story.seconds)


def a_healthy_customer(story: Story, page: Page) -> Customer:
    now = dt.datetime.now(dt.UTC)
    customer = sign_up_customer(story.api, manager=story.keys.login, now=now)
    had_a_talk(story.api, customer, now=now)
    use_product(story.site.url, story.keys.write_key, customer, users=9, days=24)
    _wait_for_score(story, customer, "rises", lambda score: score > AT_RISK)
    page.goto(story.account_url(customer))
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    strip = page.locator(".y-strip")
    assert _figure(strip.locator(".y-value")) > AT_RISK
    assert _parts_add_up(page)
    return customer


def usage_fades(story: Story, page: Page, customer: Customer) -> None:
    story.site.move_clock(_a_month_ahead())
    use_product(story.site.url, story.keys.write_key, customer, users=2, days=4)
    _wait_for_score(story, customer, "falls", lambda score: score < AT_RISK)
    page.goto(story.account_url(customer))
    assert _figure(page.locator(".y-strip .y-value")) < AT_RISK
    expect(page.locator(".y-strip")).to_contain_text(MARKS["ja"][1])
    assert _parts_add_up(page)
    why = page.locator("#why")
    expect(why).to_contain_text("90% → 20%")
    expect(why.locator("tr.y-dim").first).to_contain_text("利用")
    assert _figure(why.locator("tr.y-dim").first.locator("td.y-num").first) < 0
    _is_in_order(page)


def a_task_stands_in_the_list(story: Story, page: Page, customer: Customer) -> str:
    """Return the address of the task's page."""
    page.goto(f"{story.site.url}/")
    rows = _tasks_of(page, customer)
    wait_until("the task stands in the list", lambda: page.reload() and rows.count(), seconds=30)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(MARKS["ja"][0])
    _is_in_order(page)
    rows.locator(".y-task__t a").click()
    due = _day(page.locator("#details").inner_text())
    assert WorkCalendar("JP").is_workday(due), f"due on {due}, no business day"
    assert due >= (dt.datetime.now(TOKYO) + _a_month_ahead()).date()
    return page.url


def the_manager_acts(story: Story, page: Page, customer: Customer, task: str) -> None:
    page.goto(story.account_url(customer))
    page.locator(f'main .y-head a[href="/touchpoints/new/?account={customer.pk}"]').click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    dialog.locator("[name=subject]").fill(SUBJECT)
    dialog.locator("[name=contacts]").first.check(force=True)
    dialog.locator("[name=body]").fill("課長の異動で、社内の推進役がいなくなったとのこと。")
    dialog.locator("footer .y-btn--main").click()
    expect(page.locator("#timeline")).to_contain_text(SUBJECT)
    page.goto(f"{story.site.url}/")
    _tasks_of(page, customer).locator("[data-done]").click()
    toast = page.locator("[data-toast]")
    expect(toast).to_be_visible()
    expect(toast.get_by_role("button", name="元に戻す")).to_be_visible()
    expect(page.locator(f'a[href="{_path(task)}"]')).to_have_count(0)


def the_customer_is_invited(story: Story, page: Page, customer: Customer) -> str:
    """Make a survey with a wave, invite the day-to-day contact, return the link in the mail."""
    page.goto(f"{story.site.url}/surveys/new/")
    page.locator("[name=name]").fill(SURVEY)
    page.locator("main form button[type=submit]").click()
    page.goto(f"{page.url}waves/new/")
    page.locator("[name=name]").fill("秋")
    last = (dt.datetime.now(TOKYO) + _a_month_ahead()).date() + dt.timedelta(days=14)
    page.locator("[name=closes_on]").fill(last.isoformat())
    page.locator("main form button[type=submit]").click()
    page.goto(story.account_url(customer))
    page.locator("#surveys footer a").click()
    page.locator("[name=wave]").select_option(label=_label_of(page, SURVEY))
    page.get_by_label("p0@").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    page.goto(f"{story.site.url}/outbox/")
    mail = page.locator("tr[data-row]", has_text=f"p0@{customer.key}.example")
    _is_in_order(page)
    mail.get_by_role("link").click()
    return page.locator('.y-mail a[href*="/s/"]').get_attribute("href") or ""


def the_customer_answers(browser: Browser, link: str) -> None:
    """Open the link on a phone that never saw us, look at it in English too, and answer."""
    page = _page(browser, "ja-JP", PHONE)
    page.goto(link)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    _is_in_order(page)
    page.locator("#score-4").check(force=True)
    page.locator("#comment").fill(COMMENT)
    page.locator("#csat-2").check(force=True)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ありがとうございました")
    _is_in_order(page)
    assert page.context.cookies() == []
    page.context.close()


def the_account_page_shows_all(story: Story, page: Page, customer: Customer) -> None:
    page.goto(story.account_url(customer))
    wait_until(
        "the answer counts in the score",
        lambda: page.reload() and page.locator("#why", has_text="NPS").count(),
        seconds=FALLS_WITHIN,
    )
    for language in ("ja", "en"):
        review, band = MARKS[language]
        expect(page.locator("html")).to_have_attribute("lang", language)
        history = page.locator("#timeline")
        for said in (SUBJECT, COMMENT, review, band):
            expect(history).to_contain_text(said)
        expect(page.locator(".y-strip")).to_contain_text(band)
        expect(page.locator("#surveys")).to_contain_text("−100")
        expect(page.locator("#surveys")).to_contain_text(COMMENT[:20])
        assert _parts_add_up(page)
        _is_in_order(page)
        page.locator("form[action='/preferences/'] [name=language]").first.click()


def _page(browser: Browser, locale: str, viewport: dict[str, int] = DESKTOP) -> Page:
    page = browser.new_context(viewport=viewport, locale=locale).new_page()
    page.set_default_timeout(15_000)
    return page


def _wait_for_score(story: Story, customer: Customer, word: str, is_right) -> None:
    started = time.monotonic()

    def has_moved() -> bool:
        score = story.score(customer)
        return score is not None and is_right(score)

    wait_until(f"the score {word}", has_moved, seconds=FALLS_WITHIN)
    story.seconds[word] = time.monotonic() - started


def _a_month_ahead() -> dt.timedelta:
    """Return how far the clock is moved: to the early morning, so many days from now."""
    now = dt.datetime.now(TOKYO)
    then = dt.datetime.combine(now.date() + dt.timedelta(days=DAYS_LATER), EARLY, TOKYO)
    return then - now


def _tasks_of(page: Page, customer: Customer) -> Locator:
    return page.locator(f'li.y-task:has(a[href="/accounts/{customer.pk}/"])')


def _label_of(page: Page, text: str) -> str:
    labels = page.locator("[name=wave] option").all_inner_texts()
    return next(label for label in labels if text in label)


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def _day(text: str) -> dt.date:
    found = re.search(r"(\d{4})/(\d{1,2})/(\d{1,2})", text)
    assert found, f"no day in {text!r}"
    return dt.date(*map(int, found.groups()))


def _figure(place: Locator) -> Decimal:
    return Decimal(place.inner_text().strip().replace("−", "-").replace(",", "") or "0")


def _parts_add_up(page: Page) -> bool:
    """Add what the page shows, figure by figure: dimensions to the score, measures to each."""
    for table in page.locator("#why table.y-fall").all():
        rows = table.evaluate(
            """table => [...table.tBodies[0].rows].map(row => [row.className.slice(2),
                ...[...row.querySelectorAll('td.y-num')].map(cell => cell.textContent.trim())])"""
        )
        kinds = {kind: [] for kind in ("first", "dim", "sub", "rest", "total")}
        for kind, change, score in rows:
            kinds[kind].append([Decimal((x or "0").replace("−", "-")) for x in (change, score)])
        first, total = kinds["first"][0][1], kinds["total"][0][1]
        moved = sum(change for change, _ in kinds["dim"] + kinds["rest"])
        assert first + moved == total, rows
        assert sum(x for x, _ in kinds["sub"]) == sum(x for x, _ in kinds["dim"]), rows
        assert total == _figure(page.locator(".y-strip .y-value")), rows
    return page.locator("#why table.y-fall").count() > 0


def _is_in_order(page: Page) -> None:
    """Nothing sticks out sideways, and nobody is kept out."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the screen"
    found = barriers(page)
    assert not found, f"{page.url}: {found}"
