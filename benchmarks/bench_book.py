"""How long a person waits for pages over a book of 100,000 accounts and 1,000,000 talks.

With contracts, invoices, tickets, to-dos and roles beside them. A member of one team and an
administrator ask the real pages and the REST API: searched, filtered, sorted and paged, each
question many times, server time and queries counted. A page may take 12 queries and 150 ms at p95
(RELIABILITY.md). The CPU that server and database had is told beside it: it does not grow when
others use the machine. A page without a list is asked in turn with each question and tells how
fast the machine was at that moment: `ratio` is the time of a question over that of this floor.
Run with
`python -m benchmarks.bench_book [ROUNDS] [ACCOUNTS]` in a database that may be filled; a book that
is there already is used again.
"""

import json
import logging
import re
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Account, Organisation, Team, TeamMembership, User  # noqa: E402
from accounts.registry import lists  # noqa: E402
from benchmarks.common import HERE, cpu_ms, keep, serve_as  # noqa: E402
from config.wsgi import application  # noqa: E402, F401 -- loaded as the server loads it

ROUNDS, TEAMS, PEOPLE, ACCOUNTS = 15, 40, 80, 100_000
MOST_QUERIES, MOST_MS = 12, 150
PARTS = ("book.sql", "book_work.sql")
#: A page with the same frame and nothing of the book: what every page costs at the least.
FLOOR = "/settings/"
NEXT = re.compile(r'href="[^"]*cursor=([^"&]+)[^"]*" rel="next"')
TABLES = (
    "accounts_account, accounts_accounttouch, accounts_contact, accounts_touchpoint, "
    "accounts_accountrole, accounts_contract, accounts_contractterm, accounts_invoice, "
    "accounts_invoicepayment, accounts_ticket, accounts_touchpointtodo, "
    "accounts_onboardingmilestone, accounts_stakeholderrole, accounts_touchpoint_contacts"
)

ACCOUNT_QUESTIONS = [
    "", "sort=health.score", "sort=-health.score", "sort=health.change_30d",
    "sort=arr", "sort=-arr", "sort=renewal_on", "sort=-renewal_on",
    "sort=last_two_way_at", "sort=-last_two_way_at", "sort=next_touch_on", "sort=-next_touch_on",
    "last_two_way_at_to=2026-05-01", "next_touch_on_to=2026-07-01&sort=next_touch_on",
    "sort=tier", "tier=a", "phase=renewal&sort=renewal_on",
    "health.band=critical", "status=churned", "tier=a&health.band=at_risk&sort=-arr",
    "q=青嶺", "q=精機", "q=水", "q=セイキ", "q=アオミネ", "q=aomine", "q=ao", "q=book-77777",
    "q=株式会社", "q=青嶺 精機 東北", "q=見つからない",
    "q=T7000012050002", "q=aomine1.book.example",
]  # fmt: skip
CONTACT_QUESTIONS = [
    "q=田辺", "q=水上 隆", "q=林", "q=たなべ", "q=tanabe", "q=ta", "q=長谷川", "q=森",
    "q=yuki.tanabe1@book.example", "q=03-1234-5678",
]  # fmt: skip
TALK_QUESTIONS = ["q=更新の相談", "q=定例", "q=book-user", "q=見つからない"]
API_QUESTIONS = [
    "accounts/?search=青嶺", "accounts/?ordering=-arr", "accounts/?tier=a",
    "accounts/?page_size=200",
    "contacts/?search=田辺", "contacts/?search=田辺&ordering=-updated_at", "touchpoints/",
    "touchpoints/?ordering=-occurred_at", "contracts/", "invoices/", "tickets/",
]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """What one question cost."""

    who: str
    path: str
    queries: int
    p50: float
    p95: float
    cpu_p95: float
    ratio: float

    @property
    def is_too_slow(self) -> bool:
        return self.p95 > MOST_MS or self.queries > MOST_QUERIES


