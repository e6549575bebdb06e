"""Production as `deploy/` runs it: gunicorn with its file, production settings, hashed files."""

import re
import subprocess
from collections.abc import Iterator

import pytest
import requests

from config.services.addresses import ROOT
from config.services.lifeline import die_with_parent
from tests.deploy.conftest import manage
from tests.live import READY_SECONDS, TOOLS, free_port, wait_until

HTTPS = {"X-Forwarded-Proto": "https"}
FOUND = """
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("admin", "admin@harukaze.example", "a long sentence")
"""


@pytest.fixture(scope="module")
def site(server: dict[str, str]) -> Iterator[str]:
    manage(server, "migrate", "--verbosity", "0")
    manage(server, "collectstatic", "--no-input", "--verbosity", "0")
    manage(server | {"DATABASE_URL": server["DATABASE_OWNER_URL"]}, "shell", "-v0", "-c", FOUND)
    port = free_port()
    gunicorn = subprocess.Popen(
        [str(TOOLS / "gunicorn"), "--config", "deploy/gunicorn.conf.py", "config.wsgi"],
        cwd=ROOT,
        env=server | {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"},
        preexec_fn=die_with_parent(15),  # noqa: PLW1509
    )
    try:
        url = f"http://localhost:{port}"
        wait_until("gunicorn answers", lambda: _answers(url), seconds=READY_SECONDS)
        yield url
    finally:
        gunicorn.terminate()
        gunicorn.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", headers=HTTPS, timeout=2).ok
    except requests.RequestException:
        return False


def test_the_settings_pass_every_check_of_a_deployment(server: dict[str, str]) -> None:
    words = manage(server, "check", "--deploy", "--fail-level", "WARNING")
    assert "no issues" in words


def test_http_becomes_https(site: str) -> None:
    answer = requests.get(f"{site}/auth/login/", allow_redirects=False, timeout=10)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")


def test_every_file_of_a_page_is_named_after_its_content_and_kept(site: str) -> None:
    page = requests.get(f"{site}/auth/login/", headers=HTTPS, timeout=10)
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)"', page.text)
    assert len(files) > 5
    for name in files:
        answer = requests.get(site + name, headers=HTTPS, timeout=10)
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["Cache-Control"], name


def test_somebody_signs_in_with_cookies_no_other_site_can_set(site: str) -> None:
    page = requests.get(f"{site}/auth/login/", headers=HTTPS, timeout=10)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    answer = requests.post(
        f"{site}/auth/login/",
        data={"login": "admin", "password": "a long sentence", "csrfmiddlewaretoken": token},
        headers={
            **HTTPS,
            "Referer": "https://localhost/auth/login/",
            "Host": "localhost",
            "Cookie": f"__Host-csrftoken={page.cookies['__Host-csrftoken']}",
        },
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 302
    cookie = answer.headers["Set-Cookie"]
    assert "__Host-sessionid=" in cookie
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
