"""The customer of the story: made over REST, and using the product through a Segment client."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import requests
from segment.analytics.client import Client

NAME = "株式会社ものがたり精工"
NAME_LATIN = "Monogatari Precision Inc."
SEATS = 10
ZONE = dt.timezone(dt.timedelta(hours=9))
TIMEOUT = 20
PEOPLE = (
    # family, given, department, title, part
    ("小泉", "千夏", "生産管理課", "主任", "day_to_day"),
    ("水上", "隆", "経営企画部", "部長", "decision_maker"),
    ("大庭", "康夫", "製造本部", "取締役", "executive_sponsor"),
    ("片岡", "誠", "生産管理課", "課長", "champion"),
)


@dataclass(frozen=True)
class Api:
    """The REST interface as a program uses it, with a token."""

    url: str
    token: str

    def get(self, path: str, **params: Any) -> Any:
        return self._call("GET", path, params=params)

    def post(self, path: str, **body: Any) -> Any:
        return self._call("POST", path, json=body)

    def _call(self, method: str, path: str, **rest: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.url}/api/v1/{path}"
        answer = requests.request(method, address, headers=headers, timeout=TIMEOUT, **rest)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
        return answer.json()


@dataclass(frozen=True)
class Customer:
    """One account with its people; `key` is its id in our own system, and in the events."""

    pk: int
    key: str
    people: list[int]

    def person(self, number: int) -> str:
        return f"{self.key}-p{number}"


def sign_up_customer(api: Api, *, manager: str, now: dt.datetime, pays_after: int = 20) -> Customer:
    """Make an account with contract, manager and people, who have known us for 200 days.

    :param pays_after: days from an invoice to its payment; it is due after 30.
    """
    today = now.astimezone(ZONE).date()
    since = (today - dt.timedelta(days=200)).isoformat()
    user = next(user for user in api.get("users/")["results"] if user["username"] == manager)
    key = f"story-{uuid.uuid4().hex[:8]}"
    account = api.post(
        "accounts/",
        external_id=key,
        name=NAME,
        name_latin=NAME_LATIN,
        name_kana="モノガタリセイコウ",
        team=user["teams"][0],
        tier="a",
        touch_model="high",
        phase="adoption",
        tracked=True,
        customer_since_on=since,
        live_on=since,
        on=since,
    )["id"]
    api.post(f"accounts/{account}/roles/", role="account_manager", user=user["id"], on=since)
    api.post(
        "contracts/",
        account=account,
        external_id=f"{key}-c",
        product="Monorhythm",
        starts_on=since,
        ends_on=(today + dt.timedelta(days=164)).isoformat(),
        arr="12000000",
        seats=SEATS,
    )
    _pays(api, account, today, after=pays_after)
    people = [_introduce(api, account, key, number, since) for number in range(len(PEOPLE))]
    return Customer(account, key, people)


def _pays(api: Api, account: int, today: dt.date, *, after: int) -> None:
    """Bill the account twice and have it pay: use and talks alone are too little to judge by."""
    for ago in (120, 60):
        issued = today - dt.timedelta(days=ago)
        invoice = api.post(
            "invoices/",
            account=account,
            issued_on=issued.isoformat(),
            due_on=(issued + dt.timedelta(days=30)).isoformat(),
            amount="1000000",
        )["id"]
        paid = issued + dt.timedelta(days=after)
        api.post("payments/", invoice=invoice, paid_on=paid.isoformat())


def _introduce(api: Api, account: int, key: str, number: int, since: str) -> int:
    family, given, department, title, part = PEOPLE[number]
    person = api.post(
        "contacts/",
        account=account,
        external_id=f"{key}-p{number}",
        family_name=family,
        given_name=given,
        department=department,
        title=title,
        email=f"p{number}@{key}.example",
        language="ja",
    )["id"]
    api.post("stakeholders/", contact=person, role=part, starts_on=since, confirmed_on=since)
    return person


def had_a_talk(api: Api, customer: Customer, *, now: dt.datetime) -> None:
    """Note that we talked with two of them twenty days ago."""
    api.post(
        "touchpoints/",
        account=customer.pk,
        type="online_meeting",
        direction="two_way",
        occurred_at=(now - dt.timedelta(days=20)).isoformat(),
        subject="定例会",
        contacts=customer.people[1:3],
    )


def use_product(url: str, write_key: str, customer: Customer, *, users: int, days: int) -> int:
    """Let `users` people use the product on the last `days` days; return how many events came.

    The times are by the sender's clock. Where the clock of the installation was moved, that looks
    like a sender whose clock is behind, which `sentAt` makes up for.
    """
    refused: list[Exception] = []
    client = Client(
        write_key,
        host=url,
        gzip=True,
        max_retries=3,
        on_error=lambda error, items: refused.append(error),
    )
    now = dt.datetime.now(dt.UTC)
    context = {"groupId": customer.key}
    for number in range(users):
        client.identify(customer.person(number), {"plan": "standard"}, context=context)
    client.group(customer.person(0), customer.key, {"industry": "manufacturing"})
    for ago in range(days):
        for number in range(users):
            client.track(
                customer.person(number),
                "Order Registered",
                {"source": "story"},
                context=context,
                timestamp=now - dt.timedelta(days=ago, minutes=number + 1),
            )
    client.flush()
    client.join()
    assert not refused, f"the client gave up: {refused}"
    return users * days
