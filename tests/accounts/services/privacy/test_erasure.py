"""After an erasure nobody finds the person, not even with a full copy of the database."""

import datetime as dt
import io
import json
from urllib.parse import quote, urlencode

import pytest
import xlsxwriter
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from accounts.choices import ContactState
from accounts.models import (
    AttributeDefinition,
    Contact,
    ContactEvent,
    Erasure,
    IdempotencyKey,
    ImportRun,
    Job,
    MailMessage,
    Suppression,
    Ticket,
    TouchpointTodo,
)
from accounts.services.accounts import update_account
from accounts.services.contact_undo import (
    PersonErased,
    remember_contact,
    restore_contact,
    take_back_change,
)
from accounts.services.contacts import create_contact, update_contact
from accounts.services.exports.runs import MAKERS, ExportOrder, request_export, run_due_export
from accounts.services.merges.contacts import merge_contacts
from accounts.services.outbox import person_key_of, suppressed_among
from accounts.services.privacy.erasure import (
    ErasureNotAllowed,
    request_erasure,
    run_due_erasure,
)
from accounts.services.privacy.people import NobodyKnown, person_by_address, person_of
from accounts.services.saved_views import remove_view, save_view
from accounts.services.static_lists import create_list
from accounts.services.touchpoints import Todo, record_touchpoint
from config.lib.clock import app_now
from config.lib.jobs import JobState
from scoring.models import EventQuarantine, UsageUser, WriteKey
from tests.accounts.services.privacy.dump import tables_mentioning
from tests.factories import make_account, make_contact, make_organisation, make_user
from tests.playbooks.factories import make_task
from tests.surveys.factories import make_response

pytestmark = pytest.mark.django_db

MAIL = "ruriko.kujiraoka@customer.example"
NEEDLES = (MAIL, "鯨岡", "瑠璃子", "クジラオカ", "Kujiraoka", "090-9876-5432", "ext-kujira")


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def officer():
    return make_user(role="privacy_officer")


def make_person(account) -> Contact:
    """Make somebody who has left a trace wherever one can be left."""
    contact = create_contact(
        account=account,
        family_name="鯨岡",
        given_name="瑠璃子",
        family_kana="クジラオカ",
        given_kana="ルリコ",
        family_name_latin="Kujiraoka",
        given_name_latin="Ruriko",
        email=MAIL.upper().replace("CUSTOMER.EXAMPLE", "customer.example"),
        phone="090-9876-5432",
        external_id="ext-kujira",
        at=app_now(),
    )
    update_contact(contact=contact, changes={"email": MAIL, "title": "鯨岡部長"}, at=app_now())
    return contact


def leave_traces(contact: Contact) -> None:
    account = contact.account
    record_touchpoint(
        accounts=[account],
        contacts=[contact],
        type="call",
        direction="two_way",
        occurred_at=app_now(),
        subject="鯨岡 瑠璃子様と打ち合わせ",
        body=f"鯨岡瑠璃子さん ({MAIL.upper()}) が賛成",
        at=app_now(),
    )
    touch = account.touchpoints.get()
    TouchpointTodo.objects.create(
        touchpoint=touch, side="theirs", text="鯨岡が送る", contact=contact
    )
    TouchpointTodo.objects.create(touchpoint=touch, side="ours", text="鯨岡 瑠璃子に返信")
    Ticket.objects.create(
        account=account,
        contact=contact,
        subject=f"From {MAIL}",
        severity="low",
        opened_at=app_now(),
    )
    make_task(account=account, title_en="Call Ruriko Kujiraoka", title_ja="鯨岡　瑠璃子に電話")
    MailMessage.objects.create(
        key="m1",
        account=account,
        contact=contact,
        person_key=person_key_of(MAIL),
        to_address=MAIL,
        language="ja",
        subject="鯨岡様",
        body_text="鯨岡様 いつも",
    )
    make_response(account=account, contact=contact, comment="鯨岡です。満足")
    user = UsageUser.objects.create(account=account, user_key=MAIL, contact=contact)
    UsageUser.objects.create(account=account, user_key="ext-kujira", alias_of=user)
    key = WriteKey.objects.create(name="k", prefix="k", digest=b"1" * 32)
    EventQuarantine.objects.create(
        write_key=key,
        batch_id=1,
        message_id="8d1c1c9e-6b1d-4d7c-8f6e-0e6f5b0f0c11",
        kind="track",
        user_key=MAIL,
        name="Login",
        occurred_at=app_now(),
        received_at=app_now(),
        properties={"mail": MAIL},
    )
    IdempotencyKey.objects.create(
        owner="user:1",
        key="k1",
        body_digest=b"1" * 32,
        status=201,
        response={"results": [{"id": contact.pk, "family_name": "鯨岡", "given_name": "瑠璃子"}]},
    )
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(Contact),
        object_id=str(contact.pk),
        object_repr="鯨岡 瑠璃子",
        action_flag=CHANGE,
    )


