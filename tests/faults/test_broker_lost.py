"""The broker forgets, doubles and vanishes; rows in PostgreSQL say what is to be done."""

import time

import pytest
import redis
import requests

from tests.faults.conftest import Plot
from tests.founding import LOGIN, PASSWORD

pytestmark = pytest.mark.fault

PATIENCE = 3.0


def signed_in(url: str) -> requests.Session:
    person = requests.Session()
    page = person.get(f"{url}/auth/login/", timeout=10)
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    person.post(
        f"{url}/auth/login/",
        data={"login": LOGIN, "password": PASSWORD, "csrfmiddlewaretoken": token},
        timeout=10,
    )
    assert "sessionid" in person.cookies
    return person


def test_each_message_five_times_and_shuffled_changes_nothing(plot: Plot) -> None:
    customers = plot.sign_up(2)
    plot.send_usage(customers)
    plot.ring_all_bells(times=5)
    plot.ends_with_one_task_each(customers)


def test_while_the_broker_is_down_pages_answer_and_their_work_is_done_after(plot: Plot) -> None:
    site = plot.site
    customers = plot.sign_up(1)
    person = signed_in(site.url)
    site.kill_broker()
    slowest = 0.0
    for path in ["/", "/accounts/", f"/accounts/{customers[0].pk}/", "/healthz"] * 5:
        started = time.monotonic()
        assert person.get(f"{site.url}{path}", timeout=10).ok
        slowest = max(slowest, time.monotonic() - started)
    started = time.monotonic()
    plot.send_usage(customers)
    plot.api.post(
        "touchpoints/",
        account=customers[0].pk,
        type="call",
        direction="outbound",
        occurred_at=site.now().isoformat(),
        subject="不在",
    )
    slowest = max(slowest, time.monotonic() - started)
    assert slowest < PATIENCE
    site.start_broker()
    plot.ends_with_one_task_each(customers)


@pytest.mark.thorough
def test_a_broker_that_forgets_everything_delays_the_story_only(plot: Plot) -> None:
    site = plot.site
    customers = plot.sign_up(2)
    site.kill("worker")
    plot.send_usage(customers)
    redis.from_url(site.environment["REDIS_URL"]).flushall()
    site.start("worker")
    plot.ends_with_one_task_each(customers)
