import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import CustomMetric
from scoring.services.metric_slots import ensure_metric_slots
from tests.factories import make_organisation
from tests.scoring.factories import make_event_name, make_metric, make_scorecard

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/metrics/"
ORDERS = {"source": "events", "aggregate": "count", "event": "Order", "window": 28}
BODY = {"key": "orders", "label_en": "Orders", "label_ja": "注文数", "spec": ORDERS}


@pytest.fixture(autouse=True)
def known():
    make_organisation()
    ensure_metric_slots()
    make_event_name("Order")


def test_built_in_and_own_metrics_are_one_list(api, alice):
    make_metric("orders")
    client = api(alice)

    keys = {row["key"] for row in client.get(ADDRESS).json()["results"]}
    (own,) = client.get(f"{ADDRESS}?is_built_in=false").json()["results"]
    (nps,) = client.get(f"{ADDRESS}?key=nps").json()["results"]

    assert {"active_users", "arr_change"} <= keys
    assert (own["key"], own["spec"]["aggregate"]) == ("orders", "count")
    assert (nps["is_built_in"], nps["spec"], nps["label_ja"]) == (True, None, "顧客のNPS")


def test_a_manager_makes_changes_and_archives_a_metric(api, bob):
    client = api(bob)

    made = client.post(ADDRESS, BODY)
    assert made.status_code == 201, made.json()
    address = f"{ADDRESS}{made.json()['id']}/"
    changed = client.patch(address, {"unit": "ratio", "higher_is_better": False})

    assert (changed.json()["unit"], changed.json()["higher_is_better"]) == ("ratio", False)
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["archived_at"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"spec": {**ORDERS, "event": "Oder"}}, "/spec/event"),
        ({"spec": {**ORDERS, "window": "long"}}, "/spec/window"),
        ({"spec": {**ORDERS, "filter": {"a": {}}}}, "/spec/filter/a"),
        ({"spec": {**ORDERS, "aggregate": "last"}}, "/spec/value_of"),
        (
            {"spec": {**ORDERS, "aggregate": "last", "value_of": "plan", "codes": {"pro": []}}},
            "/spec/codes/pro",
        ),
        ({"spec": {}}, "/spec/source"),
        ({"key": "no key"}, "/key"),
        ({"unit": "miles"}, "/unit"),
    ],
)
def test_a_fault_names_its_member_and_nothing_is_stored(api, bob, changes, pointer):
    answer = api(bob).post(ADDRESS, {**BODY, **changes})

    assert answer.status_code == 400
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert not CustomMetric.objects.exists()


def test_a_key_taken_and_a_metric_in_use_are_conflicts(api, bob):
    client = api(bob)
    made = client.post(ADDRESS, BODY).json()
    make_scorecard({"dimensions": [{"measures": [{"metric": "orders"}]}]})

    assert client.post(ADDRESS, {**BODY, "key": "nps"}).status_code == 409
    again = client.post(ADDRESS, BODY)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/key")
    spec = {**ORDERS, "window": 7}
    assert client.patch(f"{ADDRESS}{made['id']}/", {"spec": spec}).status_code == 409
    assert client.delete(f"{ADDRESS}{made['id']}/").status_code == 409


def test_built_in_metrics_are_part_of_the_program(api, bob):
    client = api(bob)
    (nps,) = client.get(f"{ADDRESS}?key=nps").json()["results"]

    answer = client.patch(f"{ADDRESS}{nps['id']}/", {"label_en": "Love"})

    assert (answer.status_code, answer.json()["code"]) == (409, "built_in_metric")


def test_members_read_and_do_not_write(api, alice):
    assert api(alice).get(ADDRESS).status_code == 200
    assert api(alice).post(ADDRESS, BODY).status_code == 403


def test_a_list_takes_as_many_queries_for_one_metric_as_for_seven(api, alice):
    client, counts = api(alice), []
    for n in (1, 6):
        for _ in range(n):
            make_metric()
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{ADDRESS}?is_built_in=false")
        counts.append(len(queries))

    assert counts[0] == counts[1]
