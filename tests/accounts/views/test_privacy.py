"""The pages of privacy: find a person, take everything out, erase, and say how long is kept."""

import io
import json
import zipfile
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import Contact, Erasure, Export, RetentionRule
from accounts.services.exports.runs import run_due_export
from accounts.services.outbox import person_key_of
from accounts.services.privacy.erasure import run_due_erasure
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def person():
    contact = make_contact(account=make_account(name="青嶺精機"), family_name="鯨岡")
    Contact.objects.filter(pk=contact.pk).update(person_key=person_key_of(contact.email))
    contact.refresh_from_db()
    make_touchpoint(account=contact.account, body="=2+3 といった話").contacts.add(contact)
    return contact


@pytest.fixture
def officer(client):
    user = make_user(role="privacy_officer")
    client.force_login(user)
    return user


def confirm(client):
    data = urlencode({"password": PASSWORD})
    address = reverse("account_reauthenticate")
    client.post(address, data, content_type="application/x-www-form-urlencoded")


def test_a_person_is_found_by_address_with_what_is_known_everywhere(client, officer, person):
    answer = client.get(reverse("accounts:privacy"), {"email": person.email.upper()}, follow=True)

    shown = answer.content.decode()
    assert "青嶺精機" in shown
    assert "Touchpoints they attended" in shown


def test_an_address_nobody_has_says_so(client, officer):
    shown = client.get(reverse("accounts:privacy"), {"email": "a@b.example"}).content.decode()
    assert "Nobody with this mail address is known." in shown


def test_everything_about_a_person_comes_as_a_bundle_after_showing_who_you_are(
    client, officer, person
):
    address = reverse("accounts:privacy_export", args=[person.pk])
    assert "reauthenticate" in client.post(address)["Location"]
    assert not Export.objects.exists()
    confirm(client)

    answer = client.post(address)
    run_due_export(at=app_now())

    file = b"".join(client.get(f"{answer['Location']}file/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(file)) as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        talks = bundle.read("touchpoints.csv").decode("utf-8-sig")
    assert manifest["tables"]["contacts"]["rows"] == 1
    assert "'=2+3 といった話" in talks


def test_erasing_asks_who_you_are_and_whether_you_are_certain(client, officer, person):
    address = reverse("accounts:privacy_erase", args=[person.pk])
    assert "reauthenticate" in client.post(address, {"is_certain": "on"})["Location"]
    confirm(client)
    Erasure.objects.all().delete()
    assert client.post(address, {}).status_code == 200
    assert not Erasure.objects.exists()

    client.post(address, {"is_certain": "on", "reference": "P-12"})
    run_due_erasure(at=app_now())

    person.refresh_from_db()
    assert person.family_name == ""
    shown = client.get(reverse("accounts:privacy")).content.decode()
    assert "P-12" in shown
    assert "Erased" in shown


@pytest.mark.parametrize("name", ["privacy", "retention"])
def test_others_do_not_get_here(client, name):
    client.force_login(make_user(team=make_team(), role="manager"))
    assert client.get(reverse(f"accounts:{name}")).status_code == 403


def test_periods_are_set_on_a_page_that_says_what_goes(client, officer):
    address = reverse("accounts:retention")
    shown = client.get(address).content.decode()
    assert "Everything is kept." in shown
    fields = {"mail_bodies": 90, "jobs": 365, "health_runs": 30, "events": 400}

    answer = client.post(address, fields)

    assert answer.status_code == 302, answer.content.decode()
    assert dict(RetentionRule.objects.values_list("key", "days"))["mail_bodies"] == 90
    refused = client.post(address, {**fields, "mail_bodies": 2})
    assert "30" in refused.content.decode()
    assert refused.status_code == 200


def test_the_api_erases_for_who_answers_for_privacy_only(api, person):
    member = make_user(team=person.account.team)
    assert api(member).post("/api/v1/erasures/", {"contact": person.pk}).status_code == 403

    client = api(make_user(role="privacy_officer"))
    unsure = client.post("/api/v1/erasures/", {"contact": person.pk})
    assert (unsure.status_code, unsure.data["code"]) == (403, "confirmation_required")
    assert not Erasure.objects.exists()
    confirm(client)
    made = client.post("/api/v1/erasures/", {"contact": person.pk, "reference": "P-9"})
    run_due_erasure(at=app_now())

    assert made.status_code == 202, made.data
    done = client.get(f"/api/v1/erasures/{made.data['id']}/").data
    assert (done["state"], done["reference"]) == ("done", "P-9")
    person.refresh_from_db()
    assert person.email == ""
    assert api(member).get("/api/v1/erasures/").data["results"] == []


def test_the_api_takes_a_person_out_for_who_answers_for_privacy_only(api, person):
    address = "/api/v1/exports/person/"
    member = make_user(team=person.account.team)
    assert api(member).post(address, {"contact": person.pk}).status_code == 403
    client = api(make_user(role="privacy_officer"))
    assert client.post(address, {"contact": person.pk}).status_code == 403
    confirm(client)

    made = client.post(address, {"contact": person.pk})
    run_due_export(at=app_now())

    assert made.status_code == 202, made.data
    assert Export.objects.get().rows > 1
    assert client.post(address, {"contact": 10**9}).status_code == 404
