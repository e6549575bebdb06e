import pytest

from accounts.models import MailMessage
from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    age_of,
    make_talk,
    make_tracked_account,
    noon,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "mails_answered"


def mail(account, ago, **fields):
    return make_talk(account, DAY - ago * ONE_DAY, **{"type": "mail", **fields})


def test_a_mail_is_answered_by_any_talk_within_two_weeks():
    account = make_tracked_account()
    mail(account, 60, direction="outbound")
    mail(account, 40, direction="outbound")
    mail(account, 30, direction="inbound")
    mail(account, 10, direction="outbound")
    mail(account, 5, direction="two_way")

    assert (read(account, KEY), age_of(account, KEY)) == (0.75, 5)


def test_an_answer_that_came_later_was_not_there_before():
    account = make_tracked_account()
    for ago in (12, 11, 10):
        mail(account, ago, direction="outbound")
    mail(account, 2, direction="inbound")

    assert read(account, KEY, day=DAY - 3 * ONE_DAY) == 0
    assert read(account, KEY) == 1


def test_mails_of_the_outbox_count_but_for_surveys():
    account = make_tracked_account()
    person = make_contact(account=account)
    for number, key in enumerate(("play/1", "play/2", "play/3", "survey/1/invitation/1")):
        MailMessage.objects.create(
            key=key,
            account=account,
            contact=person,
            to_address=person.email or "mori@example.jp",
            language="ja",
            subject="Hello",
            body_text="Hello",
            state="accepted",
            due_at=noon(DAY - 40 * ONE_DAY),
            done_at=noon(DAY - (10 + 10 * number) * ONE_DAY),
        )
    mail(account, 28, direction="inbound")

    assert read(account, KEY) == pytest.approx(1 / 3)


def test_under_three_mails_it_is_missing():
    account = make_tracked_account()
    mail(account, 5, direction="two_way")

    assert read(account, KEY) is None
