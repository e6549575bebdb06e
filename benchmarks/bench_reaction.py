"""How soon a task stands after the events that make an account fall, under a steady stream.

Web server, workers and beat are real processes on a database of their own; 500 events a second
come in for accounts all over a book. Meanwhile customers who hardly use the product and pay late
send their first events, one after the other: each falls at risk, and a playbook makes a task. Told
is the time from the answer that accepted the events to the task. The floor is what the product
waits on purpose: two seconds of rest, so that an account that changes ten times is computed once.
Run with `python -m benchmarks.bench_reaction [ACCOUNTS] [SECONDS]`.
"""

import base64
import json
import statistics
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence

import django

django.setup()

from benchmarks.bench_ingest import body_of  # noqa: E402
from benchmarks.common import keep  # noqa: E402
from config.lib.clock import app_now  # noqa: E402
from scoring.services.runs import DEBOUNCE  # noqa: E402
from tests.flows.customer import Api, Customer, sign_up_customer, use_product  # noqa: E402
from tests.founding import LOGIN  # noqa: E402
from tests.live import LiveSite, live_site, wait_until  # noqa: E402

ACCOUNTS, SECONDS, EVERY = 100_000, 60, 2.0
PER_SECOND, IN_A_BODY = 500, 100
MOST_SECONDS = 5.0
_TASK = "SELECT min(created_at) FROM playbooks_task WHERE account_id = %s"
_SETTLED = "SELECT count(*) = 0 FROM accounts_dirtyaccount"


class Stream:
    """Sends bodies of fresh events at a steady rate until told to stop."""

    def __init__(self, site: LiveSite, accounts: int) -> None:
        self._site, self._accounts = site, accounts
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.sent = 0

    def __enter__(self) -> "Stream":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        started = time.monotonic()
        while not self._stopping.is_set():
            due = started + self.sent / PER_SECOND
            if (rest := due - time.monotonic()) > 0:
                time.sleep(rest)
            self._post(body_of(IN_A_BODY, self._accounts, app_now()))
            self.sent += IN_A_BODY

    def _post(self, body: bytes) -> None:
        key = base64.b64encode(f"{self._site.keys['write_key']}:".encode()).decode()
        headers = {
            "Authorization": f"Basic {key}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        }
        request = urllib.request.Request(f"{self._site.url}/v1/batch", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200


def make_book(site: LiveSite, accounts: int) -> None:
    """Fill the installation with accounts that the stream's events belong to."""
    site.python(f"from benchmarks.bench_ingest import prepare; prepare({accounts})")


def late_payers(site: LiveSite, number: int) -> list[Customer]:
    """Make customers who fall at risk with their first events, and wait until all is computed."""
    api, now = Api(site.url, site.keys["token"]), site.now()
    made = [sign_up_customer(api, manager=LOGIN, now=now, pays_after=50) for _ in range(number)]
    wait_until("all is computed", lambda: site.ask(_SETTLED), seconds=600)
    return made


def reactions(site: LiveSite, customers: Sequence[Customer]) -> list[float]:
    """Return the seconds between accepted events and the task, customer by customer."""
    accepted = {}
    for customer in customers:
        started = time.monotonic()
        use_product(site.url, site.keys["write_key"], customer, users=3, days=7)
        accepted[customer.pk] = site.now()
        time.sleep(max(0.0, EVERY - (time.monotonic() - started)))
    stood = {
        pk: wait_until("the task stands", lambda pk=pk: site.ask(_TASK, pk), seconds=120)  # type: ignore[misc]
        for pk in accepted
    }
    return [(stood[pk] - at).total_seconds() for pk, at in accepted.items()]


def main() -> int:
    """Measure, print and keep; fail where the limit is passed."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else ACCOUNTS
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with live_site() as site:
        make_book(site, accounts)
        customers = late_payers(site, int(seconds / EVERY))
        with Stream(site, accounts) as stream:
            started = time.monotonic()
            times = reactions(site, customers)
            rate = stream.sent / (time.monotonic() - started)
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    result = {
        "accounts": accounts,
        "events_a_second": round(rate),
        "customers": len(times),
        "floor_seconds": DEBOUNCE.total_seconds(),
        "p50_seconds": round(statistics.median(times), 2),
        "p95_seconds": round(p95, 2),
        "slowest_seconds": round(max(times), 2),
    }
    keep("reaction", result)
    print(json.dumps(result))
    return int(p95 > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
