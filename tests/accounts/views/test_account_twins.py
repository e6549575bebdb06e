"""Whoever adds an account of a name there is already is asked once."""

import pytest

from accounts.models import Account
from tests.accounts.views.test_account_forms import filled
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    return team


def test_an_account_of_a_known_name_is_shown_before_another_is_made(client, team):
    known = make_account(team=team, name="みなと灯物流㈱", name_key="みなと灯物流")
    assert "is_another" not in client.get("/accounts/new/").content.decode()

    response = client.post("/accounts/new/", filled(team))

    page = response.content.decode()
    assert (response.status_code, Account.objects.count()) == (200, 1)
    assert "name" in response.context["form"].errors
    assert f'href="/accounts/{known.pk}/"' in page
    assert 'name="is_another"' in page
    assert client.post("/accounts/new/", filled(team, is_another="on")).status_code == 302
    assert Account.objects.filter(name_key="みなと灯物流").count() == 2


def test_neither_hidden_accounts_nor_other_companies_are_told(client, team):
    make_account(name_key="みなと灯物流")
    make_account(team=team, name_key="みなと灯物流", corporate_number="1180301018771")

    response = client.post("/accounts/new/", filled(team, corporate_number="5010401067252"))

    assert response.status_code == 302
