import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import Measurement
from tests.factories import make_account
from tests.scoring.factories import make_measurement

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/measurements/"


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get())


def test_a_reading_is_pushed_corrected_and_taken_back(api, alice, account):
    client = api(alice)
    body = {"account": account.pk, "key": "open_orders", "external_id": "M-1", "value": 7}

    made = client.post(ADDRESS, {**body, "measured_at": "2026-06-01T00:00:00Z"})
    assert made.status_code == 201
    again = client.post(ADDRESS, {**body, "measured_at": "2026-06-01T00:00:00Z", "value": 8})
    assert (again.json()["id"], again.json()["value"]) == (made.json()["id"], 8)

    address = f"{ADDRESS}{made.json()['id']}/"
    assert client.patch(address, {"value": 9}).json()["value"] == 9
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert Measurement.objects.filter(retracted_at=None).count() == 0
    assert Measurement.objects.count() == 3


@pytest.mark.parametrize(
    ("fault", "pointer"),
    [
        ({"value": "many"}, "/value"),
        ({"value": "1e301"}, "/value"),
        ({"value": "nan"}, "/value"),
        ({"key": "no key"}, "/key"),
        ({"measured_at": "2999-01-01T00:00:00Z"}, "/measured_at"),
        ({"account": 0}, "/account"),
    ],
)
def test_what_is_no_reading_is_refused(api, alice, account, fault, pointer):
    body = {"account": account.pk, "key": "open_orders", "value": 7, **fault}

    answer = api(alice).post(ADDRESS, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not Measurement.objects.exists()


def test_readings_are_filtered_searched_and_sorted(api, alice, account):
    client = api(alice)
    one = make_measurement(account=account, key="seats")
    two = make_measurement(account=account, key="open_orders", value=3)

    def found(question):
        return [row["id"] for row in client.get(f"{ADDRESS}?{question}").json()["results"]]

    assert found("key=seats") == [one.pk]
    assert found("search=orders") == [two.pk]
    assert found("ordering=id") == [one.pk, two.pk]
    assert found("measured_at_after=2030-01-01") == []


def test_seven_readings_cost_as_many_queries_as_one(api, alice, account):
    def count():
        client = api(alice)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).json()["results"]
        return len(captured)

    make_measurement(account=account)
    one = count()
    for _ in range(6):
        make_measurement(account=account)
    assert count() == one <= 8
