"""Numbers that people type in."""

import pytest
from django.urls import reverse

from config.lib.clock import app_now
from scoring.models import Measurement
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.scoring.factories import make_measurement

pytestmark = pytest.mark.django_db
NEW = "/measurements/new/"


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    return team


def filled(customer, **changes):
    values = {
        "account": f"{customer.name} #{customer.pk}",
        "key": "open_orders",
        "value": "12.5",
        "measured_at": "2026-06-01T09:30",
    }
    return values | changes


def test_a_number_is_typed_in_and_taken_back_by_the_toast(client, team):
    account = make_account(team=team)

    page = client.post(f"{NEW}?account={account.pk}", filled(account), follow=True)

    row = Measurement.objects.get()
    assert (row.account, row.key, row.value, row.retracted_at) == (
        account,
        "open_orders",
        12.5,
        None,
    )
    assert page.redirect_chain[-1][0] == f"/accounts/{account.pk}/"
    undo = reverse("scoring:measurement_retract", args=[row.pk])
    assert undo in page.text
    client.post(undo)
    row.refresh_from_db()
    assert row.retracted_at is not None


def test_the_list_and_the_account_lead_to_the_form(client, team):
    account = make_account(team=team)
    make_measurement(account=account)

    assert f'href="{NEW}"' in client.get("/measurements/").text
    assert f"{NEW}?account={account.pk}" in client.get(f"/accounts/{account.pk}/").text
    assert f"#{account.pk}" in client.get(f"{NEW}?account={account.pk}").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "much"}, "value"),
        ({"value": "nan"}, "value"),
        ({"key": "open orders"}, "key"),
        ({"measured_at": "2999-01-01T00:00"}, "measured_at"),
        ({"account": "nobody"}, "account"),
    ],
)
def test_what_can_not_be_is_told_beside_its_field(client, team, changes, field):
    page = client.post(NEW, filled(make_account(team=team), **changes))

    assert field in page.context["form"].errors
    assert not Measurement.objects.exists()


def test_nothing_is_noted_at_an_account_nobody_shows(client, team):
    foreign, gone = make_account(), make_account(team=team, archived_at=app_now())

    for account in (foreign, gone):
        assert client.get(f"{NEW}?account={account.pk}").status_code == 404
        assert "account" in client.post(NEW, filled(account)).context["form"].errors


def test_a_viewer_adds_none(client, team):
    client.force_login(make_user(team=team, role="viewer"))

    assert client.get(NEW).status_code == 403
    assert f'href="{NEW}"' not in client.get("/measurements/").text
