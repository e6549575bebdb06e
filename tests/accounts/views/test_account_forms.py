import datetime as dt

import pytest

from accounts.models import Account, AccountPhaseFact, AccountStatusFact, User
from config.lib.navigation import links
from tests.factories import make_account, make_organisation, make_team, make_user, our_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    return team


def filled(team, **changes):
    values = {
        "name": "株式会社みなと灯物流",
        "name_kana": "ミナトビブツリュウ",
        "external_id": "c-100",
        "kind": "customer",
        "country": "JP",
        "language": "ja",
        "domains": "minatobi.example\nmail.minatobi.example",
        "team": team.pk,
        "status": "active",
        "phase": "onboarding",
        "tier": "a",
        "touch_model": "high",
        "fiscal_year_end_month": "3",
    }
    return {**values, **changes}


def test_an_account_is_made_with_its_first_facts_and_domains(client, team):
    response = client.post("/accounts/new/", filled(team))

    account = Account.objects.get()
    assert response.headers["Location"] == f"/accounts/{account.pk}/"
    assert (account.country, account.phase, account.fiscal_year_end_month) == (
        "JP",
        "onboarding",
        3,
    )
    assert sorted(account.domains.values_list("domain", flat=True)) == [
        "mail.minatobi.example",
        "minatobi.example",
    ]
    assert AccountPhaseFact.objects.get(account=account).phase == "onboarding"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"corporate_number": "1234567890123"}, "corporate_number"),
        ({"country": "J1"}, "country"),
        ({"country": "JA"}, "country"),
        ({"country": "Japan"}, "country"),
        ({"country": ""}, "country"),
        ({"domains": "no domain"}, "domains"),
        ({"parent": "nobody"}, "parent"),
        ({"tier": "z"}, "tier"),
        ({"external_id": "taken"}, "external_id"),
    ],
)
def test_a_fault_names_its_field_keeps_the_input_and_stores_nothing(client, team, changes, field):
    make_account(external_id="taken")

    response = client.post("/accounts/new/", filled(team, **changes))

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "ミナトビブツリュウ" in response.content.decode()
    assert Account.objects.count() == 1


def test_a_team_out_of_reach_can_not_be_chosen(client, team):
    response = client.post("/accounts/new/", {**filled(team), "team": make_team().pk})

    assert "team" in response.context["form"].errors


def test_only_what_was_changed_is_written(client, team):
    account = make_account(team=team, name="株式会社旧", tier="b", touch_model="low")
    values = filled(team, name="株式会社新", tier="b", touch_model="low", external_id="c-100")
    del values["status"], values["phase"]

    response = client.post(f"/accounts/{account.pk}/edit/", values)

    assert response.headers["Location"] == f"/accounts/{account.pk}/"
    account.refresh_from_db()
    assert (account.name, account.status) == ("株式会社新", "active")
    assert not account.attribute_values.exists()


def test_a_parent_below_the_account_is_refused_beside_its_field(client, team):
    top = make_account(team=team)
    below = make_account(team=team, parent=top, name="株式会社子")
    values = filled(team, parent=f"株式会社子 #{below.pk}")

    response = client.post(f"/accounts/{top.pk}/edit/", values)

    assert "parent" in response.context["form"].errors


def test_partners_are_chosen_among_partners_only(client, team):
    customer = make_account(team=team)

    response = client.post("/accounts/new/", filled(team, sold_via=f"#{customer.pk}"))

    assert "sold_via" in response.context["form"].errors


def test_a_customer_churns_for_a_reason_from_a_day(client, team):
    account = make_account(team=team)
    today = our_day()
    address = f"/accounts/{account.pk}/status/"

    refused = client.post(address, {"status": "churned", "on": today})
    client.post(address, {"status": "churned", "on": today, "reason": "budget"})

    assert "reason" in refused.context["form"].errors
    account.refresh_from_db()
    assert (account.status, account.churn_reason, account.churned_on) == (
        "churned",
        "budget",
        today,
    )
    assert AccountStatusFact.objects.get(account=account).starts_on == today


def test_a_phase_can_not_begin_tomorrow(client, team):
    account = make_account(team=team)
    day = our_day() + dt.timedelta(days=3)

    response = client.post(f"/accounts/{account.pk}/phase/", {"phase": "renewal", "on": day})

    assert "on" in response.context["form"].errors or response.context["form"].errors
    assert not AccountPhaseFact.objects.exists()


