from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Segment
from config.lib.clock import app_now
from scoring.domain.periods import period_of
from scoring.models import KpiTarget
from scoring.selectors.kpis import facts_of
from scoring.services.kpi_targets import set_kpi_target
from tests.factories import make_organisation, make_team, make_user
from tests.route_records import HOUSE
from tests.scoring.views.test_reports import grow

pytestmark = pytest.mark.django_db
LIST = "/reports/targets/"


@pytest.fixture
def team():
    make_organisation()
    return make_team()


def signed_in(team, role="manager"):
    client = Client()
    client.force_login(make_user(team=team, role=role))
    return client


def this_year():
    facts = facts_of(app_now())
    return period_of(facts.today, "year", fiscal_month=facts.fiscal_month).code


def want(kpi="nrr", **fields):
    return set_kpi_target(kpi=kpi, period=this_year(), at=app_now(), **fields)


def test_without_targets_a_report_asks_for_them(team):
    grow(team)

    manager = signed_in(team).get("/reports/").content.decode()
    member = signed_in(team, "member").get("/reports/").content.decode()

    assert "No targets are set for FY" in manager
    assert f"{LIST}?period={this_year()}" in manager
    assert "Set a target" in manager
    assert "Managers and administrators set targets." in member
    assert "Set a target" not in member


def test_a_report_says_how_far_each_part_is_from_its_target(team):
    grow(team)  # 600 → 720: 120 %, one customer
    want(rate=Decimal("1.25"), count=1, amount=Decimal(700))
    want("logo_churn", rate=Decimal("0.09"))
    want("arr", amount=Decimal(900))

    page = " ".join(signed_in(team).get("/reports/").content.decode().split())

    assert "target 125%" in page
    assert "−5.0 points" in page
    assert "target 9%" in page
    assert "reached" in page
    assert "No targets are set" not in page
    assert 'class="y-aim"' in page
    assert "−¥180" in page


def test_a_manager_sets_changes_and_takes_a_target_back(team):
    client, address = signed_in(team), f"{LIST}nrr/?period={this_year()}"

    client.post(address, {"rate": "104.5", "count": "", "amount": ""})
    assert KpiTarget.objects.get().rate == Decimal("1.045")
    assert 'value="104.5"' in client.get(address).content.decode()
    assert "104.5%" in client.get(LIST).content.decode()
    client.post(address, {"rate": "", "count": "", "amount": ""})

    assert not KpiTarget.objects.exists()


@pytest.mark.parametrize("typed", [{"rate": "much"}, {"rate": "5000"}, {"count": "-1"}])
def test_a_fault_stands_beside_the_field_and_nothing_is_kept(team, typed):
    page = signed_in(team).post(f"{LIST}nrr/", {"rate": "", "count": "", "amount": "", **typed})

    assert page.status_code == 200
    assert "y-wrong" in page.content.decode()
    assert not KpiTarget.objects.exists()


def test_targets_of_a_team_are_for_its_report_alone(team):
    grow(team)
    client = signed_in(team)
    client.post(f"{LIST}nrr/?period={this_year()}&team={team.pk}", {"rate": "110"})

    assert KpiTarget.objects.get().team == team
    assert "target 110%" in client.get(f"/reports/?team={team.pk}").content.decode()
    assert "target 110%" not in client.get("/reports/").content.decode()


def test_a_team_within_a_segment_has_no_targets(team):
    segment = HOUSE[Segment]()
    client, scope = signed_in(team), f"team={team.pk}&segment={segment.pk}"

    page = client.post(f"{LIST}nrr/?{scope}", {"rate": "110"}).content.decode()

    assert "Choose a team or a segment, not both." in page
    assert "not for both at once" in client.get(f"{LIST}?{scope}").content.decode()
    assert not KpiTarget.objects.exists()


def test_members_read_targets_and_set_none(team):
    client = signed_in(team, "member")

    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}nrr/").status_code == 403
    assert client.post(f"{LIST}nrr/", {"rate": "104"}).status_code == 403
    assert signed_in(team, "privacy_officer").get(LIST).status_code == 403
    assert client.get(f"{LIST}nps/").status_code == 404


def test_targets_go_out_with_the_file_and_over_the_api(team):
    grow(team)
    want(rate=Decimal("1.25"), amount=Decimal(700))
    want("arr", count=1)
    client = signed_in(team)

    rows = client.get("/reports/file/?format=csv").content.decode("utf-8-sig").splitlines()
    answer = client.get("/api/v1/kpis/").json()

    assert "Target rate" in rows[0]
    assert "1.25" in rows[2]
    kpis = {kpi["key"]: kpi for kpi in answer["kpis"]}
    assert kpis["nrr"]["target"] == {
        "rate": 1.25, "count": None, "amount": 700, "rate_reached": False, "count_reached": None,
        "amount_reached": True,
    }  # fmt: skip
    assert kpis["grr"]["target"] is None
    assert (answer["target_period"], answer["arr_target"]["count_reached"]) == (this_year(), True)


def test_a_target_for_a_year_says_nothing_of_a_quarter(team):
    grow(team)
    want(rate=Decimal("1.25"))
    facts = facts_of(app_now())
    quarter = period_of(facts.today, "quarter", fiscal_month=facts.fiscal_month).code

    page = signed_in(team).get(f"/reports/?period={quarter}").content.decode()

    assert "target 125%" not in page
    assert "No targets are set for" in page


def test_the_form_names_what_is_counted_in_both_languages(team):
    client = signed_in(team)

    english = client.get(reverse("scoring:kpi_target", args=["logo_churn"])).content.decode()

    assert "customers lost" in english
    assert "It is reached at this value or below." in english
