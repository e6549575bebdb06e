import pytest
from django.utils import translation

from accounts.models import Account
from accounts.registry.fields import field_of
from scoring.models import HealthCurrent
from tests.factories import make_account, make_user
from tests.scoring.factories import NOON

pytestmark = pytest.mark.django_db

LIGHT = "health.light"


def in_band(band):
    account = make_account()
    HealthCurrent.objects.create(
        account=account, band=band, coverage=1, confidence=90, kind="official"
    )
    return account


@pytest.mark.parametrize(
    ("band", "light"),
    [
        ("critical", "red"),
        ("at_risk", "yellow"),
        ("steady", "green"),
        ("expansion", "green"),
        ("not_enough_data", "not_enough_data"),
    ],
)
def test_bands_are_three_classes_for_who_wants_no_more(band, light):
    account = in_band(band)

    found = Account.objects.with_fields(LIGHT, at=NOON).get(pk=account.pk)

    assert found.health_light == light


def test_an_account_nobody_computed_yet_is_in_none_of_the_three():
    make_account()

    assert Account.objects.with_fields(LIGHT, at=NOON).get().health_light == "not_enough_data"


def test_the_list_and_rest_are_asked_by_class(client, api):
    red, green = in_band("critical"), in_band("expansion")

    admin = make_user(role="administrator")
    client.force_login(admin)
    page = client.get("/accounts/", {LIGHT: "green"})
    row = api(admin).get(f"/api/v1/accounts/{red.pk}/").json()

    assert [account for account, *_ in page.context["rows"]] == [green]
    assert row["health"]["light"] == "red"


def test_steady_and_expansion_together_are_called_healthy():
    words = dict(field_of(LIGHT).choices())

    assert str(words["green"]) == "Green: healthy"
    with translation.override("ja"):
        assert str(words["green"]) == "緑(健全)"
