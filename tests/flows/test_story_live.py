"""The story against servers of its own: a web server, a real worker, a beat and a broker."""

import pytest
from playwright.sync_api import Browser

from tests.flows.story import Keys, walk_story
from tests.founding import LOGIN, PASSWORD
from tests.live import LiveSite

pytestmark = pytest.mark.flow

RUNS = "SELECT count(*) FROM playbooks_playbookrun WHERE account_id = %s"
TASKS = "SELECT array_agg(status ORDER BY id) FROM playbooks_task WHERE account_id = %s"


def test_fading_usage_becomes_a_task_a_talk_and_an_answer(
    installation: LiveSite, browser: Browser
) -> None:
    keys = Keys(**installation.keys, login=LOGIN, password=PASSWORD)
    story = walk_story(site=installation, browser=browser, keys=keys)
    assert installation.ask(RUNS, story.customer) == 1
    assert installation.ask(TASKS, story.customer) == ["done"]
