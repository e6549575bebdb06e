import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ContactStanding, StakeholderRelation, StakeholderRole
from accounts.services.conflicts import UnknownMember
from accounts.services.contacts import ForeignContact
from accounts.services.stakeholders import (
    RelatedToSelf,
    ReportingCircle,
    assign_role,
    change_role,
    confirm_role,
    end_role,
    relate,
    set_standing,
)
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)
TODAY = dt.date(2026, 6, 10)
MAY = dt.date(2026, 5, 1)


@pytest.fixture
def person(db):
    return make_contact(account=make_account())


def test_confirming_keeps_the_row_and_what_was_known_before(person):
    part = assign_role(contact=person, role="champion", on=MAY, at=AT)

    confirmed = confirm_role(stakeholder=part, at=LATER)

    assert (confirmed.pk, confirmed.confirmed_on) == (part.pk, TODAY)
    parts = StakeholderRole.objects.filter(contact=person)
    assert parts.as_of(TODAY, AT).get().confirmed_on is None
    assert parts.as_of(TODAY, LATER).get().confirmed_on == TODAY


def test_a_part_that_ends_was_played_until_then(person):
    part = assign_role(contact=person, role="champion", on=MAY, at=AT)

    end_role(stakeholder=part, on=TODAY, at=LATER)

    parts = StakeholderRole.objects.filter(contact=person).current()
    assert parts.holding_on(MAY).exists()
    assert not parts.holding_on(TODAY).exists()


def test_another_person_or_part_is_another_row(person):
    part = assign_role(contact=person, role="champion", at=AT)

    with pytest.raises(UnknownMember):
        change_role(stakeholder=part, changes={"role": "blocker"}, at=AT)


def test_the_standing_changes_over_time(person):
    set_standing(contact=person, stance="opponent", influence="high", on=MAY, at=AT)
    set_standing(contact=person, stance="supporter", influence="high", at=AT)

    standings = ContactStanding.objects.filter(contact=person).current()
    assert standings.holding_on(MAY).get().stance == "opponent"
    assert standings.holding_on(TODAY).get().stance == "supporter"


def test_reporting_to_somebody_new_ends_the_old_line(person):
    one, other = (make_contact(account=person.account) for _ in range(2))
    relate(from_contact=person, to_contact=one, kind="reports_to", on=MAY, at=AT)
    relate(from_contact=person, to_contact=one, kind="influences", on=MAY, at=AT)

    relate(from_contact=person, to_contact=other, kind="reports_to", at=AT)

    lines = StakeholderRelation.objects.filter(from_contact=person).current().holding_on(TODAY)
    assert set(lines.values_list("to_contact", "kind")) == {
        (other.pk, "reports_to"),
        (one.pk, "influences"),
    }


def test_a_line_needs_two_people_of_one_account(person):
    stranger = make_contact(account=make_account())

    with pytest.raises(RelatedToSelf):
        relate(from_contact=person, to_contact=person, kind="influences", at=AT)
    with pytest.raises(ForeignContact):
        relate(from_contact=person, to_contact=stranger, kind="influences", at=AT)


def test_nobody_reports_to_themselves_however_long_the_way_round(person):
    middle, top = (make_contact(account=person.account) for _ in range(2))
    relate(from_contact=person, to_contact=middle, kind="reports_to", on=MAY, at=AT)
    relate(from_contact=middle, to_contact=top, kind="reports_to", on=MAY, at=AT)

    with pytest.raises(ReportingCircle) as refusal:
        relate(from_contact=top, to_contact=person, kind="reports_to", at=AT)
    relate(from_contact=top, to_contact=person, kind="influences", at=AT)

    assert refusal.value.errors[0].pointer == "/to_contact"


def test_a_line_drawn_before_another_begins_ends_where_that_begins(person):
    one, other = (make_contact(account=person.account) for _ in range(2))
    relate(from_contact=person, to_contact=one, kind="reports_to", on=TODAY, at=AT)

    relate(from_contact=person, to_contact=other, kind="reports_to", on=MAY, at=LATER)

    lines = StakeholderRelation.objects.current().order_by("starts_on")
    assert list(lines.values_list("to_contact", "starts_on", "ends_on")) == [
        (other.pk, MAY, TODAY),
        (one.pk, TODAY, None),
    ]


DAYS = st.integers(0, 9).map(lambda number: MAY + dt.timedelta(days=number))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.sampled_from(["give", "confirm", "end"]), DAYS), max_size=8))
def test_a_part_is_played_once_on_any_day_and_what_was_known_is_never_rewritten(person, writes):
    contact = make_contact(account=person.account)
    seen = []
    for number, (kind, on) in enumerate(writes):
        at = AT + dt.timedelta(minutes=number)
        held = StakeholderRole.objects.filter(contact=contact).current().holding_on(on).first()
        if kind == "give":
            assign_role(contact=contact, role="champion", on=on, confirmed_on=on, at=at)
        elif held and kind == "end":
            end_role(stakeholder=held, on=on, at=at)
        elif held:
            confirm_role(stakeholder=held, on=on, at=at)
        seen.append((at, played(contact, at)))

    assert all(len(parts) <= 1 for _, days in seen for parts in days)
    assert seen == [(at, played(contact, at)) for at, _ in seen]


def played(contact, k):
    """What is known at an instant of each of twelve days: the confirmations of the parts played."""
    rows = StakeholderRole.objects.filter(contact=contact)
    days = [MAY + dt.timedelta(days=number) for number in range(-1, 11)]
    return [list(rows.as_of(day, k).values_list("confirmed_on", flat=True)) for day in days]