def make_book(accounts: int, parts: Sequence[str] = PARTS) -> dict[str, User]:
    """Fill the book where there is none yet, by its files, and return who will read it."""
    Organisation.objects.get_or_create(pk=1, defaults={"name": "bench"})
    member, _ = User.objects.get_or_create(
        username="book-user-00", defaults={"email": "book-user-00@book.example", "role": "member"}
    )
    reader, _ = User.objects.get_or_create(
        username="book-admin", defaults={"email": "admin@book.example", "role": "administrator"}
    )
    if Account.objects.filter(external_id=f"book-{accounts}").exists():
        return {"member": member, "administrator": reader}
    people = [
        User(username=f"book-user-{n:02}", email=f"book-user-{n:02}@book.example", role="member")
        for n in range(1, PEOPLE)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        User.objects.bulk_create(people, ignore_conflicts=True)
        teams = Team.objects.bulk_create(Team(name=f"book-team-{n:02}") for n in range(TEAMS))
        TeamMembership.objects.create(team=teams[0], user=member)
        for part in parts:
            text = (HERE / part).read_text("utf-8")
            cursor.execute(text.replace("{accounts}", str(accounts)))
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {TABLES}, scoring_healthcurrent")
    return {"member": member, "administrator": reader}


def addresses() -> list[str]:
    """Return every question: accounts, then each list in each of its orders, then the API."""
    found = [f"/accounts/?{question}" for question in ACCOUNT_QUESTIONS]
    found += [f"/contacts/?{question}" for question in CONTACT_QUESTIONS]
    found += [f"/touchpoints/?{question}" for question in TALK_QUESTIONS]
    for part in lists.members():
        orders = [column.key for column in part.columns if column.is_sortable]
        found += [f"/{part.key}/", *(f"/{part.key}/?sort=-{key}" for key in orders)]
    return found + [f"/api/v1/{question}" for question in API_QUESTIONS]


def measure(
    who: str, client: Client, path: str, rounds: int, every: list[tuple[float, float, float]]
) -> Figure:
    """Ask a question several times and note what each answer took, also in `every`."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    count = len(queries)
    assert response.status_code == 200, (path, response.status_code)
    client.get(FLOOR)
    times = [with_floor(client, path)[0] for _ in range(rounds)]
    every += times
    return figure_of(who, path, count, times)


def page_through(who: str, client: Client, path: str, pages: int) -> Figure:
    """Follow the link to the next page again and again; the last page costs what the first did."""
    times, cursor = [], None
    for _ in range(pages):
        time_taken, response = with_floor(client, f"{path}&cursor={cursor}" if cursor else path)
        times.append(time_taken)
        found = NEXT.search(response.content.decode())
        if found is None:
            break
        cursor = found[1]
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{path}&cursor={cursor}")
    return figure_of(who, f"{path} {len(times)} pages", len(queries), times)


def with_floor(client: Client, path: str) -> tuple[tuple[float, float, float], HttpResponse]:
    """Ask once, then the floor; return ms by the clock and by the CPU with the ratio to it."""
    (floor, _), _ = timed(client, FLOOR)
    (clock, cpu), response = timed(client, path)
    return (clock, cpu, clock / floor), response


def timed(client: Client, path: str) -> tuple[tuple[float, float], HttpResponse]:
    """Ask once; return the ms it took by the clock and by the CPU, and the answer."""
    clock, cpu = time.perf_counter(), cpu_ms()
    response = client.get(path)
    return (1000 * (time.perf_counter() - clock), cpu_ms() - cpu), response


def figure_of(who: str, path: str, queries: int, times: list[tuple[float, float, float]]) -> Figure:
    clock, cpu, ratio = zip(*times, strict=True)
    middle = statistics.median
    return Figure(who, path, queries, middle(clock), p95_of(clock), p95_of(cpu), middle(ratio))


def p95_of(times: Sequence[float]) -> float:
    """Return the time that 19 of 20 requests did not take."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def main() -> int:
    """Measure every question, print the slow ones last, and fail where a limit is passed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    accounts = int(sys.argv[2]) if len(sys.argv) > 2 else ACCOUNTS
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    logging.disable(logging.WARNING)
    started = time.perf_counter()
    readers = make_book(accounts)
    print(f"book ready after {time.perf_counter() - started:.0f} s")
    serve_as("web")
    figures: list[Figure] = []
    every: list[tuple[float, float, float]] = []
    for who, user in readers.items():
        client = Client()
        client.force_login(user)
        client.get("/accounts/")
        for path in addresses():
            figures.append(measure(who, client, path, rounds, every))
            print(f"{figures[-1].p50:7.0f} ms {who} {path}", file=sys.stderr, flush=True)
        figures.append(page_through(who, client, "/accounts/?sort=-arr", 40))
    for figure in sorted(figures, key=lambda one: one.p95):
        mark = "  TOO SLOW" if figure.is_too_slow else ""
        print(
            f"{figure.p50:7.0f} {figure.p95:7.0f} ms {figure.cpu_p95:7.0f} ms CPU "
            f"{figure.ratio:5.1f} x floor "
            f"{figure.queries:3} queries "
            f"{figure.who:13} {figure.path}{mark}"
        )
    slow = [figure for figure in figures if figure.is_too_slow]
    result = {
        "accounts": accounts,
        "rounds": rounds,
        "p95_ms": round(p95_of([clock for clock, _, _ in every]), 1),
        "cpu_p95_ms": round(p95_of([cpu for _, cpu, _ in every]), 1),
        "floor_ms": round(statistics.median(clock / ratio for clock, _, ratio in every), 1),
        "p95_ratio": round(p95_of([figure.ratio for figure in figures]), 2),
        "median_ratio": round(statistics.median(figure.ratio for figure in figures), 2),
        "slowest_p95_ms": round(max(figure.p95 for figure in figures), 1),
        "slowest_cpu_p95_ms": round(max(figure.cpu_p95 for figure in figures), 1),
        "median_p95_ms": round(statistics.median(figure.p95 for figure in figures), 1),
        "most_queries": max(figure.queries for figure in figures),
        "too_slow": [f"{figure.who} {figure.path}" for figure in slow],
        "figures": [vars(figure) for figure in figures],
    }
    keep("book", result)
    print(json.dumps({name: value for name, value in result.items() if name != "figures"}))
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
