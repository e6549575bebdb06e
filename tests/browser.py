"""A real browser for flows: Debian's chromium, and axe-core to look for barriers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
AXE = settings.BASE_DIR / "tests/vendor/axe.min.js"


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds on the page: rule, target and help, one line each."""
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
    )
    return [
        f"{rule['id']}: {node['target']} {rule['help']}" for rule in found for node in rule["nodes"]
    ]


def sign_in(page: Page, site: str, username: str, password: str) -> None:
    """Sign in through the page, as a person does."""
    page.goto(f"{site}/auth/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/auth/login/" not in url)
