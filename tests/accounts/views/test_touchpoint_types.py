import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Touchpoint, TouchpointType
from accounts.selectors.touchpoint_types import read_touchpoint_types
from accounts.services.touchpoint_types import archive_touchpoint_type, write_touchpoint_type
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db
LIST = "/settings/touchpoint-types/"
AUDIT = {
    "label_ja": "現地監査",
    "label_en": "On-site audit",
    "icon": "report",
    "direction": "two_way",
    "duration_minutes": "90",
}


@pytest.fixture
def admin_client(client):
    client.force_login(make_user(role="administrator", language="en"))
    return client


@pytest.fixture
def account(client):
    team = make_team()
    client.force_login(make_user(team=team, language="en"))
    return make_account(team=team)


def audit():
    fields = {**AUDIT, "duration_minutes": 90}
    return write_touchpoint_type(at=app_now(), **fields).key


def post(client, name, key, **values):
    return client.post(reverse(f"accounts:touchpoint_type_{name}", args=[key]), values)


def order():
    return [one.key for one in read_touchpoint_types() if not one.is_archived]


def test_types_are_added_renamed_moved_archived_and_restored_on_the_page(admin_client):
    admin_client.post(f"{LIST}new/", AUDIT)
    assert "On-site audit" in admin_client.get(LIST).content.decode()

    changed = {**AUDIT, "label_ja": "お電話", "label_en": "Ring"}
    admin_client.post(f"{LIST}call/", changed)
    post(admin_client, "move", "call", way="earlier")
    page = admin_client.get(LIST).content.decode()
    assert order().index("call") == 3
    assert ("Ring" in page, "Restore original" in page) == (True, True)
    post(admin_client, "restore", "call")
    post(admin_client, "archive", "on_site_audit")

    assert "Ring" not in admin_client.get(LIST).content.decode()
    assert "on_site_audit" not in order()
    post(admin_client, "unarchive", "on_site_audit")
    assert order()[-1] == "on_site_audit"


def test_a_fault_stands_beside_its_field_and_keeps_what_was_typed(admin_client):
    answer = admin_client.post(f"{LIST}new/", {**AUDIT, "label_en": "Visit"})

    assert "label_en" in answer.context["form"].errors
    assert "現地監査" in answer.content.decode()
    assert not TouchpointType.objects.exists()


def test_internal_notes_are_renamed_but_keep_their_direction(admin_client):
    assert "direction" not in admin_client.get(f"{LIST}internal_note/").context["form"].fields

    admin_client.post(f"{LIST}internal_note/", {**AUDIT, "direction": "two_way"})

    row = TouchpointType.objects.get()
    assert (row.label_en, row.direction) == ("On-site audit", "")


def test_only_administrators_change_types_and_everybody_reads_them(client):
    client.force_login(make_user(language="en"))

    page = client.get(LIST).content.decode()
    assert ("Visit" in page, "Archive" in page) == (True, False)
    assert client.post(f"{LIST}new/", AUDIT).status_code == 403
    for name in ("edit", "move", "archive", "unarchive", "restore"):
        assert post(client, name, "call").status_code == 403
    assert not TouchpointType.objects.exists()


def test_a_type_nobody_knows_has_no_page(admin_client):
    assert admin_client.get(f"{LIST}seance/").status_code == 404
    for name in ("move", "archive", "unarchive", "restore"):
        assert post(admin_client, name, "seance").status_code == 404
    assert post(admin_client, "restore", audit()).status_code == 404


def test_a_talk_of_an_own_type_takes_its_usual_direction_and_minutes(client, account):
    key = audit()
    form = client.get(f"/touchpoints/new/?account={account.pk}").context["form"]
    assert (key, "On-site audit") in form.fields["type"].choices
    typed = {"accounts": [account.pk], "type": key, "occurred_at": "2026-06-01T10:00"}

    client.post("/touchpoints/new/", {**typed, "subject": "Audit", "visibility": "account"})

    talk = Touchpoint.objects.get()
    assert (talk.type, talk.direction, talk.duration_minutes) == (key, "two_way", 90)
    assert "On-site audit" in client.get(f"/touchpoints/{talk.pk}/").content.decode()
    assert "On-site audit" in client.get(f"/accounts/{account.pk}/").content.decode()


def test_the_form_offers_an_archived_type_only_to_a_talk_that_has_it(client, account):
    talk = make_touchpoint(account=account, type="training")
    archive_touchpoint_type(key="training", at=app_now())

    new = client.get(f"/touchpoints/new/?account={account.pk}").context["form"]
    old = client.get(f"/touchpoints/{talk.pk}/edit/").context["form"]

    assert "training" not in dict(new.fields["type"].choices)
    assert "training" in dict(old.fields["type"].choices)
    assert old["type"].value() == "training"


def test_lists_and_their_filter_name_the_types_also_archived_ones(client, account):
    key = audit()
    make_touchpoint(account=account, type=key, subject="The audit")
    make_touchpoint(account=account, subject="The call")
    archive_touchpoint_type(key=key, at=app_now())

    page = client.get(f"/touchpoints/?type={key}").content.decode()

    assert ("On-site audit" in page, "The audit" in page) == (True, True)
    assert "The call" not in page


@pytest.mark.parametrize(
    "address", ["/touchpoints/", "/accounts/{account}/", "/contacts/{person}/"]
)
def test_seven_talks_of_seven_types_cost_as_many_queries_as_one(client, account, address):
    person = make_contact(account=account)
    address = address.format(account=account.pk, person=person.pk)
    audit()

    def add(kind):
        make_touchpoint(account=account, type=kind, direction="inbound").contacts.add(person)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        types = [one for one in asked if "accounts_touchpointtype" in one["sql"]]
        return len(asked), len(types)

    add("call")
    count()
    one, types = count()
    for kind in ("visit", "mail", "chat", "training", "event", "on_site_audit"):
        add(kind)
    assert count() == (one, types)
    assert types == 1
