import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountShare, ContractTerm, Segment, Team, User
from scoring.models import KpiTarget
from tests.factories import (
    make_account,
    make_contract,
    make_organisation,
    make_team,
    make_user,
    our_day,
)

pytestmark = pytest.mark.django_db
LONG_KNOWN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def grow(team, *, before=600, after=720, name="株式会社テスト"):
    """An account whose contract was renewed half a year ago; `after` None is lost."""
    day = our_day() - dt.timedelta(days=180)
    account = make_account(team=team, name=name)
    for starts_on, ends_on, arr in (
        (day - dt.timedelta(days=365), day - dt.timedelta(days=1), before),
        (day, day + dt.timedelta(days=365), after),
    ):
        if arr is not None:
            make_contract(
                account=account, arr=arr, starts_on=starts_on, ends_on=ends_on,
                created_at=LONG_KNOWN,
            )  # fmt: skip
    ContractTerm.objects.update(recorded_at=LONG_KNOWN)
    return account


@pytest.fixture
def team():
    make_organisation()
    return make_team()


def signed_in(team, **fields):
    client = Client()
    client.force_login(make_user(team=team, **fields))
    return client


def test_a_report_shows_rates_with_their_definitions(team):
    grow(team)
    grow(make_team(), before=400, after=None)

    page = signed_in(team).get("/reports/").content.decode()

    assert "72%" in page
    assert "Growth never makes up for a loss" in page
    assert "before the period" in page


def test_every_kpi_says_how_it_is_worked_out(team):
    grow(team, before=123_450_000, after=150_000_000)

    page = signed_in(team).get("/reports/").content.decode()

    assert "ARR at the opening" in page
    assert "¥123,450,000" in page
    assert "change of ARPA" in page
    assert "lost in a year at this pace" in page
    assert "unknown without a loss" in page


def test_figures_are_of_everything_but_lists_show_what_one_may_see(team):
    mine = grow(team, name="青葉精工")
    grow(make_team(), name="白鷺電子", before=400, after=None)
    client = signed_in(team)

    seen = client.get("/reports/accounts/?pick=customers").content.decode()
    lost = client.get("/reports/accounts/?pick=lost").content.decode()

    assert mine.name in seen
    assert "白鷺電子" not in seen + lost
    assert "And 1 you can&#x27;t see" in seen or "And 1 you can't see" in seen
    assert "No account you can see" in lost


def test_a_team_narrows_the_figures(team):
    grow(team)
    other = make_team()
    grow(other, before=400, after=None)

    page = signed_in(team).get(f"/reports/?team={team.pk}").content.decode()

    assert "120%" in page


def test_a_change_is_in_the_next_report(team):
    account = grow(team)
    client = signed_in(team)
    assert "120%" in client.get("/reports/").content.decode()

    ContractTerm.objects.filter(contract__account=account, arr=720).update(arr=900)

    assert "150%" in client.get("/reports/").content.decode()


def test_who_reads_no_contracts_reads_no_reports(team):
    client = signed_in(team, role="privacy_officer")

    assert client.get("/reports/").status_code == 403
    assert "/reports/" not in client.get("/settings/").content.decode()


def test_a_segment_says_since_when_its_members_are_known(team):
    grow(team)
    segment = Segment.objects.create(key="s", name_en="Quiet ones", name_ja="無反応", rule={})
    client = signed_in(team)

    among_others = client.get("/reports/").content.decode()
    alone = client.get(f"/reports/?segment={segment.pk}")
    behind = client.get(f"/reports/accounts/?segment={segment.pk}")

    assert "Members known since" in among_others
    assert alone.status_code == 200
    assert "Who was in “Quiet ones” is known since" in alone.content.decode()
    assert "no base" not in alone.content.decode()
    assert behind.status_code == 400


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_figures_go_out_as_a_file(team, form):
    grow(team)

    answer = signed_in(team).get(f"/reports/file/?format={form}")

    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert form == "xlsx" or "1.2" in answer.content.decode("utf-8-sig")


def test_queries_do_not_grow_with_the_book(team):
    client = signed_in(team)
    counts = []
    for number in (1, 6):
        for _n in range(number):
            grow(team)
        with CaptureQueriesContext(
            connection,
        ) as first:
            client.get("/reports/")
        with CaptureQueriesContext(connection) as again:
            client.get("/reports/")
        counts.append((len(first), len(again)))

    assert counts[0] == counts[1]
    assert counts[0][1] <= 12


def shares_only(account):
    """A client of who belongs to no team and is shown one account."""
    user = make_user()
    AccountShare.objects.create(account=account, user=user)
    client = Client()
    client.force_login(user)
    return client


def test_a_report_says_whose_figures_it_holds(team):
    grow(team)
    segment = Segment.objects.create(
        key="s", name_en="Quiet ones", name_ja="無反応", rule={}, created_at=LONG_KNOWN
    )
    Team.objects.filter(pk=team.pk).update(name_en="East")
    client = signed_in(team)

    whole = client.get("/reports/").text
    of_team = client.get(f"/reports/?team={team.pk}").text
    of_segment = client.get(f"/reports/?segment={segment.pk}").text

    assert "figures of the whole company" in whole
    assert "accounts you can't see are counted too" in whole
    assert "figures of “East” and the teams below" in of_team
    assert "figures of the segment “Quiet ones”" in of_segment
    assert client.get("/reports/?team=999999").status_code == 404
    assert "counted too" not in signed_in(team, role="administrator").get("/reports/").text


def test_who_is_only_shown_single_accounts_reads_no_figures_of_the_whole_company(team, api):
    client = shares_only(grow(team))
    user = User.objects.latest("pk")

    paths = ["/reports/", "/reports/accounts/?pick=customers", "/reports/file/"]
    assert {client.get(path).status_code for path in paths} == {403}
    assert client.get("/reports/targets/").status_code == 403
    assert api(user).get("/api/v1/kpis/").status_code == 403
    assert 'href="/reports/"' not in client.get("/accounts/").text


def test_arr_stands_above_the_kpis_with_its_target(team):
    grow(team)
    client = signed_in(team)
    code = client.get("/reports/").context["wanted"].period.code
    KpiTarget.objects.create(period=code, kpi="arr", count=9)

    page = client.get("/reports/").text
    file = client.get("/reports/file/").content.decode()

    assert page.count("target 9") == 1
    assert page.index("Yearly value of all contracts") < page.index("Net revenue retention (NRR)")
    assert "ARR at the closing" in file
