"""Inlets: the door other systems post to, and the pages administrators see."""

import html
import json
import logging

import pytest
from django.urls import reverse

from accounts.models import Inlet, InletDelivery
from accounts.services.inlets.acceptance import open_inlet
from accounts.services.inlets.addresses import revoke_inlet, rotate_inlet
from config.lib.clock import app_now
from config.lib.problems import Problem
from tests.accounts.inlets import (
    company,
    hexadecimal_signature,
    make_delivery,
    make_inlet,
    open_an_inlet,
    send,
    standard_signature,
    take_in,
)
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
BODY = json.dumps(company("c-7", "秘密の客")).encode()


@pytest.fixture(autouse=True)
def organisation(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_organisation()


@pytest.fixture
def admin(client):
    user = make_user(role="administrator", team=make_team())
    user.set_password("a-long-pass-phrase")
    user.save()
    client.force_login(user)
    client.post("/auth/reauthenticate/", {"password": "a-long-pass-phrase"})
    return user


def post(client, key, body=BODY, **headers):
    address = reverse("accounts:inlet_door", args=[key])
    return client.post(address, body, content_type="application/json", headers=headers)


def signed(opened, body=BODY, message_id="msg_1", at=None):
    at = str(int(at or app_now().timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": standard_signature(body, opened.secret, message_id, at),
    }


def test_a_signed_body_is_taken_at_once_and_the_same_one_once(client):
    opened = open_an_inlet()

    answers = [post(client, opened.key, **signed(opened)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json() == {"id": InletDelivery.objects.get().pk}


def test_a_signature_as_github_writes_it_is_taken_from_the_header_that_was_chosen(client):
    opened = open_an_inlet(signature_header="X-Hub-Signature-256")
    signature = "sha256=" + hexadecimal_signature(BODY, opened.secret)

    assert post(client, opened.key, **{"X-Hub-Signature-256": signature}).status_code == 202
    assert post(client, opened.key, **{"webhook-signature": signature}).status_code == 401


def test_a_wrong_missing_or_old_signature_is_refused_and_nothing_kept(client):
    opened, other = open_an_inlet(), open_an_inlet()
    hour_ago = app_now().timestamp() - 3600

    answers = [
        post(client, opened.key),
        post(client, opened.key, **signed(other)),
        post(client, opened.key, **signed(opened, at=hour_ago)),
        post(client, opened.key, body=BODY + b" ", **signed(opened)),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    assert {answer.json()["code"] for answer in answers} == {"bad_signature"}
    assert not InletDelivery.objects.exists()


def test_an_unsigned_inlet_asks_for_no_signature(client):
    assert post(client, open_an_inlet(is_signed=False).key).status_code == 202


def test_revoked_rotated_and_invented_addresses_answer_alike(client):
    revoked, rotated = open_an_inlet(is_signed=False), open_an_inlet(is_signed=False)
    revoke_inlet(inlet=revoked.inlet, at=app_now())
    new = rotate_inlet(inlet=rotated.inlet)

    answers = [post(client, key) for key in (revoked.key, rotated.key, "invented")]

    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, answers[0].content)
    }
    assert post(client, new.key).status_code == 202


def test_an_invented_address_costs_what_a_real_one_costs(django_assert_num_queries, monkeypatch):
    opened, reckoned, at = open_an_inlet(), [], app_now()
    told = "accounts.services.inlets.acceptance.is_signed"
    monkeypatch.setattr(told, lambda body, **said: reckoned.append(said) or False)

    for key in (opened.key, "invented"):
        with django_assert_num_queries(1), pytest.raises(Problem):
            open_inlet(key=key, body=BODY, headers={}, at=at)

    assert len(reckoned) == 2


def test_limits_are_answered_for_good(client, settings):
    settings.INLET_MAX_BODY_BYTES = 100
    opened = open_an_inlet(is_signed=False)

    assert post(client, opened.key, b"x" * 101).status_code == 413
    answer = post(client, opened.key, b"{")
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_body")
    assert client.get(reverse("accounts:inlet_door", args=[opened.key])).status_code == 405


def test_too_many_requests_are_held_back(client, settings):
    settings.INLET_REQUESTS_PER_MINUTE = 1
    opened = open_an_inlet(is_signed=False)

    answers = [post(client, opened.key) for _ in range(3)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


def test_neither_body_nor_key_is_logged(client, caplog):
    opened = open_an_inlet()
    with caplog.at_level(logging.DEBUG):
        post(client, opened.key)
        post(client, opened.key, **signed(opened))
        take_in()

    assert "秘密の客" not in caplog.text
    assert opened.key not in caplog.text


def test_address_and_secret_are_shown_once(client, admin):
    form = {
        "name": "HubSpot",
        "kind": "accounts",
        "owner": admin.pk,
        "is_signed": "on",
        "signature_header": "webhook-signature",
    }
    shown = client.post(reverse("accounts:inlet_new"), form)
    inlet, opened = Inlet.objects.get(), shown.context["made"]

    assert opened.key in shown.text
    assert opened.secret in html.unescape(shown.text)
    for name in ("inlet_detail", "inlet_edit", "inlet_rotate"):
        assert opened.key not in client.get(reverse(f"accounts:{name}", args=[inlet.pk])).text
    assert opened.key not in client.get(reverse("accounts:inlet_list")).text
    rotated = client.post(reverse("accounts:inlet_rotate", args=[inlet.pk]))
    assert rotated.context["made"].key != opened.key
    assert post(client, opened.key).status_code == 404


def test_where_the_fields_stand_is_said_on_a_form(client, admin):
    inlet = make_inlet(columns={}, owner=admin)
    address = reverse("accounts:inlet_edit", args=[inlet.pk])
    form = {
        "name": inlet.name,
        "owner": admin.pk,
        "records_path": "$",
        "is_signed": "on",
        "signature_header": "webhook-signature",
        "column-external_id": "objectId",
        "column-name": "properties.name",
    }

    refused = client.post(address, form | {"column-external_id": ""})
    saved = client.post(address, form)

    assert refused.status_code == 200
    assert saved.status_code == 302
    inlet.refresh_from_db()
    assert inlet.columns == {"external_id": "objectId", "name": "properties.name"}
    assert 'value="objectId"' in client.get(address).text


def test_revoking_asks_first(client, admin):
    inlet = make_inlet()
    address = reverse("accounts:inlet_revoke", args=[inlet.pk])

    assert "Revoke" in client.get(address).text
    inlet.refresh_from_db()
    assert inlet.revoked_at is None
    client.post(address)
    inlet.refresh_from_db()
    assert inlet.revoked_at is not None


def test_making_and_rotating_ask_again_who_it_is(client):
    client.force_login(make_user(role="administrator"))
    inlet = make_inlet()

    for address in (
        reverse("accounts:inlet_new"),
        reverse("accounts:inlet_edit", args=[inlet.pk]),
        reverse("accounts:inlet_rotate", args=[inlet.pk]),
    ):
        assert client.get(address).status_code == 302


def test_errors_are_told_by_record_and_field_and_replayed(client, admin):
    inlet = make_inlet(records_path="$", owner=admin)
    delivery = send(inlet, [company("c-1"), {"id": "c-2"}])
    take_in()
    address = reverse("accounts:delivery_detail", args=[delivery.pk])

    page = client.get(address)
    assert [(fault.row, fault.column) for fault in page.context["faults"]] == [(3, "name")]
    assert '<td class="y-num">2</td><td>Formal name</td>' in page.text
    assert "青嶺精機" in page.text
    assert "With errors" in client.get(reverse("accounts:inlet_detail", args=[inlet.pk])).text
    delivery.refresh_from_db()
    origin = client.get(reverse("accounts:import_detail", args=[delivery.run_id])).text
    assert reverse("accounts:inlet_detail", args=[inlet.pk]) in origin

    client.post(reverse("accounts:delivery_replay", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.opened_at is None
    assert "Take in again" not in client.get(address).text


def test_a_list_of_deliveries_costs_the_same_for_one_and_for_many(
    client, admin, django_assert_max_num_queries
):
    inlet = make_inlet(owner=admin)
    address = reverse("accounts:inlet_detail", args=[inlet.pk])
    counts = []
    for number in range(7):
        send(inlet, company(f"c-{number}"))
        take_in()
        with django_assert_max_num_queries(60) as asked:
            client.get(address)
        counts.append(len(asked))

    assert counts[1] == counts[-1]


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
def test_inlets_are_for_administrators(client, role):
    client.force_login(make_user(role=role, team=make_team()))
    inlet = make_inlet()
    delivery = make_delivery(inlet)

    addresses = [
        reverse("accounts:inlet_list"),
        reverse("accounts:inlet_detail", args=[inlet.pk]),
        reverse("accounts:delivery_detail", args=[delivery.pk]),
    ]

    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.post(
        reverse("accounts:delivery_replay", args=[delivery.pk])
    ).status_code == 403  # fmt: skip
