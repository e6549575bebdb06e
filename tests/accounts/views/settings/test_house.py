"""Settings of the house: administrators write them, others do not even see them."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AccessPolicy, Organisation, Team, User
from config.lib.clock import app_now
from scoring.models import WriteKey
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
PAGES = ("organisation", "access", "teams", "teams/new", "people", "people/new")


@pytest.fixture
def administrator() -> User:
    make_organisation()
    return make_user(role="administrator", language="en", team=make_team(name="本社"))


@pytest.fixture
def admin(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_set_up_the_house(client: Client, role: str, page: str) -> None:
    make_organisation()
    client.force_login(make_user(role=role))
    assert client.get(f"/settings/{page}/").status_code == 403
    assert f"/settings/{page}/" not in client.get("/settings/").content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_page_opens_in_both_languages(admin: Client, page: str, language: str) -> None:
    User.objects.update(language=language)
    answer = admin.get(f"/settings/{page}/")
    assert answer.status_code == 200
    assert "<c-" not in answer.content.decode()


def organisation_form(**changes: object) -> dict[str, object]:
    return {
        "name": "株式会社ハルカゼクラウド",
        "name_en": "Harukaze Cloud Inc.",
        "product_name": "Monorhythm",
        "language": "ja",
        "time_zone": "Asia/Tokyo",
        "country": "JP",
        "fiscal_year_month": 4,
        "currency": "JPY",
        "contact_address": "cs@harukaze.example",
        "privacy_url": "https://harukaze.example/privacy",
        "replay_days": 400,
        **changes,
    }


def test_the_organisation_is_saved(admin: Client) -> None:
    admin.post("/settings/organisation/", organisation_form(time_zone="Asia/Singapore"))
    row = Organisation.objects.get()
    assert (row.product_name, row.time_zone) == ("Monorhythm", "Asia/Singapore")
    assert (row.name_in("en"), row.name_in("ja")) == (row.name_en, row.name)


def test_the_first_administrator_finds_no_organisation_and_makes_it(client: Client) -> None:
    client.force_login(make_user(role="administrator"))
    for page in ("/", "/accounts/", "/settings/", "/settings/organisation/"):
        assert client.get(page).status_code == 200

    client.post("/settings/organisation/", organisation_form())

    assert Organisation.objects.get().name_en == "Harukaze Cloud Inc."


def test_a_time_zone_nobody_knows_is_refused_and_nothing_saved(admin: Client) -> None:
    answer = admin.post("/settings/organisation/", organisation_form(time_zone="Mars/Olympus"))
    assert 'id="id_time_zone_error"' in answer.content.decode()
    assert Organisation.objects.get().time_zone == "Asia/Tokyo"


def test_a_team_is_made_below_another_with_its_members(admin: Client) -> None:
    above, person = Team.objects.get(), make_user()
    form = {"name": "東日本", "name_en": "East", "parent": above.pk, "country": "JP"}
    admin.post("/settings/teams/new/", form | {"members": [person.pk]})
    east = Team.objects.get(name="東日本")
    assert (east.parent, list(east.members.all())) == (above, [person])


def test_a_team_never_stands_below_itself(admin: Client) -> None:
    above = Team.objects.get()
    below = make_team(parent=above, name="下")
    form = {"name": "本社", "parent": below.pk, "country": "JP"}
    answer = admin.post(f"/settings/teams/{above.pk}/", form)
    assert "y-wrong" in answer.content.decode() or "y-callout--wrong" in answer.content.decode()
    above.refresh_from_db()
    assert above.parent is None


def test_a_list_says_in_words_that_nothing_is_chosen(admin: Client) -> None:
    page = admin.get(f"/settings/teams/{make_team().pk}/").content.decode()
    assert "---" not in page
    assert '<option value="" selected>None</option>' in page


def test_a_team_with_accounts_is_not_removed_and_the_page_says_why(admin: Client) -> None:
    team = make_team(name="東日本")
    make_account(team=team)
    answer = admin.post(f"/settings/teams/{team.pk}/delete/", follow=True)
    assert answer.redirect_chain == [("/settings/teams/", 302)]
    assert "The team can&#x27;t be removed" in answer.content.decode()
    assert Team.objects.filter(pk=team.pk).exists()


def test_only_a_team_that_nothing_belongs_to_is_offered_to_be_removed(admin: Client) -> None:
    above, free = make_team(name="上"), make_team(name="空")
    below, past, feeding = make_team(parent=above, name="下"), make_team(), make_team()
    make_account(team=past, archived_at=app_now())
    WriteKey.objects.create(name="k", prefix="k", digest=b"1" * 32, team=feeding)

    page = admin.get("/settings/teams/").content.decode()

    offered = {team.pk for team in Team.objects.all() if f"/teams/{team.pk}/delete/" in page}
    assert {free.pk, below.pk} <= offered
    assert not {above.pk, past.pk, feeding.pk} & offered


def person_form(**changes: object) -> dict[str, object]:
    return {
        "family_name": "佐伯",
        "given_name": "直人",
        "email": "saeki@harukaze.example",
        "role": "member",
        "language": "ja",
        "time_zone": "Asia/Tokyo",
        **changes,
    }


def test_a_colleague_is_added_and_invited_by_mail(admin: Client) -> None:
    team = Team.objects.get()
    admin.post("/settings/people/new/", person_form(teams=[team.pk]))
    saeki = User.objects.get(email="saeki@harukaze.example")
    assert list(saeki.teams.all()) == [team]
    assert [message.to for message in mail.outbox] == [["saeki@harukaze.example"]]


def test_the_same_address_twice_is_refused_beside_the_field(admin: Client) -> None:
    make_user(email="saeki@harukaze.example", username="other")
    page = admin.post("/settings/people/new/", person_form()).content.decode()
    assert 'id="id_email_error"' in page
    assert mail.outbox == []


def test_the_last_administrator_stays_one(admin: Client, administrator: User) -> None:
    form = person_form(email=administrator.email, username=administrator.username, is_active="on")
    page = admin.post(f"/settings/people/{administrator.pk}/", form).content.decode()
    assert 'id="id_role_error"' in page
    administrator.refresh_from_db()
    assert administrator.role == "administrator"


def test_access_stores_only_what_differs_from_the_default(admin: Client) -> None:
    admin.post("/settings/access/", {"member.account.read": "all", "member.account.write": "all"})
    policy = AccessPolicy.objects.get()
    assert (policy.role, policy.kind) == ("member", "account")
    assert (policy.read_scope, policy.write_scope) == ("all", "all")


def test_access_to_change_never_exceeds_access_to_see(admin: Client) -> None:
    admin.post(
        "/settings/access/", {"viewer.contact.read": "own_team", "viewer.contact.write": "all"}
    )
    policy = AccessPolicy.objects.get()
    assert (policy.read_scope, policy.write_scope) == ("own_team", "own_team")


def test_the_access_of_administrators_can_not_be_narrowed(admin: Client) -> None:
    admin.post(
        "/settings/access/",
        {"administrator.account.read": "none", "administrator.account.write": "none"},
    )
    assert not AccessPolicy.objects.exists()
