import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_account, make_contract, make_user

pytestmark = pytest.mark.django_db
YEAR = {"starts_on": "2026-04-01", "ends_on": "2027-03-31"}


def test_a_contract_is_made_and_its_account_follows(api, alice):
    account = make_account(team=alice.teams.get())
    client = api(alice)

    made = client.post(
        "/api/v1/contracts/",
        {"account": account.pk, "arr": "1200000", "seats": 30, "notice_months": 1} | YEAR,
    )

    assert made.status_code == 201
    assert made.json()["terms"] == [
        {
            "arr": "1200000.00",
            "seats": 30,
            "starts_on": "2026-04-01",
            "ends_on": None,
            "reason": "",
        }
    ]
    shown = client.get(f"/api/v1/accounts/{account.pk}/").json()
    assert (shown["arr"], shown["renewal_on"]) == ("1200000.00", "2027-02-28")


def test_new_terms_are_written_from_a_day_on(api, alice):
    contract = make_contract(account=make_account(team=alice.teams.get()))

    answer = api(alice).patch(
        f"/api/v1/contracts/{contract.pk}/", {"arr": "600000", "on": "2026-10-01"}
    )

    assert [(term["arr"], term["ends_on"]) for term in answer.json()["terms"]] == [
        ("1200000.00", "2026-10-01"),
        ("600000.00", None),
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"ends_on": "2026-03-01"}, "/ends_on"),
        ({"ends_on": None}, "/ends_on"),
        ({"arr": "-1"}, "/arr"),
        ({"arr": "1", "on": "2020-01-01"}, "/terms_on"),
        ({"currency": "yen"}, "/currency"),
        ({"closing_day": 32}, "/closing_day"),
        ({"closing_day": 30, "payment_months": 1, "payment_day": 10}, "/closing_day"),
        ({"closing_day": 20}, "/payment_days"),
        ({"starts_on": "tomorrow"}, "/starts_on"),
    ],
)
def test_what_makes_no_contract_is_refused_and_changes_nothing(api, alice, change, pointer):
    contract = make_contract(account=make_account(team=alice.teams.get()))
    client = api(alice)
    address = f"/api/v1/contracts/{contract.pk}/"
    before = client.get(address).json()

    answer = client.patch(address, change)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert client.get(address).json() == before


def test_seven_contracts_cost_as_many_queries_as_one(api, alice):
    account = make_account(team=alice.teams.get())

    def count():
        client = api(alice)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/v1/contracts/").json()["results"]
        return len(captured)

    make_contract(account=account)
    one = count()
    for _ in range(6):
        make_contract(account=account)
    assert count() == one <= 8


def test_a_contract_is_renewed_over_the_api_as_a_new_one(api, alice):
    contract = make_contract(account=make_account(team=alice.teams.get()))

    answer = api(alice).post(
        f"/api/v1/contracts/{contract.pk}/renew/",
        {"ends_on": "2028-03-31", "as_new": True, "arr": "5.00"},
        format="json",
    )

    assert answer.status_code == 201
    assert (answer.data["starts_on"], answer.data["arr_now"]) == ("2027-04-01", "5.00")
    assert answer.data["id"] != contract.pk


def test_a_contract_says_by_when_it_must_be_decided(api, alice):
    contract = make_contract(
        account=make_account(team=alice.teams.get()),
        starts_on=dt.date(2029, 4, 1),
        ends_on=dt.date(2030, 3, 31),
        notice_months=1,
    )

    answer = api(alice).get(f"/api/v1/contracts/{contract.pk}/")

    assert answer.data["decide_on"] == "2030-02-28"


def test_rates_are_read_by_all_and_added_by_administrators(api, alice):
    rate = {"currency": "USD", "on": "2026-01-01", "rate": "150.25"}
    admin = make_user(role="administrator")

    refused = api(alice).post("/api/v1/rates/", rate, format="json")
    added = api(admin).post("/api/v1/rates/", rate, format="json")

    assert (refused.status_code, added.status_code) == (403, 201)
    assert api(alice).get("/api/v1/rates/").data["results"][0]["rate"] == "150.25000000"


def test_payment_terms_by_a_closing_day_are_written_over_the_api(api, alice):
    contract = make_contract(account=make_account(team=alice.teams.get()))
    client, address = api(alice), f"/api/v1/contracts/{contract.pk}/"
    closing = {"closing_day": 31, "payment_months": 1, "payment_day": 31}

    changed = client.patch(address, closing).json()
    assert {name: changed[name] for name in closing} == closing
    assert changed["payment_days"] is None

    net = client.patch(address, {"payment_days": 10}).json()
    assert [net[name] for name in (*closing, "payment_days")] == [None, None, None, 10]
