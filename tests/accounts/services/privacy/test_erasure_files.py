"""After an erasure no file names the person either."""

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.files.base import ContentFile

from accounts.models import (
    ImportRun,
    Job,
)
from accounts.services.exports.runs import MAKERS, ExportOrder, request_export, run_due_export
from config.lib.clock import app_now
from config.lib.jobs import JobState
from tests.accounts.services.privacy.traces import (
    erase,
    make_person,
)
from tests.factories import make_account, make_contact, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_apart")]


def test_a_file_that_was_being_made_meanwhile_is_made_anew(
    officer, monkeypatch, django_capture_on_commit_callbacks
):
    contact = make_person(make_account())
    order = ExportOrder(source="contacts")
    export = request_export(order=order, at=app_now(), by=make_user(role="administrator"))
    make_list = MAKERS["list"]

    def make_slowly(*args, **kwargs):
        made = make_list(*args, **kwargs)
        erase(contact, officer)
        return made

    monkeypatch.setitem(MAKERS, "list", make_slowly)
    with django_capture_on_commit_callbacks(execute=True):
        run_due_export(at=app_now())
    export.refresh_from_db()
    assert not export.file
    monkeypatch.setitem(MAKERS, "list", make_list)

    run_due_export(at=app_now() + dt.timedelta(hours=1))

    export.refresh_from_db()
    assert export.file
    assert "鯨岡" not in export.file.read().decode()


def import_file(text: bytes) -> ImportRun:
    job = Job.objects.create(kind="import", done_at=app_now(), state=JobState.DONE)
    run = ImportRun(
        job=job,
        kind="contacts",
        file_name="people.csv",
        size=1,
        sha256="0" * 64,
        expires_at=app_now() + dt.timedelta(days=30),
    )
    run.file.save("people.csv", ContentFile(text), save=True)
    return run


@pytest.mark.parametrize("code", ["utf-8", "cp932"])
@pytest.mark.parametrize(
    "row",
    [
        "アイダ アイ,x@y.example",
        "アイダ,アイ,部長",
        '"アイダ", "アイ"',
        "1\tアイダ\tアイ",
        "アイ,アイダ",
    ],
)
def test_a_file_that_names_somebody_without_an_address_goes(
    officer, django_capture_on_commit_callbacks, code, row
):
    contact = make_contact(
        account=make_account(), family_name="アイダ", given_name="アイ", email="", external_id=None
    )
    run = import_file(f"姓,名\r\n{row}\r\n".encode(code))
    other = import_file("姓,名\r\nアイダ,健\r\n山田,アイ\r\n".encode(code))

    with django_capture_on_commit_callbacks(execute=True):
        erase(contact, officer)

    assert [bool(ImportRun.objects.get(pk=one.pk).file) for one in (run, other)] == [False, True]


def test_a_workbook_that_names_somebody_cell_by_cell_goes(
    officer, django_capture_on_commit_callbacks
):
    contact = make_contact(
        account=make_account(), family_name="O'Neil & <Co>", given_name="Al", email=""
    )
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        book.add_worksheet().write_row(0, 0, [contact.given_name, "部長", contact.family_name])
    run = import_file(packed.getvalue())

    with django_capture_on_commit_callbacks(execute=True):
        erase(contact, officer)

    assert not ImportRun.objects.get(pk=run.pk).file
