"""Upload, preview, import and error file, as somebody on the page does it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account, ImportRun
from config.lib.jobs import JobState
from tests.accounts.importers.files import csv_bytes
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db

GOOD = csv_bytes(["external_id", "name", "tier"], ["A-1", "青嶺", "a"])
MIXED = csv_bytes(["external_id", "name", "tier"], ["A-1", "青嶺", "a"], ["A-2", "悪い", "z"])
LIST = reverse("accounts:import_list")


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def user(client):
    user = make_user(team=make_team())
    client.force_login(user)
    return user


def send(client, data: bytes = GOOD, **fields):
    file = SimpleUploadedFile("accounts.csv", data, content_type="text/csv")
    return client.post(LIST, {"kind": "accounts", "file": file, **fields})


def page(client, run, **extra) -> str:
    return client.get(reverse("accounts:import_detail", args=[run.pk]), **extra).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_previewed_then_taken_in(client, user):
    preview = ImportRun.objects.get(pk=int(send(client, MIXED).url.split("/")[-2]))
    assert preview.job.state == JobState.DONE
    assert not Account.objects.exists()
    shown = page(client, preview)
    assert "nothing has been stored yet" in shown
    assert "This is none of the possible values (a, b, c)." in shown

    response = client.post(reverse("accounts:import_follow", args=[preview.pk]))
    again = client.post(reverse("accounts:import_follow", args=[preview.pk]))

    assert Account.objects.get().name == "青嶺"
    assert response.url == again.url
    assert ImportRun.objects.count() == 2
    errors = client.get(reverse("accounts:import_errors", args=[preview.pk]))
    assert "attachment" in errors["Content-Disposition"]
    assert "A-2" in b"".join(errors.streaming_content).decode("utf-8-sig")
    assert "accounts.csv" in client.get(LIST).content.decode()


def test_a_running_import_shows_how_far_it_is_and_asks_again(client, user):
    run = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    run.job.__class__.objects.filter(pk=run.job_id).update(
        state=JobState.RUNNING, progress_done=25, progress_total=100
    )
    shown = page(client, run, headers={"HX-Request": "true"})
    assert "25% done" in shown
    assert 'hx-trigger="every 2s"' in shown
    assert "<html" not in shown


def test_a_file_that_is_too_large_is_refused_at_its_field(client, user, settings):
    settings.IMPORT_MAX_BYTES = 10
    response = send(client)
    assert response.status_code == 200
    assert "larger than" in response.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_can_not_be_read_says_why(client, user):
    run = ImportRun.objects.get(
        pk=int(send(client, b"external_id\nA\xff\xff\n").url.split("/")[-2])
    )
    assert run.job.state == JobState.FAILED
    assert "Line 2 holds bytes" in page(client, run)


def test_what_somebody_else_takes_in_does_not_exist(client, user):
    run = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    client.force_login(make_user(team=make_team()))
    for name in ("import_detail", "import_errors"):
        assert client.get(reverse(f"accounts:{name}", args=[run.pk])).status_code == 404
    assert client.post(reverse("accounts:import_follow", args=[run.pk])).status_code == 404
    assert "accounts.csv" not in client.get(LIST).content.decode()


def test_who_may_change_nothing_takes_nothing_in(client):
    client.force_login(make_user(team=make_team(), role="viewer"))
    assert client.get(LIST).status_code == 403
    assert send(client).status_code == 403


def test_the_list_takes_as_many_queries_for_seven_imports_as_for_one(client, user):
    send(client)
    client.get(LIST)
    one = _queries(client)
    for _number in range(6):
        send(client)
    assert _queries(client) == one


def _queries(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    return len(captured)


@pytest.mark.django_db(transaction=True)
def test_an_import_is_taken_back_once_and_says_what_it_did(client, user):
    preview = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    assert "Undo the import" not in page(client, preview)
    run = client.post(reverse("accounts:import_follow", args=[preview.pk]))
    run = ImportRun.objects.get(pk=int(run.url.split("/")[-2]))
    assert "Undo the import" in page(client, run)

    client.post(reverse("accounts:import_undo", args=[run.pk]))

    shown = page(client, run)
    assert "New records put away: 1." in shown
    assert "Undo the import" not in shown
    assert Account.objects.get().archived_at
    again = client.post(reverse("accounts:import_undo", args=[run.pk]), follow=True)
    assert "taken back already" in again.content.decode()
