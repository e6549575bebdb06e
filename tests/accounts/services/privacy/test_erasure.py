"""After an erasure nobody finds the person, not even with a full copy of the database."""

import json
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from accounts.choices import ContactState, StakeholderRoleKind
from accounts.models import (
    Contact,
    ContactEvent,
    Erasure,
    ImportRun,
    StakeholderRole,
    Suppression,
)
from accounts.services.contact_undo import (
    PersonErased,
    remember_contact,
    restore_contact,
    take_back_change,
)
from accounts.services.contacts import update_contact
from accounts.services.outbox import person_key_of, suppressed_among
from accounts.services.privacy.erasure import (
    ErasureNotAllowed,
    request_erasure,
)
from accounts.services.privacy.people import NobodyKnown, person_by_address, person_of
from accounts.services.touchpoints import record_touchpoint
from config.lib.clock import app_now
from tests.accounts.services.privacy.dump import tables_mentioning
from tests.accounts.services.privacy.traces import (
    MAIL,
    NEEDLES,
    be_taken_away,
    erase,
    leave_files,
    leave_quiet_traces,
    leave_traces,
    make_person,
)
from tests.factories import make_account, make_contact, make_user, our_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_apart")]


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


def test_a_contact_called_as_their_role_takes_no_role_away(officer):
    account = make_account()
    contact = make_contact(account=account, family_name="Maker", given_name="Decision")
    colleague = make_contact(account=account)
    role = {"contact": colleague, "account": account, "role": StakeholderRoleKind.DECISION_MAKER}
    StakeholderRole.objects.create(**role, starts_on=our_day(), recorded_at=app_now())

    erase(contact, officer)

    assert StakeholderRole.objects.get().role == StakeholderRoleKind.DECISION_MAKER


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


def test_views_lists_attributes_and_earlier_versions_forget_the_person(officer):
    contact = make_person(make_account())
    leave_quiet_traces(contact, officer)

    erase(contact, officer)

    coded = [quote(text) for text in (MAIL, "鯨岡", "瑠璃子")]
    assert tables_mentioning(*NEEDLES, *coded, "ruriko.old") == set()


def test_rows_that_were_removed_before_are_erased_from_the_history(officer):
    contact = make_person(make_account())
    be_taken_away(contact)
    assert {"accounts_externalrefevent: ext-kujira", "accounts_touchpointtodoevent: 鯨岡"} <= (
        tables_mentioning(*NEEDLES)
    )

    erase(contact, officer)

    assert tables_mentioning(*NEEDLES) == set()


def test_a_number_that_colleagues_share_stays_theirs(officer):
    account = make_account()
    contact = make_person(account)
    colleague = make_contact(account=account, family_name="別人", phone="090-9876-5432")

    erase(contact, officer)

    colleague.refresh_from_db()
    assert colleague.phone == "090-9876-5432"