def leave_files(user) -> list[str]:
    """Return where files lie that name the person: one sent in, one taken out."""
    job = Job.objects.create(
        kind="import",
        requested_by=user,
        done_at=app_now(),
        state=JobState.DONE,
        result={"errors": [{"row": 2, "column": "email", "code": "mail", "hint": MAIL}]},
    )
    run = ImportRun(
        job=job,
        kind="contacts",
        file_name="people.csv",
        size=1,
        sha256="0" * 64,
        expires_at=app_now() + dt.timedelta(days=30),
    )
    data = "氏名,メール\r\n鯨岡 瑠璃子,x@y.example\r\n".encode("cp932")
    run.file.save("people.csv", ContentFile(data), save=True)
    order = ExportOrder(source="contacts", format="xlsx")
    export = request_export(order=order, at=app_now(), by=user)
    run_due_export(at=app_now())
    export.refresh_from_db()
    return [run.file.name, export.file.name]


def erase(contact, by) -> Erasure:
    erasure = request_erasure(person=person_of(contact), at=app_now(), by=by, reference="P-7")
    assert run_due_erasure(at=app_now()) == 1
    erasure.refresh_from_db()
    erasure.job.refresh_from_db()
    assert erasure.job.state == JobState.DONE, erasure.job.last_error
    return erasure


def test_nothing_in_any_table_names_the_person(officer, django_capture_on_commit_callbacks):
    contact = make_person(make_account())
    leave_traces(contact)
    storage = ImportRun._meta.get_field("file").storage
    files = leave_files(make_user(role="administrator"))
    assert len(tables_mentioning(*NEEDLES)) > 15
    assert all(storage.exists(name) for name in files)

    with django_capture_on_commit_callbacks(execute=True):
        erasure = erase(contact, officer)

    assert tables_mentioning(*NEEDLES) == set()
    assert not any(storage.exists(name) for name in files)
    assert erasure.counts["contacts"] == 1
    assert erasure.counts["files"] == 2
    assert erasure.applied_at
    contact.refresh_from_db()
    assert contact.archived_at
    assert str(contact) == "Erased person"


def test_only_the_keyed_hash_stays_and_keeps_mails_away(officer):
    contact = make_person(make_account())

    erase(contact, officer)

    assert suppressed_among([person_key_of(MAIL)]) == {person_key_of(MAIL)}
    assert Suppression.objects.get().reason == "erased"
    assert not Contact.objects.filter(person_key__isnull=False).exists()


def test_who_was_erased_never_comes_back(officer):
    contact = make_contact(account=make_account())
    before, written = remember_contact(contact), app_now()
    update_contact(contact=contact, changes={"title": "部長"}, at=written)

    erase(contact, officer)

    with pytest.raises(PersonErased):
        restore_contact(contact=contact, at=app_now())
    with pytest.raises(PersonErased):
        take_back_change(contact=contact, before=before, written_at=written, at=app_now())
    contact.refresh_from_db()
    assert contact.archived_at


@pytest.mark.parametrize(
    ("language", "told"), [("en", "data was erased on request"), ("ja", "消去しました")]
)
def test_the_page_of_who_was_erased_says_so_and_offers_nothing(officer, client, language, told):
    contact = make_contact(account=make_account())
    erase(contact, officer)
    client.force_login(make_user(role="administrator", language=language))

    page = client.get(f"/contacts/{contact.pk}/").content.decode()

    assert told in page
    with translation.override(language):
        assert str(ContactState.ACTIVE.label) not in page.split("<h1")[1].split("</p>")[0]
    assert f"/contacts/{contact.pk}/restore/" not in page
    assert 'id="states"' not in page
    assert client.post(f"/contacts/{contact.pk}/restore/").status_code == 409


def test_the_person_is_erased_at_every_account(officer):
    contacts = [make_person(make_account()), make_contact(account=make_account(), email=MAIL)]
    Contact.objects.filter(pk=contacts[1].pk).update(
        family_name="鯨岡", person_key=person_key_of(MAIL)
    )

    erase(contacts[0], officer)

    assert tables_mentioning(*NEEDLES) == set()


def test_other_people_and_other_accounts_stay_as_they_are(officer):
    account = make_account()
    contact = make_person(account)
    colleague = make_contact(account=account, family_name="鯨岡", given_name="太郎")
    namesake = make_contact(account=make_account(), family_name="鯨岡", given_name="瑠璃子")
    record_touchpoint(
        accounts=[namesake.account],
        type="call",
        direction="two_way",
        occurred_at=app_now(),
        subject="鯨岡瑠璃子様",
        at=app_now(),
    )

    erase(contact, officer)

    for other in (colleague, namesake):
        before = (other.family_name, other.given_name, other.email)
        other.refresh_from_db()
        assert (other.family_name, other.given_name, other.email) == before
    assert namesake.account.touchpoints.get().subject == "鯨岡瑠璃子様"
    assert ContactEvent.objects.filter(pgh_obj_id=namesake.pk, family_name="鯨岡").exists()


