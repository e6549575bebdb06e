import datetime as dt

import pytest

from accounts.models import Account, Segment, TouchExpectation
from accounts.selectors.stakeholder_map import map_of
from accounts.services.segments import install_starter_segments
from accounts.services.stakeholders import assign_role
from tests.accounts.people import change_contact_state
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
#: One in the morning of the 10th of June in Tokyo.
AT = dt.datetime(2026, 6, 9, 16, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)
TOKYO = dt.timezone(dt.timedelta(hours=9))
KEYS = ("contacts.role_gaps", "contacts.talked_90d", "contacts.ghosts", "contacts.watched")


@pytest.fixture
def account():
    make_organisation(time_zone="Asia/Tokyo")
    return make_account(team=make_team(), touch_model="high", phase="adoption")


def ago(days):
    return TODAY - dt.timedelta(days=days)


def value(account, key):
    return getattr(Account.objects.with_fields(*KEYS, at=AT).get(pk=account.pk), key)


def on_the_map(account, kinds):
    found = map_of(account=account, user=make_user(team=account.team), at=AT)
    return [gap for gap in found.gaps if gap.kind in kinds]


def give(account, role, *, confirmed):
    contact = make_contact(account=account)
    confirmed_on = None if confirmed is None else ago(confirmed)
    assign_role(contact=contact, role=role, on=ago(900), confirmed_on=confirmed_on, at=AT)
    return contact


@pytest.mark.parametrize(("confirmed", "expected"), [(0, 3), (365, 3), (366, 4), (None, 4)])
def test_a_role_is_a_gap_unless_confirmed_within_a_year_as_on_the_map(account, confirmed, expected):
    give(account, "champion", confirmed=confirmed)

    assert value(account, "contacts_role_gaps") == expected
    assert len(on_the_map(account, {"empty_role", "unconfirmed_role"})) == expected


def test_the_role_of_one_who_left_is_a_gap_from_their_day_on(account):
    staying = give(account, "champion", confirmed=1)
    leaving = give(account, "decision_maker", confirmed=1)
    change_contact_state(contact=staying, state="left", on=ago(-1), at=AT)
    assert value(account, "contacts_role_gaps") == 2

    change_contact_state(contact=leaving, state="left", on=TODAY, at=AT)
    assert value(account, "contacts_role_gaps") == 3


@pytest.mark.parametrize(("model", "expected"), [("high", 4), ("low", 3), ("tech", 1)])
def test_each_touch_model_asks_for_its_roles(model, expected):
    assert value(make_account(touch_model=model), "contacts_role_gaps") == expected


def test_what_the_organisation_asks_for_counts(account):
    TouchExpectation.objects.create(
        touch_model="high", required_roles=["billing"], starts_on=ago(9), recorded_at=AT
    )

    assert value(account, "contacts_role_gaps") == 1
    assert [gap.role for gap in on_the_map(account, {"empty_role"})] == ["billing"]


@pytest.mark.parametrize(("days", "expected"), [(1, 1), (90, 1), (91, 0)])
def test_whom_we_talked_to_within_ninety_days_counts_as_on_the_map(account, days, expected):
    talked_at = dt.datetime.combine(ago(days), dt.time(0, 30), TOKYO)
    person = make_contact(account=account, in_post_since_on=ago(100))
    make_touchpoint(account=account, occurred_at=talked_at).contacts.add(person)

    assert value(account, "contacts_talked_90d") == expected
    assert len(on_the_map(account, {"single_thread"})) == expected


def test_a_person_counts_once_and_one_who_left_not_at_all(account):
    one, gone = make_contact(account=account), make_contact(account=account)
    for person in (one, one, gone):
        make_touchpoint(account=account, occurred_at=AT).contacts.add(person)
    change_contact_state(contact=gone, state="left", on=TODAY, at=AT)

    assert value(account, "contacts_talked_90d") == 1


def test_ghosts_are_counted(account):
    make_contact(account=account, is_ghost=True)
    make_contact(account=account)

    assert value(account, "contacts_ghosts") == 1


@pytest.mark.parametrize(("days", "expected"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_departure_is_watched_for_sixty_days(account, days, expected):
    contact = make_contact(account=account, in_post_since_on=ago(100))
    change_contact_state(contact=contact, state="transferred", on=ago(days), at=AT)

    assert value(account, "contacts_watched") is expected
    assert bool(on_the_map(account, {"departed", "departed_no_successor"})) is expected


@pytest.mark.parametrize(
    ("role", "days", "expected"),
    [("champion", 1096, True), ("champion", 1095, False), ("day_to_day", 4000, False)],
)
def test_a_key_person_long_in_post_is_watched(account, role, days, expected):
    contact = give(account, role, confirmed=1)
    contact.in_post_since_on = ago(days)
    contact.save()

    assert value(account, "contacts_watched") is expected
    assert bool(on_the_map(account, {"long_in_post"})) is expected


def test_the_starter_segments_of_people_find_their_accounts(account):
    person = make_contact(account=account)
    make_touchpoint(account=account, occurred_at=AT).contacts.add(person)
    change_contact_state(contact=make_contact(account=account), state="left", on=ago(3), at=AT)

    install_starter_segments(at=AT)

    found = Segment.objects.filter(memberships__account=account, memberships__left_at=None)
    expected = {"role_gap", "single_thread", "personnel_watch"}
    assert expected <= set(found.values_list("key", flat=True))
