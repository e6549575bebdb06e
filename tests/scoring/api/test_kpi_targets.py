import pytest

from scoring.domain.kpi_targets import LIMITS
from scoring.models import KpiTarget
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
PATH = "/api/v1/kpi-targets/"
NRR = {"kpi": "nrr", "period": "FY2026", "rate": "1.04"}


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def manager(client, team):
    client.force_login(make_user(team=team, role="manager"))
    return client


def send(client, method, path, body=None):
    return getattr(client, method)(path, body, content_type="application/json")


def test_a_target_is_set_changed_and_removed(manager, team):
    made = send(manager, "post", PATH, {**NRR, "team": team.pk})
    one = f"{PATH}{made.json()['id']}/"
    changed = send(manager, "patch", one, {"rate": None, "amount": "1200000.00"})
    listed = manager.get(PATH, {"kpi": "nrr", "team": team.pk}).json()["results"]
    removed = manager.delete(one)

    assert (made.status_code, made.json()["rate"]) == (201, "1.04000")
    assert (changed.json()["rate"], changed.json()["amount"]) == (None, "1200000.00")
    assert listed == [changed.json()]
    assert removed.status_code == 204
    assert not KpiTarget.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**NRR, "kpi": "luck"}, "/kpi"),
        ({**NRR, "period": "12m"}, "/period"),
        ({**NRR, "rate": str(LIMITS["rate"][1] + 1)}, "/rate"),
        ({**NRR, "rate": None}, "/rate"),
        ({**NRR, "count": -1}, "/count"),
        ({**NRR, "kpi": "arr"}, "/rate"),
    ],
)
def test_what_can_not_be_wanted_names_its_field(manager, body, pointer):
    answer = send(manager, "post", PATH, body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not KpiTarget.objects.exists()


def test_there_is_one_target_of_a_kpi_period_and_scope(manager):
    one = f"{PATH}{send(manager, 'post', PATH, NRR).json()['id']}/"

    again = send(manager, "post", PATH, NRR)
    moved = send(manager, "patch", one, {"period": "FY2027"})

    assert (again.status_code, again.json()["code"]) == (409, "kpi_target_exists")
    assert (moved.status_code, moved.json()["errors"][0]["pointer"]) == (400, "/period")


@pytest.mark.parametrize(("role", "reads", "writes"), [
    ("administrator", 200, 201), ("member", 200, 403), ("viewer", 200, 403),
    ("privacy_officer", 200, 403),
])  # fmt: skip
def test_managers_and_administrators_write(client, team, role, reads, writes):
    client.force_login(make_user(team=team, role=role))

    assert client.get(PATH).status_code == reads
    assert send(client, "post", PATH, NRR).status_code == writes
