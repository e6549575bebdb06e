import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.choices import SuppressionReason
from accounts.models import MailMessage, Organisation
from accounts.services.outbox import person_key_of, suppress
from surveys.choices import HoldReason, LinkScope, WaveState
from surveys.models import Invitation, InvitationToken
from surveys.services.answers import Answer, find_invitation, submit_answer
from surveys.services.invitations import WaveNotOpen, invite_contacts
from surveys.services.unsubscribing import find_unsubscriber
from tests.factories import make_account, make_account_role, make_contact, make_user
from tests.surveys.factories import make_invitation, make_survey, make_wave

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)


def invite(*contacts, wave=None):
    ids = [contact.pk for contact in contacts]
    return invite_contacts(wave=wave or make_wave(), contact_ids=ids, at=NOW)


def links_of(mail):
    from accounts.services.outbox import mail_link

    return [mail_link(key=mail.key, purpose=purpose)[0] for purpose in LinkScope.values]


def test_an_invitation_is_a_mail_with_links_that_work():
    account = make_account(name="株式会社青嶺精機")
    make_account_role(account=account, user=make_user(family_name="佐伯", given_name="直人"))
    contact = make_contact(account=account, department="経営企画部", language="ja")

    report = invite(contact)

    mail = MailMessage.objects.get()
    answer, unsubscribe = links_of(mail)
    assert (report.invited, report.held) == (1, {})
    assert mail.to_address == contact.email
    assert mail.body_text.startswith("株式会社青嶺精機\n経営企画部\n水上 隆 様\n")
    assert "株式会社ハルカゼクラウドの佐伯 直人でございます" in mail.body_text
    assert "記名式" in mail.body_text
    assert "/s/{{link:answer}}/?lang=ja" in mail.body_text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "{{link:unsubscribe}}" in mail.headers["List-Unsubscribe"]
    assert mail.subject.startswith("【3問・約2分】Monorhythmについて")
    assert find_invitation(link=answer, at=NOW) == find_unsubscriber(link=unsubscribe)
    assert submit_answer(link=answer, answer=Answer(score=9), at=NOW).contact == contact


def test_an_english_mail_calls_the_organisation_by_its_english_name():
    wave = make_wave()
    Organisation.objects.update(name_en="Harukaze Cloud Inc.")

    invite(make_contact(account=make_account(), language="en"), wave=wave)

    body = MailMessage.objects.get().body_text
    assert "Harukaze Cloud Inc." in body
    assert "ハルカゼ" not in body


def test_only_digests_of_links_are_stored():
    invite(make_contact(account=make_account()))

    links = links_of(MailMessage.objects.get())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(t::text, '') FROM (SELECT m::text AS t FROM accounts_mailmessage m"
            " UNION ALL SELECT i::text FROM surveys_invitationtoken i) rows"
        )
        stored = cursor.fetchone()[0]
    assert InvitationToken.objects.count() == 2
    assert not [link for link in links if link in stored]


def test_whoever_may_not_be_asked_is_counted_by_reason():
    account = make_account()
    contacts = {
        HoldReason.NO_ADDRESS: make_contact(account=account, email=""),
        HoldReason.LEFT: make_contact(account=account, state="left"),
        HoldReason.SUPPRESSED: make_contact(account=account),
        HoldReason.ASKED_RECENTLY: make_contact(account=account),
        HoldReason.ASKED_ALREADY: make_contact(account=account),
    }
    suppress(
        person_key=person_key_of(contacts[HoldReason.SUPPRESSED].email),
        reason=SuppressionReason.BOUNCED,
    )
    make_invitation(
        wave=make_wave(survey=make_survey(kind="csat")),
        contact=contacts[HoldReason.ASKED_RECENTLY],
    )
    wave = make_wave()
    make_invitation(wave=wave, contact=contacts[HoldReason.ASKED_ALREADY])

    report = invite(*contacts.values(), wave=wave)

    assert report.invited == 0
    assert report.held == dict.fromkeys(contacts, 1)
    assert not MailMessage.objects.exists()


def test_one_person_in_two_accounts_is_asked_once():
    first = make_contact(account=make_account(), email="one@partner.example")
    second = make_contact(account=make_account(), email="One@Partner.example")

    report = invite(first, second)

    assert (report.invited, report.held) == (1, {HoldReason.ASKED_ALREADY: 1})


def test_the_number_of_statements_does_not_grow_with_the_contacts():
    account = make_account()
    make_account_role(account=account, user=make_user())
    counts = []
    for number in (1, 7):
        contacts = [make_contact(account=account) for _ in range(number)]
        wave = make_wave()
        with CaptureQueriesContext(connection) as queries:
            assert invite(*contacts, wave=wave).invited == number
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "fields", [{"state": WaveState.CLOSED}, {"closes_at": NOW - dt.timedelta(seconds=1)}]
)
def test_a_wave_that_is_over_invites_nobody(fields):
    wave = make_wave(**fields)
    contact = make_contact(account=make_account())

    with pytest.raises(WaveNotOpen):
        invite(contact, wave=wave)
    assert not Invitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_waves_at_once_ask_a_person_only_once():
    contact = make_contact(account=make_account())
    waves = [make_wave(), make_wave()]
    start = threading.Barrier(2)
    invited = []

    def ask(wave):
        start.wait()
        invited.append(invite(contact, wave=wave).invited)
        connections.close_all()

    threads = [threading.Thread(target=ask, args=(wave,)) for wave in waves]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(invited) == [0, 1]
