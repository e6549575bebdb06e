"""Types of talks and templates for minutes are kept over the API by who keeps their pages."""

import pytest

from accounts.models import MinutesTemplate, TouchpointType
from tests.factories import make_account, make_organisation, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db
TYPES = "/api/v1/touchpoint-types/"
MINUTES = "/api/v1/minutes-templates/"
TOUR = {"label_ja": "工場見学", "label_en": "Factory tour", "icon": "users"}
REVIEW = {"type": "visit", "name": "訪問の記録", "body": "■ 議題"}


@pytest.fixture
def boss(api):
    make_organisation()
    return api(make_user(role="administrator"))


def keys(client, address=TYPES):
    return [row["key"] for row in client.get(address).json()["results"]]


def test_a_type_is_added_changed_and_offered_no_more(boss):
    made = boss.post(TYPES, {**TOUR, "direction": "two_way", "duration_minutes": 90})
    address = f"{TYPES}{made.json()['key']}/"

    changed = boss.patch(address, {"label_en": "Plant tour", "is_archived": True})

    assert (made.status_code, made.json()["key"]) == (201, "factory_tour")
    assert changed.json() == made.json() | {"label_en": "Plant tour", "is_archived": True}
    assert boss.get(address).json() == changed.json()
    assert boss.patch(address, {"is_archived": False}).json()["is_archived"] is False


def test_a_type_is_added_once_for_one_key(boss):
    same = {"headers": {"Idempotency-Key": "a"}}

    first, again = (boss.post(TYPES, TOUR, **same) for _ in range(2))

    assert first.json() == again.json()
    assert TouchpointType.objects.count() == 1


def test_a_shipped_type_goes_back_to_its_original(boss):
    before = boss.get(f"{TYPES}call/").json()

    changed = boss.patch(f"{TYPES}call/", {"label_en": "Ring", "duration_minutes": 15})
    back = boss.post(f"{TYPES}call/original/")
    own = boss.post(TYPES, TOUR).json()["key"]

    assert (changed.json()["is_changed"], changed.json()["label_en"]) == (True, "Ring")
    assert (back.status_code, back.json()) == (200, before)
    assert boss.post(f"{TYPES}{own}/original/").json()["code"] == "not_shipped"


def test_a_type_moves_by_one_place(boss):
    first, second, *_more = keys(boss)

    moved = boss.post(f"{TYPES}{second}/move/", {"earlier": True})

    assert [row["key"] for row in moved.json()["results"]][:2] == keys(boss)[:2] == [second, first]
    assert boss.post(f"{TYPES}{second}/move/", {}).status_code == 400


@pytest.mark.parametrize(
    ("address", "body", "pointer", "code"),
    [
        (f"{TYPES}call/", {"label_en": "Visit"}, "/label_en", "type_name_taken"),
        (f"{TYPES}call/", {"label_ja": ""}, "/label_ja", "invalid"),
        (f"{TYPES}call/", {"direction": "internal"}, "/direction", "note_stays_internal"),
        (f"{TYPES}internal_note/", {"direction": "two_way"}, "/direction", "note_stays_internal"),
        (f"{TYPES}call/", {"duration_minutes": 0}, "/duration_minutes", "invalid"),
        (f"{MINUTES}regular_meeting/", {"type": "seance"}, "/type", "invalid"),
        (f"{MINUTES}regular_meeting/", {"name": ""}, "/name", "invalid"),
    ],
)
def test_what_can_not_be_is_refused_by_its_place(boss, address, body, pointer, code):
    answer = boss.patch(address, body)

    assert answer.status_code in (400, 409)
    assert (answer.json()["errors"][0]["pointer"], answer.json()["code"]) == (pointer, code)
    assert not TouchpointType.objects.exists()
    assert not MinutesTemplate.objects.exists()


def test_a_setting_is_sent_back_as_it_was_read(boss):
    for address in (f"{TYPES}internal_note/", f"{TYPES}call/", f"{MINUTES}regular_meeting/"):
        seen = boss.get(address).json()
        again = boss.patch(address, seen)

        assert again.status_code == 200
        assert {**again.json(), "is_own": False} == {**seen, "is_own": False}


@pytest.mark.parametrize(
    ("address", "body"),
    [(f"{TYPES}call/", {"label_en": "A"}), (f"{MINUTES}regular_meeting/", {"name": "A"})],
)
def test_who_was_first(boss, address, body):
    seen = boss.get(address)["ETag"]

    first = boss.patch(address, body, headers={"If-Match": seen})
    late = boss.patch(address, body, headers={"If-Match": seen})

    assert (first.status_code, late.status_code) == (200, 412)
    assert boss.get(address)["ETag"] == first["ETag"] != seen


def test_a_template_is_written_hidden_and_removed(boss):
    made = boss.post(MINUTES, REVIEW)
    address = f"{MINUTES}{made.json()['key']}/"

    hidden = boss.patch(address, {"is_hidden": True})
    gone = boss.delete(address)

    assert made.status_code == 201
    assert (made.json()["is_own"], made.json()["is_shipped"]) == (True, False)
    assert hidden.json() == made.json() | {"is_hidden": True}
    assert gone.status_code == 204
    assert boss.get(address).status_code == 404


def test_a_shipped_template_is_stood_in_for_and_comes_back(boss):
    address = f"{MINUTES}regular_meeting/"
    before = boss.get(address).json()

    changed = boss.patch(address, {"name": "週次"})
    kept = boss.delete(address)
    back = boss.post(f"{address}original/")

    assert changed.json() == before | {"name": "週次", "is_own": True}
    assert (kept.status_code, kept.json()["code"]) == (409, "shipped_stays")
    assert back.json() == boss.get(address).json() == before


def test_there_is_no_setting_of_an_invented_key(boss):
    for address in (f"{TYPES}seance/", f"{MINUTES}seance/"):
        assert boss.get(address).status_code == 404
        assert boss.patch(address, {"name": "A"}).status_code == 404
    assert boss.get(f"{TYPES}?archived=true").status_code == 400


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
def test_everybody_reads_them_and_administrators_write_them(api, role):
    make_organisation()
    client = api(make_user(role=role, team=make_team()))

    assert client.get(TYPES).status_code == client.get(f"{MINUTES}regular_meeting/").status_code
    assert client.post(TYPES, TOUR).status_code == 403
    assert client.patch(f"{TYPES}call/", {"label_en": "A"}).status_code == 403
    assert client.post(f"{TYPES}call/move/", {"earlier": True}).status_code == 403
    assert client.patch(f"{MINUTES}regular_meeting/", {"name": "A"}).status_code == 403


def test_a_talk_of_a_new_type_is_logged(api, boss, alice):
    key = boss.post(TYPES, TOUR).json()["key"]
    account = make_account(team=alice.teams.get())
    talk = make_touchpoint(account=account)

    answer = api(alice).patch(f"/api/v1/touchpoints/{talk.pk}/", {"type": key})

    talk.refresh_from_db()
    assert (answer.status_code, talk.type) == (200, key)


def test_a_list_of_settings_costs_as_many_queries_however_many_there_are(
    boss, django_assert_max_num_queries
):
    for number in range(7):
        boss.post(TYPES, {"label_ja": f"種別{number}", "label_en": f"Kind {number}"})
        boss.post(MINUTES, REVIEW | {"name": f"{number}"})

    for address in (TYPES, MINUTES):
        with django_assert_max_num_queries(5):
            boss.get(address)
