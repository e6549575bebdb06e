import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, TeamMembership, User
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db):
    return make_user(role="administrator")


def test_everybody_sees_colleagues_and_only_administrators_change_them(api, alice, bob, boss):
    body = {"email": "New@Harukaze.example", "teams": [alice.teams.get().pk]}

    assert len(api(alice).get("/api/v1/users/").json()["results"]) == 3
    assert api(bob).post("/api/v1/users/", body).status_code == 403
    made = api(boss).post("/api/v1/users/", body).json()

    assert (made["email"], made["username"]) == ("new@harukaze.example",) * 2
    assert made["teams"] == [alice.teams.get().pk]
    assert not User.objects.get(pk=made["id"]).has_usable_password()


def test_an_address_belongs_to_one_colleague(api, alice, boss):
    answer = api(boss).post("/api/v1/users/", {"email": alice.email.upper()})

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/email"


def test_a_weak_password_is_refused_at_its_field(api, boss):
    answer = api(boss).post("/api/v1/users/", {"email": "n@h.example", "password": "1234"})

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/password"}


def test_the_last_administrator_stays(api, boss):
    answer = api(boss).delete(f"/api/v1/users/{boss.pk}/")

    assert answer.status_code == 409
    assert User.objects.get(pk=boss.pk).is_active


def test_who_leaves_is_deactivated_not_deleted(api, alice, boss):
    assert api(boss).delete(f"/api/v1/users/{alice.pk}/").status_code == 204
    assert not User.objects.get(pk=alice.pk).is_active


def test_teams_nest_without_circles(api, boss):
    top, used = make_team(), make_team()
    below = make_team(parent=top)
    make_account(team=used)
    client = api(boss)

    circle = client.patch(f"/api/v1/teams/{top.pk}/", {"parent": below.pk})
    assert (circle.status_code, circle.json()["errors"][0]["pointer"]) == (409, "/parent")
    assert client.delete(f"/api/v1/teams/{used.pk}/").status_code == 409
    assert client.delete(f"/api/v1/teams/{below.pk}/").status_code == 204
    assert not Team.objects.filter(pk=below.pk).exists()


@pytest.mark.parametrize("resource", ["users", "teams"])
def test_seven_cost_as_many_queries_as_one(api, alice, resource):
    def count():
        client = api(alice)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/{resource}/").json()["results"]
        return len(captured)

    one = count()
    for _ in range(6):
        make_user(team=make_team())
    assert count() == one <= 7


def test_a_colleague_of_two_teams_is_listed_once(api, alice):
    first = alice.teams.get()
    TeamMembership.objects.create(team=make_team(), user=alice)

    answer = api(alice).get(f"/api/v1/users/?team={first.pk}").json()

    assert [row["id"] for row in answer["results"]] == [alice.pk]
