import pytest

from accounts.models import TouchExpectation
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_administrators_change_what_a_touch_model_demands(client):
    make_organisation()
    client.force_login(make_user(role="administrator"))

    client.post(
        "/settings/touch-models/low/",
        {"cadence_days": "60", "near_cadence_days": "20", "required_roles": ["champion"]},
    )

    row = TouchExpectation.objects.get()
    assert (row.cadence_days, row.onboarding_cadence_days, row.required_roles) == (
        60,
        None,
        ["champion"],
    )
    assert "changes tomorrow" in client.get("/settings/touch-models/").content.decode()


@pytest.mark.parametrize("role", ["member", "manager"])
def test_others_read_them(client, role):
    client.force_login(make_user(role=role))

    assert client.get("/settings/touch-models/").status_code == 200
    assert client.get("/settings/touch-models/low/").status_code == 403
    assert client.get("/settings/touch-models/none/").status_code == 404
