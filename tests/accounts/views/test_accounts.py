import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.names import fold_for_search
from accounts.models import AccessPolicy, Account, DirtyAccount
from accounts.registry import timeline
from config.lib.clock import app_now
from scoring.models import HealthCurrent
from tests.factories import (
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def client_of_team(client, team):
    client.force_login(make_user(team=team))
    return client


def queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as context:
        response = client.get(path)
    assert response.status_code == 200
    return len(context), response


def make_full_account(team, **fields):
    account = make_account(team=team, renewal_on=dt.date(2026, 12, 1), **fields)
    make_account_role(account=account, user=make_user(team=team))
    make_contact(account=account)
    make_contract(account=account)
    make_touchpoint(account=account)
    return account


def test_the_list_costs_the_same_for_one_and_for_seven_accounts(client_of_team, team):
    make_full_account(team)
    client_of_team.get("/accounts/")
    one, _ = queries(client_of_team, "/accounts/")
    for _ in range(6):
        make_full_account(team)

    seven, response = queries(client_of_team, "/accounts/")

    assert len(response.context["rows"]) == 7
    assert one == seven <= 12


def test_the_account_page_costs_the_same_for_one_and_for_seven_of_everything(client_of_team, team):
    account = make_full_account(team)
    path = f"/accounts/{account.pk}/"
    client_of_team.get(path)
    one, _ = queries(client_of_team, path)
    for _ in range(6):
        make_contact(account=account)
        make_contract(account=account)
        make_touchpoint(account=account)

    seven, _ = queries(client_of_team, path)

    assert one == seven


def test_the_list_is_filtered_by_what_apps_register(client_of_team, team):
    wanted = make_account(team=team, tier="a")
    make_account(team=team, tier="b")

    response = client_of_team.get("/accounts/", {"tier": "a"})

    assert [account for account, *_ in response.context["rows"]] == [wanted]
    assert [rule.without for rule in response.context["rules"]] == ["?"]


def test_the_search_folds_width_and_kana(client_of_team, team):
    wanted = make_account(team=team, search_text=fold_for_search("アオミネセイキ aomine"))
    make_account(team=team, search_text="ミナトビ")

    response = client_of_team.get("/accounts/", {"q": "あおみね AOMINE"})

    assert [account for account, *_ in response.context["rows"]] == [wanted]


def test_churned_accounts_show_only_when_asked_for(client_of_team, team):
    lost = make_account(team=team, status="churned")

    assert not client_of_team.get("/accounts/").context["rows"]
    response = client_of_team.get("/accounts/", {"status": "churned"})
    assert [account for account, *_ in response.context["rows"]] == [lost]


def test_pages_of_fifty_follow_each_other_and_lead_back(client_of_team, team):
    for _ in range(53):
        make_account(team=team)

    first = client_of_team.get("/accounts/?sort=arr")
    second = client_of_team.get(f"/accounts/?sort=arr&cursor={first.context['page'].next_cursor}")
    back = client_of_team.get(
        f"/accounts/?sort=arr&cursor={second.context['page'].previous_cursor}"
    )

    assert [len(page.context["rows"]) for page in (first, second, back)] == [50, 3, 50]
    assert second.context["page"].next_cursor is None


@pytest.mark.parametrize("query", ["sort=password", "cursor=invented", "tier=z"])
def test_nonsense_in_the_address_is_told_and_breaks_nothing(client_of_team, query):
    assert client_of_team.get(f"/accounts/?{query}").status_code in (200, 400)


def test_a_foreign_account_does_not_exist(client_of_team):
    assert client_of_team.get(f"/accounts/{make_account().pk}/").status_code == 404
    assert not client_of_team.get("/accounts/").context["rows"]


def walked(client, account):
    """Follow the link to earlier history to its end."""
    items, place = [], {}
    while place is not None:
        page = client.get(f"/accounts/{account.pk}/", place).context["timeline"]
        items += page.items
        place = page.before and {"before": page.before.isoformat(), "skip": page.skip}
    return items


def test_the_history_is_paged_without_losing_an_event(client_of_team, team):
    account = make_account(team=team)
    for day in range(1, 21):
        make_touchpoint(
            account=account,
            subject=f"Talk {day}",
            occurred_at=dt.datetime(2026, 5, day, 3, tzinfo=dt.UTC),
        )

    titles = [item.title for item in walked(client_of_team, account)]

    assert titles == [f"Talk {day}" for day in range(20, 0, -1)]


def test_events_of_one_instant_are_told_once_each_over_several_pages(client_of_team, team):
    account = make_account(team=team)
    for number in range(40):
        make_touchpoint(
            account=account,
            subject=f"Talk {number}",
            occurred_at=dt.datetime(2026, 5, 1 + number // 35, tzinfo=dt.UTC),
        )

    titles = [item.title for item in walked(client_of_team, account)]

    assert len(titles) == 40
    assert set(titles) == {f"Talk {number}" for number in range(40)}


@pytest.mark.parametrize(
    "query",
    [
        "before=yesterday",
        "only=secrets",
        "before=2026-01-01",
        "before=2026-02-31T00:00:00Z",
        "before=2026-05-01T00:00:00Z&skip=-1",
    ],
)
def test_a_history_that_is_not_there_is_a_bad_request(client_of_team, team, query):
    account = make_account(team=team)

    assert client_of_team.get(f"/accounts/{account.pk}/?{query}").status_code == 400


@pytest.mark.parametrize("key", sorted(timeline))
def test_every_timeline_source_joins_the_others(client_of_team, team, key):
    account = make_account(team=team)

    assert client_of_team.get(f"/accounts/{account.pk}/", {"only": key}).status_code == 200


def policy(kind, read_scope):
    AccessPolicy.objects.create(role="member", kind=kind, read_scope=read_scope, write_scope="none")


def in_critical(account):
    HealthCurrent.objects.create(
        account=account,
        day=dt.date(2026, 5, 1),
        score=33,
        band="critical",
        coverage=1,
        confidence=90,
        kind="official",
    )


def shown_scores(response):
    return {
        account: cell.value
        for account, cells, _fact in response.context["rows"]
        for cell in cells
        if cell.field.key == "health.score"
    }


def test_health_kept_in_the_team_is_not_told_of_others_by_value_order_or_filter(
    client_of_team, team
):
    policy("account", "all")
    policy("health", "own_team")
    mine, foreign = make_account(team=team), make_account()
    for account in (mine, foreign):
        in_critical(account)

    page = client_of_team.get("/accounts/")
    filtered = client_of_team.get("/accounts/", {"health.band": "critical"})

    assert shown_scores(page) == {mine: 33, foreign: None}
    assert [account for account, *_ in filtered.context["rows"]] == [mine]
    assert client_of_team.get("/accounts/", {"sort": "health.score"}).status_code == 400


def test_who_sees_no_health_finds_neither_its_columns_nor_its_filters(client_of_team, team):
    policy("health", "none")
    in_critical(make_account(team=team))

    page = client_of_team.get("/accounts/")
    filtered = client_of_team.get("/accounts/", {"health.band": "steady"})

    assert not [column for column in page.context["columns"] if column.kind == "health"]
    assert len(filtered.context["rows"]) == 1


def test_whoever_looks_at_an_account_logs_a_talk_for_it_wherever_they_press(client_of_team, team):
    account = make_account(team=team)

    page = client_of_team.get(f"/accounts/{account.pk}/").content.decode()

    assert 'href="/touchpoints/new/"' not in page
    assert page.count(f'href="/touchpoints/new/?account={account.pk}"') == 2


def test_people_who_left_their_post_are_not_offered_for_a_talk(client_of_team, team):
    account = make_account(team=team)
    make_contact(account=account, family_name="片岡", state="transferred")
    make_contact(account=account, family_name="田辺")

    page = client_of_team.get(f"/touchpoints/new/?account={account.pk}").content.decode()

    assert "田辺" in page
    assert "片岡" not in page


def test_a_viewer_is_offered_no_way_to_log_or_to_add(client, team):
    client.force_login(make_user(team=team, role="viewer"))
    account = make_account(team=team)

    pages = [client.get(path).content.decode() for path in ("/", f"/accounts/{account.pk}/")]

    assert not any("/touchpoints/new/" in page or "/tasks/new/" in page for page in pages)


def test_a_privacy_officer_is_told_nothing_false_about_contracts_and_tasks(client, team):
    client.force_login(make_user(team=team, role="privacy_officer"))
    account = make_account(team=team)
    make_contract(account=account)

    page = client.get(f"/accounts/{account.pk}/").content.decode()

    assert "No contract in force" not in page
    assert "No open tasks." not in page


@pytest.mark.parametrize(
    ("status", "phase", "said"),
    [
        ("active", "adoption", "Adoption&nbsp;· Active"),
        ("leaving", "leaving", "Low touch&nbsp;· Leaving"),
        ("churned", "leaving", "Low touch&nbsp;· Churned"),
    ],
)
def test_a_customer_on_the_way_out_is_told_once(client_of_team, team, status, phase, said):
    account = make_account(team=team, status=status, phase=phase, touch_model="low")

    page = client_of_team.get(f"/accounts/{account.pk}/").content.decode()

    assert said in page
    assert "Leaving&nbsp;· Leaving" not in page
    assert "Leaving&nbsp;· Churned" not in page


ASKED = ("required roles are filled", "Next touch due", "Not computed yet")
ASKED_FIELDS = ("next_touch_on", "contacts.role_gaps")


@pytest.mark.parametrize(("kind", "asks"), [("customer", True), ("partner", False)])
def test_a_partner_is_asked_for_no_score_cadence_or_roles(client_of_team, team, kind, asks):
    account = make_account(
        team=team, kind=kind, touch_model="low", customer_since_on=dt.date(2024, 1, 1)
    )

    page = client_of_team.get(f"/accounts/{account.pk}/").content.decode()

    assert {text: text in page for text in ASKED} == dict.fromkeys(ASKED, asks)
    found = Account.objects.with_fields(*ASKED_FIELDS, at=app_now()).get()
    assert (found.next_touch_on is not None, found.contacts_role_gaps > 0) == (asks, asks)


@pytest.mark.parametrize(("role", "asks"), [("member", True), ("viewer", False)])
def test_only_who_may_add_people_is_asked_for_them(client, team, role, asks):
    account = make_account(team=team)
    client.force_login(make_user(team=team, role=role))

    page = client.get(f"/accounts/{account.pk}/").content.decode()

    assert ("Add the people you talk to" in page) is asks


def test_a_score_that_is_being_computed_again_says_so_until_it_is_done(client_of_team, team):
    account = make_account(team=team)
    in_critical(account)
    DirtyAccount.objects.create(
        account=account, first_at=app_now(), since=app_now(), reason="touchpoint"
    )
    page = f"/accounts/{account.pk}/"
    assert "Being recomputed" in client_of_team.get(page).content.decode()

    DirtyAccount.objects.all().delete()
    assert "Being recomputed" not in client_of_team.get(page).content.decode()