def test_the_life_of_an_account_shows_its_spans_newest_first(client, team):
    account = make_account(team=team)
    client.post(f"/accounts/{account.pk}/phase/", {"phase": "onboarding", "on": "2026-01-01"})
    client.post(f"/accounts/{account.pk}/phase/", {"phase": "adoption", "on": "2026-02-01"})

    response = client.get(f"/accounts/{account.pk}/lifecycle/")

    spans = [(span.since, span.until) for span in response.context["phases"]]
    assert spans == [(dt.date(2026, 2, 1), None), (dt.date(2026, 1, 1), dt.date(2026, 1, 31))]


def test_onboarding_that_stands_still_is_told(client, team):
    account = make_account(team=team)
    client.post(f"/accounts/{account.pk}/phase/", {"phase": "onboarding", "on": "2026-01-01"})

    response = client.get(f"/accounts/{account.pk}/lifecycle/")

    assert response.context["age"].is_long
    assert "Not moved for long" in response.content.decode()


def test_an_archived_account_comes_back_by_undo(client, team):
    account = make_account(team=team)

    client.post(f"/accounts/{account.pk}/archive/")
    archived = Account.objects.get().archived_at
    page = client.get("/accounts/")
    client.post(f"/accounts/{account.pk}/restore/")

    assert archived is not None
    assert f"/accounts/{account.pk}/restore/" in page.content.decode()
    assert Account.objects.get().archived_at is None


def test_a_dialog_is_answered_with_a_dialog_and_then_with_the_way_on(client, team):
    account = make_account(team=team)
    address = f"/accounts/{account.pk}/phase/"

    dialog = client.get(address, headers={"HX-Request": "true"}).content.decode()
    done = client.post(
        address, {"phase": "renewal", "on": "2026-01-01"}, headers={"HX-Request": "true"}
    )

    assert "<dialog" in dialog
    assert "<html" not in dialog
    assert done.headers["HX-Redirect"] == f"/accounts/{account.pk}/"


def test_suggestions_come_only_from_what_the_reader_sees(client, team):
    mine = make_account(team=team, name="青嶺精機", search_text="青嶺精機")
    make_account(name="青嶺商事", search_text="青嶺商事")

    body = client.get("/accounts/suggest/", {"parent": "青嶺"}).content.decode()

    assert f"青嶺精機 #{mine.pk}" in body
    assert "青嶺商事" not in body


@pytest.mark.parametrize(("language", "name"), [("ja", "日本"), ("en", "Japan")])
def test_countries_are_chosen_by_the_name_the_reader_knows(client, language, name):
    make_organisation()
    client.force_login(make_user(team=make_team(), language=language))

    page = client.get("/accounts/new/").content.decode()

    assert f'<option value="JP" selected>{name}</option>' in page


def test_a_country_stored_wrongly_is_asked_for_not_guessed(client, team):
    account = make_account(team=team, country="JA")

    field = client.get(f"/accounts/{account.pk}/edit/").content.decode().split('name="country"')[1]

    assert "selected" not in field.split("</select>")[0]


def test_who_belongs_to_no_team_is_not_offered_to_add_an_account(client):
    make_organisation()
    make_team()
    teamless = make_user()
    client.force_login(teamless)

    assert "/accounts/new/" not in client.get("/accounts/").content.decode()
    assert "/accounts/new/" not in {link.href for link in links("palette", user=teamless, path="/")}
    assert client.get("/accounts/new/").status_code == 403


def test_who_reaches_a_team_is_offered_to_add_an_account(client, team):
    member = User.objects.get()

    assert "/accounts/new/" in client.get("/accounts/").content.decode()
    assert "/accounts/new/" in {link.href for link in links("palette", user=member, path="/")}


def test_an_administrator_without_a_team_is_told_to_make_one_and_chooses_of_those_there_are(client):
    make_organisation()
    client.force_login(make_user(role="administrator"))

    none = client.get("/accounts/new/")
    team = make_team()
    one = client.get("/accounts/new/")
    made = client.post("/accounts/new/", filled(team))

    assert "There is no team yet" in none.text
    assert "There is no team yet" not in one.text
    assert one.context["form"]["team"].value() == team.pk
    assert made.status_code == 302
    assert Account.objects.get().team == team
