"""What an operator does with our own house goes through the services, or is only read."""

import pytest

from accounts.models import AccessPolicy, AttributeDefinition, FxRate, Organisation
from accounts.services.attribute_definitions import declare_attribute
from tests.factories import (
    make_account,
    make_contract,
    make_organisation,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    make_organisation()
    client.force_login(make_user(role="administrator", is_staff=True, is_superuser=True))
    return client


def test_no_operator_gives_the_organisation_a_zone_that_stops_every_page(operator):
    page = "/admin/accounts/organisation/1/change/"
    shown = operator.get(page).context["adminform"].form.initial
    values = {name: value for name, value in shown.items() if value is not None}

    refused = operator.post(page, values | {"time_zone": "Mars/Olympus"})
    taken = operator.post(page, values | {"name": "株式会社春風", "time_zone": "Asia/Seoul"})

    assert refused.status_code == 200
    assert taken.status_code == 302
    row = Organisation.objects.get()
    assert (row.name, row.time_zone) == ("株式会社春風", "Asia/Seoul")


def test_access_is_read_there_and_changed_on_its_page(operator):
    AccessPolicy.objects.create(role="member", kind="account", read_scope="all", write_scope="none")
    lockout = {"role": "administrator", "kind": "account", "read_scope": "none",
               "write_scope": "none"}  # fmt: skip

    answer = operator.post("/admin/accounts/accesspolicy/add/", lockout)

    assert answer.status_code == 403
    assert operator.get("/admin/accounts/accesspolicy/").status_code == 200
    assert AccessPolicy.objects.count() == 1


def test_attributes_are_read_there_and_declared_on_their_page(operator):
    row = declare_attribute(key="plan", kind="number", label_en="Plan", label_ja="プラン")
    page = f"/admin/accounts/attributedefinition/{row.pk}/change/"

    answer = operator.post(page, {"label_en": "Plan", "label_ja": "プラン", "expression": "arr +"})

    assert operator.get(page).status_code == 200
    assert answer.status_code == 403
    assert AttributeDefinition.objects.get().expression == ""


def test_a_rate_brings_the_accounts_in_step(operator):
    account = make_account(team=make_team())
    for currency, arr in (("JPY", 100), ("GBP", 4)):
        make_contract(account=account, currency=currency, arr=arr)

    operator.post(
        "/admin/accounts/fxrate/add/", {"currency": "GBP", "on": "2020-01-01", "rate": "200"}
    )

    account.refresh_from_db()
    assert FxRate.objects.get().rate == 200
    assert account.arr == 900
