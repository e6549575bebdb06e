import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import AccessPolicy, FxRate
from accounts.panels.group import GroupPanel
from accounts.selectors.hierarchy import BadRollUp, Measure, ids_below, roll_up
from accounts.services.segments import read_rules
from scoring.models import HealthCurrent
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
ARR, WORST = Measure("sum", "arr"), Measure("min", "health.score")


@pytest.fixture
def group():
    """Return a team, the top of a tree, and the accounts below: three levels deep."""
    make_organisation()
    team = make_team()
    top = make_account(team=team)
    east = make_account(team=team, parent=top, arr=100, renewal_on=dt.date(2026, 9, 1))
    shop = make_account(team=team, parent=east, arr=10, renewal_on=dt.date(2026, 8, 1))
    stall = make_account(team=team, parent=shop, arr=1, status="churned")
    foreign = make_account(parent=top, arr=5000)
    return team, top, [east, shop, stall], foreign


def score(account, points):
    HealthCurrent.objects.create(
        account=account,
        day=dt.date(2026, 6, 9),
        score=points,
        band="steady",
        coverage=1,
        confidence=90,
        kind="official",
    )


def test_figures_are_over_what_the_reader_sees_to_any_depth(group):
    team, top, _, _ = group

    found = roll_up(
        ids_below(top),
        [ARR, Measure("min", "renewal_on"), Measure("count", "tier")],
        user=make_user(team=team),
        at=AT,
    )

    assert (found.accounts, found.hidden) == (3, 1)
    assert list(found.values.values()) == [Decimal(111), dt.date(2026, 8, 1), 3]


def test_a_filter_leaves_accounts_out(group):
    team, top, _, _ = group
    active = {"field": "status", "operator": "=", "value": "active"}
    only = read_rules({"combinator": "and", "rules": [active]})

    found = roll_up(ids_below(top), [ARR], user=make_user(team=team), at=AT, only=only)

    assert found.values[ARR] == 110


def test_the_worst_score_is_read_only_where_scores_may_be_seen(group):
    team, top, below, foreign = group
    score(below[0], 84)
    score(below[1], 31)
    score(foreign, 5)
    AccessPolicy.objects.create(role="member", kind="account", read_scope="all", write_scope="none")
    AccessPolicy.objects.create(
        role="member", kind="health", read_scope="own_team", write_scope="none"
    )

    found = roll_up(ids_below(top), [WORST, ARR], user=make_user(team=team), at=AT)

    assert found.values[WORST] == 31
    assert (found.hidden, found.values[ARR]) == (0, 5111)


def test_a_filter_asks_nothing_of_accounts_whose_answer_may_not_be_seen(group):
    team, top, below, foreign = group
    score(below[0], 10)
    score(foreign, 5)
    AccessPolicy.objects.create(role="member", kind="account", read_scope="all", write_scope="none")
    AccessPolicy.objects.create(
        role="member", kind="health", read_scope="own_team", write_scope="none"
    )
    low = {"field": "health.score", "operator": "<", "value": 40}
    only = read_rules({"combinator": "and", "rules": [low]})

    found = roll_up(ids_below(top), [ARR], user=make_user(team=team), at=AT, only=only)

    assert found.values[ARR] == 100


MONEY = [Measure(function, "arr") for function in ("sum", "max", "avg")]


def test_amounts_of_several_currencies_are_added_up_in_the_reporting_currency(group, api):
    team, top, below, _ = group
    make_account(team=team, parent=below[0], arr=4, currency="GBP")
    for on, rate in ((dt.date(2025, 1, 1), 150), (dt.date(2026, 6, 1), 200)):
        FxRate.objects.create(currency="GBP", on=on, rate=rate)
    user = make_user(team=team)

    found = roll_up(ids_below(top), [*MONEY, Measure("count", "arr")], user=user, at=AT)
    told = (
        api(user).get(f"/api/v1/accounts/{top.pk}/rollup/?measure=sum:arr&measure=count:arr").data
    )

    assert found.currency == "JPY"
    assert [round(value, 2) for value in found.values.values()] == [911, 800, Decimal("227.75"), 4]
    assert [row["currency"] for row in told["values"]] == ["JPY", None]
    assert Decimal(told["values"][0]["value"]) == 911


def test_without_a_rate_there_is_no_sum_over_several_currencies(group):
    team, top, below, _ = group
    make_account(team=team, parent=below[0], arr=4, currency="GBP")

    found = roll_up(
        ids_below(top), [ARR, Measure("count", "arr")], user=make_user(team=team), at=AT
    )

    assert list(found.values.values()) == [None, 4]
    assert found.currency == ""


def test_amounts_of_one_foreign_currency_stay_in_it(group):
    team, top, below, _ = group
    for row in below:
        row.currency = "GBP"
        row.save(update_fields=["currency"])
    make_account(team=team, parent=below[0], arr=0, currency="EUR")

    found = roll_up(ids_below(top), [ARR], user=make_user(team=team), at=AT)

    assert (found.values[ARR], found.currency) == (111, "GBP")


@pytest.mark.parametrize("measure", ["sum:name", "avg:renewal_on", "steal:arr", "sum:password"])
def test_nonsense_is_refused(group, measure):
    with pytest.raises(BadRollUp):
        roll_up({}, [Measure(*measure.split(":"))], user=make_user(), at=AT)


def test_the_panel_shows_the_tree_and_says_what_it_hides(group):
    team, top, below, _ = group
    user = make_user(team=team)

    shown = GroupPanel().context(account=top, user=user, at=AT)

    assert [(row.account, row.depth) for row in shown["rows"]] == [
        (account, depth) for depth, account in enumerate(below, 1)
    ]
    assert (shown["hidden"], shown["arr"], shown["currency"]) == (1, 111, "JPY")
    assert GroupPanel().context(account=below[-1], user=user, at=AT) is None


def test_the_tree_over_the_api(group, api):
    team, top, below, foreign = group
    client = api(make_user(team=team))

    children = client.get(f"/api/v1/accounts/{top.pk}/children/").data
    figures = client.get(
        f"/api/v1/accounts/{top.pk}/rollup/", {"measure": ["sum:arr", "min:renewal_on"]}
    ).data
    refused = client.get(f"/api/v1/accounts/{top.pk}/rollup/", {"measure": "sum:name"})

    assert [row["id"] for row in children["results"]] == [account.pk for account in below]
    assert children["hidden"] == figures["hidden"] == 1
    assert [row["value"] for row in figures["values"]] == ["111.00", "2026-08-01"]
    assert refused.status_code == 400
    for part in ("children", "rollup"):
        assert client.get(f"/api/v1/accounts/{foreign.pk}/{part}/").status_code == 404


@pytest.mark.parametrize("query", ["", "measure=arr", "measure=sum:arr&filter=[", "measure=%00"])
def test_an_odd_question_about_a_tree_is_refused(group, api, query):
    team, top, _, _ = group

    answer = api(make_user(team=team)).get(f"/api/v1/accounts/{top.pk}/rollup/?{query}")

    assert answer.status_code == 400


def test_a_parent_out_of_sight_is_not_told(group, api, client):
    team, top, _, foreign = group
    orphan = make_account(team=team, parent=foreign)
    user = make_user(team=team)

    children = api(user).get(f"/api/v1/accounts/{top.pk}/children/").data["results"]
    client.force_login(user)
    page = client.get(f"/accounts/{orphan.pk}/").content.decode()

    assert {row["id"]: row["parent"] for row in children}[orphan.pk] is None
    assert str(foreign) not in page
