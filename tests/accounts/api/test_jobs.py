"""Imports and jobs over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Account, ImportMapping, ImportRun, Job
from config.lib.jobs import JobState
from tests.accounts.importers.files import csv_bytes
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
MIXED = csv_bytes(["external_id", "name", "tier"], ["A-1", "青嶺", "a"], ["A-2", "悪い", "z"])


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def send(client, data: bytes = MIXED, **fields):
    file = SimpleUploadedFile("accounts.csv", data, content_type="text/csv")
    return client.post(
        "/api/v1/imports/", {"kind": "accounts", "file": file, **fields}, format="multipart"
    )


@pytest.mark.django_db(transaction=True)
def test_a_file_is_taken_in_and_its_result_read(api, alice):
    client = api(alice)
    answer = send(client)
    assert answer.status_code == 201
    shown = client.get(f"/api/v1/imports/{answer.json()['id']}/").json()
    assert (shown["state"], shown["rows"], shown["created"], shown["failed"]) == ("done", 2, 1, 1)
    assert shown["faults"] == [
        {"row": 3, "column": "tier", "code": "choice",
         "reason": "This is none of the possible values (A, B, C)."}
    ]  # fmt: skip
    assert Account.objects.get().name == "青嶺"
    errors = client.get(f"/api/v1/imports/{shown['id']}/errors/")
    assert "A-2" in b"".join(errors.streaming_content).decode("utf-8-sig")
    job = client.get(f"/api/v1/jobs/{shown['job']}/").json()
    assert (job["kind"], job["state"]) == ("import", "done")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "pigeons"}, 400),
        ({"mapping": "nonsense"}, 400),
        ({"mapping": '{"columns": []}'}, 400),
        ({"file": ""}, 400),
    ],
)
def test_an_upload_that_does_not_do_is_refused(api, alice, fields, status):
    assert send(api(alice), **fields).status_code == status
    assert not ImportRun.objects.exists()


def test_who_may_change_nothing_takes_nothing_in(api):
    assert send(api(make_user(team=make_team(), role="viewer"))).status_code == 403


def test_a_waiting_job_is_stopped_at_once(api, alice):
    client = api(alice)
    number = send(client).json()["job"]
    answer = client.post(f"/api/v1/jobs/{number}/cancel/")
    assert answer.json()["state"] == JobState.CANCELLED


def test_work_of_somebody_else_does_not_exist(api, alice):
    made = send(api(alice)).json()
    other = api(make_user(team=make_team()))
    assert other.get(f"/api/v1/imports/{made['id']}/").status_code == 404
    assert other.get(f"/api/v1/jobs/{made['job']}/").status_code == 404
    assert other.post(f"/api/v1/jobs/{made['job']}/cancel/").status_code == 404
    assert other.get("/api/v1/imports/").json()["results"] == []
    assert Job.objects.get().cancel_requested_at is None


@pytest.mark.django_db(transaction=True)
def test_an_import_is_taken_back_and_names_what_stays(api, alice):
    client = api(alice)
    number = send(client).json()["id"]
    Account.objects.update(country="SG")

    answer = client.post(f"/api/v1/imports/{number}/undo/")

    assert answer.status_code == 202
    undo = client.get(f"/api/v1/imports/{number}/").json()["undo"]
    assert (undo["state"], undo["created"], undo["kept_count"]) == ("done", 0, 1)
    assert undo["kept"] == [{"record": "青嶺 (A-1)", "reason": "edited", "words": "edited since"}]

    Account.objects.update(country="JP")
    assert client.post(f"/api/v1/imports/{number}/undo/").status_code == 202
    undo = client.get(f"/api/v1/imports/{number}/").json()["undo"]
    assert (undo["state"], undo["created"], undo["kept_count"]) == ("done", 1, 0)
    assert client.post(f"/api/v1/imports/{number}/undo/").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_a_preview_says_what_each_row_would_do(api, alice):
    client = api(alice)
    number = send(client, is_dry_run=True).json()["id"]
    page = client.get(f"/api/v1/imports/{number}/changes/").json()
    assert (page["next"], page["previous"]) == (None, None)
    (row,) = page["results"]
    assert (row["row"], row["kind"], row["record"]) == (2, "created", "青嶺")
    assert {"column": "tier", "label": "Tier", "before": None, "after": "A"} in row["changes"]


@pytest.mark.django_db(transaction=True)
def test_a_preview_is_followed_once_and_nothing_else_is(api, alice):
    client = api(alice)
    number = send(client, is_dry_run=True).json()["id"]
    address = f"/api/v1/imports/{number}/follow/"

    made, again = client.post(address), client.post(address)
    refused = client.post(f"/api/v1/imports/{made.json()['id']}/follow/")

    assert (made.status_code, again.json()["id"]) == (202, made.json()["id"])
    assert (made.json()["is_dry_run"], made.json()["preview"]) == (False, number)
    assert Account.objects.get().name == "青嶺"
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_follow")
    assert api(make_user(team=make_team())).post(address).status_code == 404


def test_a_file_that_is_sent_twice_under_one_key_is_taken_once(api, alice):
    client = api(alice)

    def post(data):
        file = SimpleUploadedFile("accounts.csv", data, content_type="text/csv")
        return client.post(
            "/api/v1/imports/", {"kind": "accounts", "file": file}, format="multipart",
            headers={"Idempotency-Key": "k-1"},
        )  # fmt: skip

    first, again = post(MIXED), post(MIXED)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert post(MIXED + b"A-3,x,a\r\n").status_code == 409
    assert ImportRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_kept_mapping_is_used_by_its_number(api, alice):
    mapping = {"columns": {"No": "external_id", "呼び名": "name"}, "clear": []}
    kept = ImportMapping.objects.create(name="x", kind="accounts", mapping=mapping, owner=alice)
    data = csv_bytes(["No", "呼び名"], ["A-1", "青嶺"])
    client = api(alice)
    assert send(client, data, mapping_id=kept.pk).status_code == 201
    assert Account.objects.get().name == "青嶺"
    assert send(client, data, mapping_id=kept.pk, kind="contacts").status_code == 400
    other = api(make_user(team=make_team()))
    assert send(other, data, mapping_id=kept.pk).status_code == 400


@pytest.mark.parametrize("mapping", ["[" * 9000, '{"a": Infinity}', '{"a": "\\ud800"}'])
def test_a_mapping_that_can_not_be_kept_is_refused_at_its_field(api, alice, mapping):
    answer = send(api(alice), mapping=mapping)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/mapping"]
    assert not ImportRun.objects.exists()
