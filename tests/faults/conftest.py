"""A story without a browser, told many times while things break."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.flows.customer import Api, Customer, sign_up_customer, use_product
from tests.founding import LOGIN
from tests.live import LiveSite, wait_until

USERS, DAYS = 3, 7
PAYS_AFTER = 50
SETTLED = 300

RUNS = """
SELECT array_agg(n ORDER BY account) FROM (
  SELECT account, (SELECT count(*) FROM playbooks_playbookrun WHERE account_id = account) AS n
  FROM unnest(%s::bigint[]) AS account) counted
"""
TASKS = RUNS.replace("playbooks_playbookrun", "playbooks_task")
EVENTS = """
SELECT array_agg(n ORDER BY account) FROM (
  SELECT account, (SELECT coalesce(sum(n), 0)::int FROM scoring_usageday d
    JOIN scoring_eventname e ON e.id = d.series_id
    WHERE account_id = account AND e.name = 'Order Registered') AS n
  FROM unnest(%s::bigint[]) AS account) counted
"""
UNDONE = """
SELECT (SELECT count(*) FROM accounts_dirtyaccount)
  + (SELECT count(*) FROM scoring_healthtransition WHERE acted_at IS NULL)
"""


@dataclass(frozen=True)
class Plot:
    """The story of many customers at once: each falls at risk, once."""

    site: LiveSite

    @property
    def api(self) -> Api:
        return Api(self.site.url, self.site.keys["token"])

    def sign_up(self, number: int) -> list[Customer]:
        """Make customers who have hardly any usage and pay twenty days late."""
        now = self.site.now()
        return [
            sign_up_customer(self.api, manager=LOGIN, now=now, pays_after=PAYS_AFTER)
            for _ in range(number)
        ]

    def send_usage(self, customers: list[Customer]) -> None:
        for customer in customers:
            use_product(
                self.site.url, self.site.keys["write_key"], customer, users=USERS, days=DAYS
            )

    def ends_with_one_task_each(self, customers: list[Customer]) -> None:
        """Wait for the end, ring every bell once more, and count."""
        accounts = [customer.pk for customer in customers]
        once = [1] * len(accounts)
        self._wait("each account has its task", lambda: 0 not in self.site.ask(TASKS, accounts))
        self.ring_all_bells()
        self._wait("nothing is left to do", lambda: self.site.ask(UNDONE) == 0)
        assert self.site.ask(EVENTS, accounts) == [USERS * DAYS] * len(accounts)
        assert self.site.ask(RUNS, accounts) == once
        assert self.site.ask(TASKS, accounts) == once

    def _wait(self, what: str, is_so: Callable[[], bool]) -> None:
        def is_so_by_now() -> bool:
            self.site.revive()
            return is_so()

        wait_until(what, is_so_by_now, seconds=SETTLED, pause=0.5)

    def ring_all_bells(self, *, times: int = 1) -> None:
        """Put a message for each answering task into the broker, `times` over, shuffled."""
        self.site.python(
            "import random\n"
            "from config.celery import app\n"
            "app.loader.import_default_modules()\n"
            "from config.lib.bells import _answering\n"
            f"tasks = [task for group in _answering.values() for task in group] * {times}\n"
            "random.shuffle(tasks)\n"
            "for task in tasks: task.delay()"
        )


@pytest.fixture
def plot(installation: LiveSite) -> Iterator[Plot]:
    installation.mend()
    yield Plot(installation)
    installation.mend()
