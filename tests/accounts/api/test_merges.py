import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, MergeRecord
from accounts.services.accounts import update_account
from config.lib.clock import app_now
from tests.accounts.services.merges.books import fill, make_twin
from tests.factories import make_account, make_contact, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(alice):
    make_organisation()
    source, target = (make_twin(team=alice.teams.get(), name=name) for name in ("A KK", "A LLC"))
    fill(source)
    return source, target


def asked(source, target, **more):
    return {"kind": "account", "source": source.pk, "into": target.pk, **more}


def test_a_merge_is_previewed_made_and_undone(api, alice, twins):
    client = api(alice)

    preview = client.post("/api/v1/merges/preview/", asked(*twins), format="json")
    assert {field["name"] for field in preview.data["fields_that_differ"]} == {"name"}
    made = client.post("/api/v1/merges/", asked(*twins, keep={"name": "source"}), format="json")

    assert made.status_code == 201
    assert made.data["values"]["name"] == ["A LLC", "A KK"]
    assert {row["effect"] for row in made.data["moved"]} == {"moved", "noted"} & {
        row["effect"] for row in preview.data["moved"]
    }
    undone = client.post(f"/api/v1/merges/{made.data['id']}/undo/")
    assert undone.data["undone_at"] is not None
    assert client.get("/api/v1/merges/?kind=account").data["results"][0]["id"] == made.data["id"]


def test_a_refused_undo_names_the_field(api, alice, twins):
    made = api(alice).post("/api/v1/merges/", asked(*twins, keep={"name": "source"}), format="json")
    target = Account.objects.get(pk=twins[1].pk)
    update_account(account=target, changes={"name": "B"}, at=app_now())

    refused = api(alice).post(f"/api/v1/merges/{made.data['id']}/undo/")

    assert (refused.status_code, refused.data["code"]) == (409, "changed_since_merge")
    assert refused.data["errors"][0]["pointer"] == "/name"


def test_a_list_of_merges_asks_once_which_linked_records_are_seen(api, alice):
    make_organisation()
    team = alice.teams.get()

    def merge_below(parent):
        source, target = (make_account(team=team) for _ in range(2))
        MergeRecord.objects.create(
            kind="account", source_id=source.pk, target_id=target.pk, account=target,
            values={"parent": [None, parent.pk]}, merged_at=app_now(),
        )  # fmt: skip

    client, seen, unseen = api(alice), make_account(team=team), make_account()
    merge_below(seen)
    client.get("/api/v1/merges/")
    with CaptureQueriesContext(connection) as one:
        client.get("/api/v1/merges/")
    merge_below(seen)
    merge_below(unseen)
    with CaptureQueriesContext(connection) as three:
        listed = client.get("/api/v1/merges/?ordering=id").data["results"]

    assert [row["values"]["parent"][1] for row in listed] == [seen.pk, seen.pk, None]
    assert len(three) == len(one)


def test_foreign_records_do_not_exist_and_unknown_fields_are_named(api, alice, twins):
    source, target = twins
    foreign = make_account()

    assert (
        api(alice).post("/api/v1/merges/", asked(source, foreign), format="json").status_code == 404
    )
    wrong = api(alice).post(
        "/api/v1/merges/", asked(source, target, keep={"arr": "source"}), format="json"
    )
    assert wrong.data["errors"][0]["pointer"] == "/keep/arr"
    assert not MergeRecord.objects.exists()


def test_duplicates_are_listed_until_they_are_called_two(api, alice, twins):
    source, target = twins
    client = api(alice)

    (pair,) = client.get("/api/v1/duplicates/?kind=account").data["results"]
    assert (pair["one"], pair["other"], pair["reasons"]) == (source.pk, target.pk, ["name_key"])
    body = {"kind": "account", "one": source.pk, "other": target.pk}
    assert client.post("/api/v1/duplicates/", body, format="json").status_code == 204
    assert client.get("/api/v1/duplicates/").data["results"] == []


def test_who_answers_for_people_merges_them_but_no_accounts_as_on_the_pages(api, twins):
    officer = make_user(role="privacy_officer")
    account = twins[0]
    one, other = (make_contact(account=account) for _ in range(2))
    client = api(officer)

    people = {"kind": "contact", "source": one.pk, "into": other.pk}
    preview = client.post("/api/v1/merges/preview/", people)
    made = client.post("/api/v1/merges/", people)
    undone = client.post(f"/api/v1/merges/{made.json()['id']}/undo/")

    assert (preview.status_code, made.status_code, undone.status_code) == (200, 201, 200)
    assert client.post("/api/v1/merges/", asked(*twins)).status_code == 403


def test_pairs_come_in_the_envelope_of_all_lists(api, alice, twins, monkeypatch):
    monkeypatch.setattr("accounts.api.views.merges.PAIRS_SHOWN", 1)
    make_twin(team=alice.teams.get(), name="A Inc.")

    first = api(alice).get("/api/v1/duplicates/").json()
    second = api(alice).get(first["next"]).json()

    assert first["previous"] is None
    assert [len(page["results"]) for page in (first, second)] == [1, 1]
    assert first["results"] != second["results"]
