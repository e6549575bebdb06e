import pytest

from accounts.models import Segment
from tests.factories import make_organisation, make_team, make_user
from tests.scoring.views.test_reports import grow

pytestmark = pytest.mark.django_db


def test_kpis_come_with_definition_and_bridge(client):
    make_organisation()
    team = make_team()
    grow(team)
    client.force_login(make_user(team=team))

    answer = client.get("/api/v1/kpis/", {"team": team.pk}).json()

    found = {one["key"]: one for one in answer["kpis"]}
    assert found["nrr"]["rate"] == 1.2
    assert "New customers" in found["nrr"]["definition"]
    assert [(one["sign"], one["value"]) for one in found["nrr"]["working"]] == [
        ("", 600), ("+", 120), ("−", 0), ("−", 0), ("=", 720), ("÷", 600), ("=", 1.2),
    ]  # fmt: skip
    assert answer["bridge"]["opening"] + answer["bridge"]["expansion"] == 720


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"period": "soon"}, "/period"),
        ({"period": "FY2100"}, "/period"),
        ({"team": "0"}, "/team"),
        ({"segment": "x"}, "/segment"),
    ],
)
def test_what_can_not_be_answered_names_the_field(client, asked, pointer):
    make_organisation()
    client.force_login(make_user(team=make_team()))

    answer = client.get("/api/v1/kpis/", asked)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_segment_is_not_asked_about_days_before_it_was_recorded(client):
    make_organisation()
    segment = Segment.objects.create(key="s", name_en="Quiet ones", name_ja="無反応", rule={})
    client.force_login(make_user(team=make_team()))

    answer = client.get("/api/v1/kpis/", {"segment": segment.pk})

    assert (answer.status_code, answer.json()["code"]) == (400, "members_unknown")
    assert answer.json()["errors"][0]["pointer"] == "/segment"


def test_who_reads_no_contracts_gets_no_figures(client):
    make_organisation()
    client.force_login(make_user(role="privacy_officer"))

    assert client.get("/api/v1/kpis/").status_code == 403
