import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import MinutesTemplate, Touchpoint
from accounts.selectors.minutes import minutes_templates, shipped_minutes
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db

TEXTS = {"type": "call", "name": "Our call", "purpose": "", "body": "Why:\n", "decisions": ""}


@pytest.fixture
def admin_client(client):
    client.force_login(make_user(role="administrator", language="en"))
    return client


def test_every_shipped_template_is_complete_in_both_languages():
    found = {}
    for language in ("en", "ja"):
        with translation.override(language):
            found[language] = {row.key: row for row in shipped_minutes()}

    assert found["en"].keys() == found["ja"].keys()
    assert len(found["en"]) >= 6
    for key, english in found["en"].items():
        assert english.body
        assert found["ja"][key].body != english.body
        assert bool(english.purpose) == bool(found["ja"][key].purpose)


def test_a_shipped_template_is_changed_and_goes_back_to_its_original(admin_client):
    address = reverse("accounts:minutes_edit", args=["call"])

    admin_client.post(address, TEXTS)
    changed = next(row for row in minutes_templates() if row.key == "call")
    admin_client.post(reverse("accounts:minutes_drop", args=["call"]))
    original = next(row for row in minutes_templates() if row.key == "call")

    assert (changed.name, changed.is_own, changed.is_shipped) == ("Our call", True, True)
    assert (original.name, original.is_own) == ("Call", False)


def test_a_team_writes_templates_of_its_own(admin_client):
    admin_client.post(reverse("accounts:minutes_new"), {**TEXTS, "name": "朝会"})

    page = admin_client.get(reverse("accounts:minutes_list")).content.decode()

    assert MinutesTemplate.objects.get().name == "朝会"
    assert "your own" in page


def test_only_administrators_write_templates(client):
    client.force_login(make_user())

    assert client.post(reverse("accounts:minutes_new"), TEXTS).status_code == 403
    assert client.post(reverse("accounts:minutes_drop", args=["call"])).status_code == 403
    assert MinutesTemplate.objects.count() == 0


def test_a_template_fills_what_is_empty_and_saves_nothing(client):
    team = make_team()
    account = make_account(team=team)
    client.force_login(make_user(team=team, language="en"))
    asked = {
        "accounts": account.pk,
        "type": "call",
        "template": "kick_off",
        "purpose": "My own purpose",
        "do": "fill",
    }

    page = client.post(f"/touchpoints/new/?account={account.pk}", asked).content.decode()

    assert "■ Schedule until go-live" in page
    assert "My own purpose" in page
    assert "Agree on goals" not in page
    assert Touchpoint.objects.count() == 0


def test_the_templates_of_the_type_come_first(client):
    team = make_team()
    account = make_account(team=team)
    client.force_login(make_user(team=team, language="en"))

    page = client.get(f"/touchpoints/new/?account={account.pk}")

    assert page.context["form"].fields["template"].choices[1][0] == "call"
