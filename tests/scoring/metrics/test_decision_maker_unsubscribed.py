import pytest

from accounts.models import Suppression
from accounts.services.outbox import person_key_of
from tests.factories import make_contact
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    age_of,
    make_role,
    make_tracked_account,
    noon,
    read,
)

pytestmark = pytest.mark.django_db

KEY = "decision_maker_unsubscribed"


def stop(contact, reason="unsubscribed", **fields):
    contact.person_key = person_key_of(contact.email)
    contact.save()
    Suppression.objects.create(
        person_key=contact.person_key,
        reason=reason,
        created_at=noon(DAY - 10 * ONE_DAY),
        **fields,
    )


def make_person(role, email="mori@example.jp"):
    person = make_contact(account=make_tracked_account(), email=email)
    make_role(person, role)
    return person


def test_it_ages_from_the_day_it_became_known():
    person = make_person("decision_maker")
    stop(person)

    assert (read(person.account, KEY), age_of(person.account, KEY)) == (1, 10)
    assert read(person.account, KEY, day=DAY - 11 * ONE_DAY) is None


def test_a_complaint_about_spam_is_as_clear():
    person = make_person("decision_maker")
    stop(person, reason="complained")

    assert (read(person.account, KEY), age_of(person.account, KEY)) == (1, 10)


def test_another_part_or_another_reason_says_nothing():
    other = make_person("influencer")
    same = make_person("decision_maker", email="ueda@example.jp")
    stop(other)
    stop(same, reason="manual")

    assert read(other.account, KEY) is read(same.account, KEY) is None


def test_what_was_lifted_no_longer_counts():
    person = make_person("decision_maker")
    stop(person, lifted_at=noon(DAY - 2 * ONE_DAY))

    assert read(person.account, KEY, day=DAY - 3 * ONE_DAY) == 1
    assert read(person.account, KEY) is None
