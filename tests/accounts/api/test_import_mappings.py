"""Which column of a file is which field: kept, read, changed and taken away over the API."""

import pytest

from accounts.models import ImportMapping
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/import-mappings/"
COLUMNS = {"顧客番号": "external_id", "会社名": "name", "備考": None}


def body(**more):
    mapping = {"columns": COLUMNS, "clear": ["name_kana"]}
    return {"name": "基幹", "kind": "accounts", "mapping": mapping} | more


def keep(user, **more):
    values = {"name": "x", "kind": "accounts", "mapping": {"columns": {}}, "owner": user} | more
    return ImportMapping.objects.create(**values)


def test_a_mapping_is_kept_read_changed_and_taken_away(api, alice):
    client = api(alice)

    made = client.post(ADDRESS, body())
    address = f"{ADDRESS}{made.json()['id']}/"
    changed = client.patch(address, {"name": "販売", "mapping": {"columns": {"ID": "external_id"}}})

    assert made.status_code == 201
    assert made.json()["mapping"] == body()["mapping"]
    assert made.json()["header"] == sorted(COLUMNS)
    assert (made.json()["owner"], made.json()["is_shared"]) == (alice.pk, False)
    assert (changed.json()["name"], changed.json()["header"]) == ("販売", ["id"])
    assert client.get(address).json() == changed.json()
    assert client.delete(address).status_code == 204
    assert client.get(ADDRESS).json()["results"] == []


def test_what_stands_where_a_row_says_nothing_is_kept_and_read(api, alice):
    client = api(alice)
    mapping = {"columns": {"A": "external_id"}, "values": {"status": "active", "name": "無名"}}

    made = client.post(ADDRESS, body(mapping=mapping))
    address = f"{ADDRESS}{made.json()['id']}/"
    read = client.get(address).json()
    again = client.patch(address, {"mapping": read["mapping"]})

    assert made.json()["mapping"] == read["mapping"] == again.json()["mapping"] == mapping
    assert ImportMapping.objects.get().mapping == mapping


def test_one_sees_ones_own_and_what_is_shared_and_changes_ones_own(api, alice, charlie):
    keep(charlie)
    shared = keep(charlie, name="y", is_shared=True)
    own = keep(alice, kind="contacts")
    client = api(alice)

    def listed(**asked):
        return [row["id"] for row in client.get(ADDRESS, asked).json()["results"]]

    assert listed() == [shared.pk, own.pk]
    assert listed(kind="contacts") == listed(owner=alice.pk) == [own.pk]
    assert client.patch(f"{ADDRESS}{shared.pk}/", {"name": "z"}).status_code == 403
    assert client.delete(f"{ADDRESS}{shared.pk}/").status_code == 403


def test_what_is_not_shared_does_not_exist(api, alice, charlie):
    address = f"{ADDRESS}{keep(charlie).pk}/"

    assert api(alice).get(address).status_code == 404
    assert api(alice).patch(address, {"name": "z"}).status_code == 404
    assert api(alice).delete(address).status_code == 404


def test_a_name_stands_once_for_a_kind_of_file(api, alice):
    client = api(alice)
    first, second = (client.post(ADDRESS, body(name=name)).json() for name in "AB")

    again = client.post(ADDRESS, body(name="A"))
    renamed = client.patch(f"{ADDRESS}{second['id']}/", {"name": "A"})
    other_kind = client.post(
        ADDRESS, body(name="A", kind="contacts", mapping={"columns": {"Mail": "email"}})
    )

    assert [(x.status_code, x.json()["code"]) for x in (again, renamed)] == [
        (409, "mapping_name_taken")
    ] * 2
    assert other_kind.status_code == 201
    assert client.get(f"{ADDRESS}{first['id']}/").json() == first


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"kind": "planets"}, "/kind"),
        ({"name": ""}, "/name"),
        ({"mapping": []}, "/mapping"),
        ({"mapping": {"columns": {"A/B": "planet"}}}, "/mapping/columns/A~1B"),
        ({"mapping": {"columns": {"A": "name", "B": "name"}}}, "/mapping/columns/A"),
        ({"mapping": {"columns": {"A": 7.5, "B": {}}}}, "/mapping/columns/B"),
        ({"mapping": {"columns": {}, "clear": ["name"]}}, "/mapping/clear/0"),
        ({"mapping": {"columns": {}, "values": {"planet": "x"}}}, "/mapping/values/planet"),
        ({"mapping": {"columns": {}, "values": {"status": "lost?"}}}, "/mapping/values/status"),
        ({"mapping": {"columns": {}, "values": {"name": ""}}}, "/mapping/values/name"),
        ({"mapping": {"columns": {}, "colums": {}}}, "/mapping/colums"),
        ({"header": [["x"]]}, "/header/0"),
    ],
)
def test_what_fits_no_file_is_refused_by_its_place(api, alice, more, pointer):
    answer = api(alice).post(ADDRESS, body(**more))

    assert answer.status_code == 400
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]
    assert not ImportMapping.objects.exists()


def test_the_kind_of_file_stays(api, alice):
    address = f"{ADDRESS}{keep(alice).pk}/"

    same = api(alice).patch(address, {"kind": "accounts"})
    other = api(alice).patch(address, {"kind": "contacts"})

    assert (same.status_code, other.status_code) == (200, 400)
    assert other.json()["errors"][0]["pointer"] == "/kind"


def test_a_change_of_an_older_version_is_refused(api, alice):
    address = f"{ADDRESS}{keep(alice).pk}/"
    seen = api(alice).get(address)["ETag"]

    first = api(alice).patch(address, {"name": "A"}, headers={"If-Match": seen})
    late = api(alice).patch(address, {"name": "B"}, headers={"If-Match": seen})

    assert (first.status_code, late.status_code) == (200, 412)


def test_a_mapping_sent_twice_under_one_key_is_kept_once(api, alice):
    key = {"Idempotency-Key": "one"}

    first, again = (api(alice).post(ADDRESS, body(), headers=key) for _ in range(2))

    assert (again.status_code, again.json()) == (201, first.json())
    assert ImportMapping.objects.count() == 1


def test_who_may_import_nothing_keeps_no_mapping(api):
    viewer = make_user(team=make_team(), role="viewer")
    address = f"{ADDRESS}{keep(viewer).pk}/"

    made = api(viewer).post(ADDRESS, body())
    changed = api(viewer).patch(address, {"name": "A"})

    assert (made.status_code, changed.status_code) == (403, 403)
    assert made.json()["code"] == "import_not_allowed"
