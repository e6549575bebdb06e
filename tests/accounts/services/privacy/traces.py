"""A person who left a trace wherever one can be left."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile

from accounts.models import (
    AttributeDefinition,
    Contact,
    Erasure,
    ExternalRef,
    IdempotencyKey,
    ImportRun,
    Job,
    MailMessage,
    Ticket,
    TouchpointTodo,
)
from accounts.services.accounts import update_account
from accounts.services.contacts import create_contact, update_contact
from accounts.services.exports.runs import ExportOrder, request_export, run_due_export
from accounts.services.external_ids import add_external_id, remove_external_id
from accounts.services.merges.contacts import merge_contacts
from accounts.services.outbox import person_key_of
from accounts.services.privacy.erasure import (
    request_erasure,
    run_due_erasure,
)
from accounts.services.privacy.people import person_of
from accounts.services.saved_views import remove_view, save_view
from accounts.services.static_lists import create_list
from accounts.services.touchpoints import Todo, record_touchpoint, update_touchpoint
from config.lib.clock import app_now
from config.lib.jobs import JobState
from scoring.models import EventQuarantine, UsageUser, WriteKey
from tests.factories import make_user
from tests.playbooks.factories import make_task
from tests.surveys.factories import make_response

MAIL = "ruriko.kujiraoka@customer.example"
NEEDLES = (MAIL, "鯨岡", "瑠璃子", "クジラオカ", "Kujiraoka", "090-9876-5432", "ext-kujira")


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
    be_talked_of(contact)
    be_written_to(contact)
    use_the_product(contact)
    be_kept_by_programs(contact)


def be_talked_of(contact: Contact) -> None:
    account = contact.account
    [touch] = record_touchpoint(
        accounts=[account],
        contacts=[contact],
        type="call",
        direction="two_way",
        occurred_at=app_now(),
        subject="鯨岡 瑠璃子様と打ち合わせ",
        body=f"鯨岡瑠璃子さん ({MAIL.upper()}) が賛成",
        at=app_now(),
    )
    TouchpointTodo.objects.create(
        touchpoint=touch, side="theirs", text="鯨岡が送る", contact=contact
    )
    TouchpointTodo.objects.create(touchpoint=touch, side="ours", text="鯨岡 瑠璃子に返信")
    make_task(account=account, title_en="Call Ruriko Kujiraoka", title_ja="鯨岡　瑠璃子に電話")
    Ticket.objects.create(
        account=account, contact=contact, subject=f"From {MAIL}", severity="low",
        opened_at=app_now(),
    )  # fmt: skip


def be_written_to(contact: Contact) -> None:
    ExternalRef.objects.create(
        kind="contact", object_id=contact.pk, source="crm", value="Ext-Kujira-crm"
    )
    MailMessage.objects.create(
        key="m1",
        account=contact.account,
        contact=contact,
        person_key=person_key_of(MAIL),
        to_address=MAIL,
        language="ja",
        subject="鯨岡様",
        body_text="鯨岡様 いつも",
    )
    make_response(account=contact.account, contact=contact, comment="鯨岡です。満足")


def use_the_product(contact: Contact) -> None:
    account = contact.account
    user = UsageUser.objects.create(account=account, user_key=MAIL, contact=contact)
    UsageUser.objects.create(account=account, user_key="ext-kujira", alias_of=user)
    EventQuarantine.objects.create(
        write_key=WriteKey.objects.create(name="k", prefix="k", digest=b"1" * 32),
        batch_id=1,
        message_id="8d1c1c9e-6b1d-4d7c-8f6e-0e6f5b0f0c11",
        kind="track",
        user_key=MAIL,
        name="Login",
        occurred_at=app_now(),
        received_at=app_now(),
        properties={"mail": MAIL},
    )


def be_kept_by_programs(contact: Contact) -> None:
    IdempotencyKey.objects.create(
        owner="user:1",
        key="k1",
        body_digest=b"1" * 32,
        status=201,
        response={"results": [{"id": contact.pk, "family_name": "鯨岡", "given_name": "瑠璃子"}]},
    )
    IdempotencyKey.objects.create(
        owner="user:1",
        key="k2",
        body_digest=b"1" * 32,
        status=201,
        response={"id": 1, "kind": "contact", "record": contact.pk, "value": "ext-kujira-kept"},
    )
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(Contact),
        object_id=str(contact.pk),
        object_repr="鯨岡 瑠璃子",
        action_flag=CHANGE,
    )


def be_taken_away(contact: Contact) -> None:
    """Leave an id in another system and a to-do that were removed again: only events hold them."""
    ref = add_external_id(record=contact, source="old", value="ext-kujira-gone", at=app_now())
    remove_external_id(ref=ref, at=app_now())
    [talk] = record_touchpoint(
        accounts=[contact.account],
        contacts=[contact],
        type="call",
        occurred_at=app_now(),
        subject="電話",
        todos=[Todo(side="theirs", text="鯨岡が確認", contact=contact)],
        at=app_now(),
    )
    update_touchpoint(touchpoint=talk, changes={"todos": []}, at=app_now())


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
