import datetime as dt

import pytest

from accounts.models import StakeholderRole
from accounts.services.stakeholders import assign_role
from tests.accounts.people import change_contact_state
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
JULY, AUGUST = dt.date(2026, 7, 1), dt.date(2026, 8, 1)


@pytest.fixture
def champion(db):
    contact = make_contact(account=make_account())
    assign_role(contact=contact, role="champion", at=AT)
    return contact


def holders(day):
    parts = StakeholderRole.objects.current().holding_on(day)
    return set(parts.values_list("contact", "confirmed_on"))


def test_a_departure_ahead_ends_the_part_on_its_day_and_the_successor_takes_it_up(champion):
    heir = make_contact(account=champion.account)

    change_contact_state(contact=champion, state="transferred", on=JULY, successor=heir, at=AT)

    assert holders(dt.date(2026, 6, 30)) == {(champion.pk, None)}
    assert holders(JULY) == {(heir.pk, None)}


def test_a_departure_put_off_ends_the_part_on_the_later_day(champion):
    heir = make_contact(account=champion.account)
    change_contact_state(contact=champion, state="transferred", on=JULY, successor=heir, at=AT)

    change_contact_state(
        contact=champion, state="transferred", on=AUGUST, at=AT + dt.timedelta(hours=1)
    )

    assert holders(JULY) == {(champion.pk, None)}
    assert holders(AUGUST) == {(heir.pk, None)}


def test_who_stays_after_all_keeps_their_part(champion):
    heir = make_contact(account=champion.account)
    change_contact_state(contact=champion, state="left", on=JULY, successor=heir, at=AT)

    change_contact_state(contact=champion, state="active", at=AT + dt.timedelta(hours=1))

    assert holders(AUGUST) == {(champion.pk, None)}
    champion.refresh_from_db()
    assert (champion.state, champion.left_on) == ("active", None)


def test_what_is_past_is_not_called_off(champion):
    change_contact_state(contact=champion, state="left", on=dt.date(2026, 6, 10), at=AT)

    change_contact_state(contact=champion, state="active", at=AT + dt.timedelta(days=3))

    assert holders(JULY) == set()
