"""Inlets and their deliveries over REST."""

import pytest
from rest_framework.test import APIClient

from accounts.models import Inlet, InletEvent
from accounts.services.inlets.addresses import find_inlet
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from tests.accounts.inlets import COLUMNS, company, make_inlet, send, take_in
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
INLETS, DELIVERIES = "/api/v1/inlets/", "/api/v1/inlet-deliveries/"


@pytest.fixture(autouse=True)
def organisation(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_organisation()


def bearer(role="administrator", scopes=("read", "write", "admin")):
    user = make_user(role=role, team=make_team())
    made = create_api_token(user=user, name="t", scopes=list(scopes), at=app_now())
    return user, APIClient(HTTP_AUTHORIZATION=f"Bearer {made.text}")


def test_an_inlet_is_made_changed_rotated_and_revoked():
    user, client = bearer()
    values = {"name": "CRM", "kind": "accounts", "owner": user.pk, "columns": COLUMNS}

    made = client.post(INLETS, values, format="json")

    assert made.status_code == 201, made.content
    told = made.json()
    assert told["secret"].startswith("whsec_")
    key = told["address"].rstrip("/").rpartition("/")[2]
    assert find_inlet(key=key).pk == told["id"]
    one = f"{INLETS}{told['id']}/"
    shown = client.get(one).json()
    assert (shown["address"], shown["secret"], shown["columns"]) == (None, None, COLUMNS)
    changed = client.patch(one, {"records_path": "data.items"}, format="json")
    assert changed.json()["records_path"] == "data.items"
    rotated = client.post(f"{one}rotate/").json()
    assert rotated["address"] != told["address"]
    assert find_inlet(key=key) is None
    assert client.delete(one).status_code == 204
    assert client.post(f"{one}rotate/").status_code == 409
    assert Inlet.objects.get().revoked_at is not None
    assert InletEvent.objects.filter(pgh_obj_id=told["id"]).count() == 4


def test_what_does_not_hold_is_refused_by_its_member():
    user, client = bearer()
    values = {"name": "CRM", "kind": "accounts", "owner": user.pk, "columns": {"none": "x"}}

    refused = client.post(INLETS, values, format="json")

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"].startswith("/columns")


def test_deliveries_tell_their_errors_and_are_replayed():
    _, client = bearer()
    delivery = send(make_inlet(), company("c-1", name=""))
    take_in()

    shown = client.get(f"{DELIVERIES}{delivery.pk}/").json()

    assert (shown["state"], shown["has_body"]) == ("failed", True)
    assert [(e["row"], e["column"]) for e in shown["errors"]] == [(2, "name")]
    assert "body" not in shown
    replayed = client.post(f"{DELIVERIES}{delivery.pk}/replay/")
    assert (replayed.status_code, replayed.json()["state"]) == (200, "waiting")
    assert client.post(f"{DELIVERIES}{delivery.pk}/replay/").status_code == 409


@pytest.mark.parametrize("role", ["manager", "member", "viewer"])
def test_nobody_else_reads_them(role):
    _, client = bearer(role)

    assert {client.get(address).status_code for address in (INLETS, DELIVERIES)} == {403}


def test_a_token_that_only_writes_makes_none():
    user, client = bearer(scopes=("read", "write"))
    values = {"name": "CRM", "kind": "accounts", "owner": user.pk}

    assert client.post(INLETS, values, format="json").status_code == 403