def test_scores_and_talks_stay_countable(officer):
    account = make_account()
    contact = make_person(account)
    leave_traces(contact)

    erase(contact, officer)

    assert account.touchpoints.get().contacts.get() == contact
    assert account.survey_responses.get().score is not None
    assert account.tickets.count() == 1


def test_after_a_restore_the_erasure_is_applied_again(officer, capsys):
    account = make_account()
    contact = make_person(account)
    before = transaction.savepoint()
    transaction.savepoint_commit(before)
    erase(contact, officer)
    Contact.objects.filter(pk=contact.pk).update(
        family_name="鯨岡", email=MAIL, person_key=person_key_of(MAIL), archived_at=None
    )

    call_command("reapply_erasures")

    assert tables_mentioning(MAIL, "鯨岡") == set()
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"erasures": 1}


def test_a_backup_from_before_the_erasure_finds_it_in_the_ledger(
    officer, capsys, django_capture_on_commit_callbacks
):
    contact = make_person(make_account())
    with django_capture_on_commit_callbacks(execute=True):
        erase(contact, officer)
    Erasure.objects.all().delete()
    Suppression.objects.all().delete()
    Contact.objects.filter(pk=contact.pk).update(
        family_name="鯨岡", email=MAIL, person_key=person_key_of(MAIL), archived_at=None
    )

    call_command("reapply_erasures")
    call_command("reapply_erasures")

    assert tables_mentioning(MAIL, "鯨岡") == set()
    assert Erasure.objects.count() == 1
    assert Suppression.objects.get().reason == "erased"


def test_somebody_without_an_address_is_erased_by_row(officer):
    contact = make_contact(account=make_account(), family_name="鯨岡", given_name="", email="")

    erasure = erase(contact, officer)

    assert erasure.person_key is None
    assert tables_mentioning("鯨岡") == set()


def test_only_who_answers_for_privacy_may_erase():
    contact = make_person(make_account())
    for role in ("member", "manager", "viewer"):
        with pytest.raises(ErasureNotAllowed):
            request_erasure(person=person_of(contact), at=app_now(), by=make_user(role=role))


def test_an_unknown_address_is_nobody():
    with pytest.raises(NobodyKnown):
        person_by_address("nobody@customer.example")


def test_without_an_erasure_on_record_the_history_stays_closed():
    make_person(make_account())
    for call in (
        "SELECT accounts_blank_history(999, 'accounts_contactevent', '{1}', '{email}')",
        "SELECT accounts_erase_mentions(999, '{a@b.example}', '{}', '{1}')",
        "UPDATE accounts_contactevent SET email = ''",
        "SELECT accounts_open_history(true)",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(call)


def leave_quiet_traces(contact: Contact, user) -> None:
    """Name the person where nobody would look: in views, lists, changed to-dos, attributes."""
    account = contact.account
    name = "鯨岡 瑠璃子"
    old = "ruriko.old@customer.example"
    update_contact(contact=contact, changes={"email": old}, at=app_now())
    update_contact(contact=contact, changes={"email": MAIL}, at=app_now())
    view = save_view(
        list_key="contacts",
        name=f"{name}様",
        query=urlencode({"q": MAIL, "title": name}),
        owner=user,
        at=app_now(),
    )
    remove_view(view=view, by=user)
    create_list(name="訪問先", note=f"{name}様の紹介", owner=user, at=app_now())
    order = ExportOrder(source="contacts", query=urlencode({"q": name}))
    request_export(order=order, at=app_now(), by=user)
    talk = record_touchpoint(
        accounts=[account],
        contacts=[contact],
        type="call",
        direction="two_way",
        occurred_at=app_now(),
        subject="電話",
        body=f"折り返しは 090-9876-5432 か {old} まで",
        todos=[Todo(side="ours", text=f"{name}に返信")],
        at=app_now(),
    )[0]
    TouchpointTodo.objects.filter(touchpoint=talk).update(text="返信した")
    AttributeDefinition.objects.create(key="key_person", type="text", label_en="K", label_ja="鍵")
    update_account(account=account, changes={"attributes": {"key_person": name}}, at=app_now())
    twin = create_contact(
        account=account, family_name="鯨岡", phone="090-9876-5432", at=app_now(), by=user
    )
    merge_contacts(source=twin, into=contact, keep={"phone": "source"}, at=app_now(), by=user)


def test_views_lists_attributes_and_earlier_versions_forget_the_person(officer):
    contact = make_person(make_account())
    leave_quiet_traces(contact, officer)

    erase(contact, officer)

    coded = [quote(text) for text in (MAIL, "鯨岡", "瑠璃子")]
    assert tables_mentioning(*NEEDLES, *coded, "ruriko.old") == set()


def test_a_number_that_colleagues_share_stays_theirs(officer):
    account = make_account()
    contact = make_person(account)
    colleague = make_contact(account=account, family_name="別人", phone="090-9876-5432")

    erase(contact, officer)

    colleague.refresh_from_db()
    assert colleague.phone == "090-9876-5432"


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
