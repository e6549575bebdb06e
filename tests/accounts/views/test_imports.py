"""Upload, preview, import and error file, as somebody on the page does it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account, ImportMapping, ImportRun
from accounts.services.imports.mappings import every_preset
from accounts.services.imports.runs import run_due_import
from config.lib.clock import app_now
from config.lib.jobs import JobState
from tests.accounts.importers.files import csv_bytes
from tests.factories import make_account, make_organisation, make_team, make_user

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


def upload(client, data: bytes = GOOD, **fields):
    file = SimpleUploadedFile("accounts.csv", data, content_type="text/csv")
    return client.post(LIST, {"kind": "accounts", "file": file, **fields})


def choices(client, address: str) -> dict[str, str]:
    """Return what the form of the columns would send as it stands."""
    shown = client.get(address).content.decode()
    chosen = {}
    for name, options in re.findall(
        r'<select[^>]*name="(field-\d+)".*?>(.*?)</select>', shown, re.S
    ):
        picked = re.search(r'value="([^"]*)" selected', options)
        chosen[name] = picked[1] if picked else ""
    return chosen


def send(client, data: bytes = GOOD, **fields):
    """Upload a file and take its columns as they were guessed."""
    address = upload(client, data, **fields).url
    return client.post(address, choices(client, address))


def page(client, run, **extra) -> str:
    return client.get(reverse("accounts:import_detail", args=[run.pk]), **extra).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_previewed_then_taken_in(client, user):
    preview = ImportRun.objects.get(pk=int(send(client, MIXED).url.split("/")[-2]))
    assert preview.job.state == JobState.DONE
    assert not Account.objects.exists()
    shown = page(client, preview)
    assert "nothing has been stored yet" in shown
    assert "This is none of the possible values (A, B, C)." in shown

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
    response = upload(client)
    assert response.status_code == 200
    assert "larger than" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_that_can_not_be_read_says_why(client, user):
    address = upload(client, b"external_id\nA\xff\xff\n").url
    assert "Line 2 holds bytes" in client.get(address).content.decode()


def test_columns_are_shown_with_what_they_are_taken_for_and_first_cells(client, user):
    data = csv_bytes(["顧客ID", "会社名", "備考"], ["A-1", "青嶺", "覚え書き"])
    address = upload(client, data).url
    assert choices(client, address) == {"field-0": "external_id", "field-1": "name", "field-2": ""}
    assert "覚え書き" in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_somebody_decides_is_kept_and_offered_for_the_next_file(client, user):
    data = csv_bytes(["No", "呼び名", "電話"], ["A-1", "青嶺", ""])
    address = upload(client, data).url
    sent = {"field-0": "external_id", "field-1": "name", "field-2": "short_name",
            "clear-2": "on", "fill-only": "on", "name": "基幹システム"}  # fmt: skip
    preview = ImportRun.objects.get(pk=int(client.post(address, sent).url.split("/")[-2]))
    assert preview.job.result["created"] == 1
    kept = ImportMapping.objects.get()
    assert (kept.name, kept.owner, kept.mapping["clear"]) == ("基幹システム", user, ["short_name"])
    assert kept.mapping["fill_only"] is True
    told = client.get(f"/imports/{preview.pk}/").content.decode()
    assert "Only fill in what is empty" in told

    other = csv_bytes(["呼び名", "電話", "No"], ["港", "", "A-2"])
    again = upload(client, other).url
    assert choices(client, again) == {
        "field-0": "name", "field-1": "short_name", "field-2": "external_id"
    }  # fmt: skip
    shown = client.get(again).content.decode()
    assert "基幹システム" in shown
    assert 'name="fill-only" checked' in shown


def test_columns_that_do_not_do_are_told_at_once_and_the_choices_stay(client, user):
    address = upload(client).url
    twice = {"field-0": "external_id", "field-1": "name", "field-2": "name"}
    shown = client.post(address, twice).content.decode()
    assert "Two headers of the file mean the same" in shown
    assert shown.count('value="name" selected') == 2
    missing = client.post(address, {"field-0": "", "field-1": "name", "field-2": ""})
    assert "The file needs a column for" in missing.content.decode()
    assert ImportRun.objects.get().job.state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_the_columns_of_a_previewed_file_can_be_changed_and_looked_at_again(client, user):
    first = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    address = reverse("accounts:import_mapping", args=[first.pk])
    sent = {"field-0": "external_id", "field-1": "name", "field-2": ""}
    second = ImportRun.objects.get(pk=int(client.post(address, sent).url.split("/")[-2]))
    assert second.pk != first.pk
    assert second.job.result["ignored"] == ["tier"]


def test_what_somebody_else_takes_in_does_not_exist(client, user):
    run = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    client.force_login(make_user(team=make_team()))
    for name in ("import_detail", "import_errors", "import_mapping", "import_changes"):
        assert client.get(reverse(f"accounts:{name}", args=[run.pk])).status_code == 404
    assert client.post(reverse("accounts:import_follow", args=[run.pk])).status_code == 404
    assert "accounts.csv" not in client.get(LIST).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_preview_and_the_import_that_followed_are_one_row_of_the_list(client, user):
    preview = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    address = reverse("accounts:import_detail", args=[preview.pk])
    assert [run for run, _label, _waits in client.get(LIST).context["rows"]] == [preview]

    client.post(reverse("accounts:import_follow", args=[preview.pk]))

    answer = client.get(LIST)
    (row,) = [run for run, _label, _waits in answer.context["rows"]]
    assert (row.preview, row.is_dry_run) == (preview, False)
    assert f'href="{address}"' in answer.content.decode()
    assert f'href="{address}"' in page(client, row)


@pytest.mark.django_db(transaction=True)
def test_a_preview_somebody_else_followed_stays_in_ones_list(client, user):
    preview = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    client.force_login(make_user(role="administrator", team=user.teams.get()))
    client.post(reverse("accounts:import_follow", args=[preview.pk]))
    client.force_login(user)

    assert [run for run, _label, _waits in client.get(LIST).context["rows"]] == [preview]


def test_who_may_change_nothing_takes_nothing_in(client):
    client.force_login(make_user(team=make_team(), role="viewer"))
    assert client.get(LIST).status_code == 403
    assert upload(client).status_code == 403


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
    assert "Taken back" not in client.get(LIST).content.decode()

    undo = reverse("accounts:import_undo", args=[run.pk])
    assert "somebody changed since stay as they are" in client.get(undo).content.decode()
    assert not Account.objects.get().archived_at
    client.post(undo)

    shown = page(client, run)
    assert "New records put away: 1." in shown
    assert "Undo the import" not in shown
    assert Account.objects.get().archived_at
    assert "Taken back" in client.get(LIST).content.decode()
    assert client.get(undo).status_code == 302
    again = client.post(undo, follow=True)
    assert "taken back already" in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_import_that_went_back_in_part_says_why_and_offers_the_rest(client, user):
    preview = ImportRun.objects.get(pk=int(send(client).url.split("/")[-2]))
    run = client.post(reverse("accounts:import_follow", args=[preview.pk]))
    run = ImportRun.objects.get(pk=int(run.url.split("/")[-2]))
    undo = reverse("accounts:import_undo", args=[run.pk])
    Account.objects.update(country="SG")

    client.post(undo)

    shown = page(client, run)
    assert "Taken back in part: 1 record stays (edited since)" in shown
    assert "Undo the rest" in shown
    assert "Taken back in part" in client.get(LIST).content.decode()

    Account.objects.update(country="JP")
    assert client.get(undo).status_code == 200
    client.post(undo)

    shown = page(client, run)
    assert "This import was taken back" in shown
    assert "Undo the rest" not in shown
    assert Account.objects.get().archived_at


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_preview_shows_which_new_rows_may_be_there_already(client, user, language):
    make_account(team=user.teams.get(), external_id="B", name="青嶺株式会社", name_key="青嶺")
    two = csv_bytes(["external_id", "name"], ["A-1", "青嶺"], ["A-2", "港"])
    send(client, two)
    run_due_import(at=app_now())
    run = ImportRun.objects.get()

    every, twins = (
        client.get(
            reverse("accounts:import_detail", args=[run.pk]) + query,
            headers={"accept-language": language},
        ).content.decode()
        for query in ("", "?only=twins")
    )

    assert every.count("青嶺株式会社 (B)") == twins.count("青嶺株式会社 (B)") == 1
    assert ("港" in every, "港" in twins) == (True, False)


def test_what_a_preset_says_of_silent_rows_can_be_left_out(client, user):
    make_account(team=user.teams.get(), external_id="A-1")
    header = ["Activity ID", "Account ID", "Subject", "Start"]
    calls = csv_bytes(header, ["1", "A-1", "定例", "2026-06-01 10:00"])
    address = upload(client, calls, kind="touchpoints").url

    ticked = 'name="value-type" value="regular_meeting" checked'
    assert ticked in client.get(address).content.decode()

    client.post(address, {**choices(client, address), "value-type": "regular_meeting"})
    assert ImportRun.objects.get().mapping["values"] == {"type": "regular_meeting"}


@pytest.mark.parametrize(
    "header",
    [["ID", "会社名", "ステータス"], ["ID", "Company name", "Status"], ["ID", "Name", "Status"]],
)
def test_two_headers_alike_take_no_column_away(client, user, header):
    """What a preset leaves out is lost: it is taken by itself only where it tells more."""
    address = upload(client, csv_bytes(header, ["E-2", "検査株式会社", "leaving"])).url

    look = client.get(address).context["look"]

    assert look.used == "none"
    assert "status" in {place.key for place in look.places}


def test_a_preset_that_fits_is_taken_and_can_be_laid_aside(client, user):
    preset = next(one for one in every_preset().values() if one.key == "kintone_customers")
    names = list(preset.columns)
    address = upload(client, csv_bytes(names, ["1"] * len(names))).url

    assert client.get(address).context["look"].used == preset.use
    assert client.get(f"{address}?use=none").context["look"].used == "none"
