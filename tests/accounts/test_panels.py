import datetime as dt

import pytest

from accounts.models import AccessPolicy, AttributeDefinition, StakeholderRole, TouchpointTodo
from accounts.panels.attributes import AttributesPanel
from accounts.panels.contracts import ContractsPanel
from accounts.panels.people import PeoplePanel
from accounts.panels.talks import TalksPanel
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db

#: One in the morning of the 1st of June in Tokyo, still May in London.
AT = dt.datetime(2026, 5, 31, 16, tzinfo=dt.UTC)


@pytest.fixture
def account():
    make_organisation(time_zone="Asia/Tokyo")
    return make_account(team=make_team())


def shown(panel, account):
    return panel.context(account=account, user=make_user(team=account.team), at=AT)


def test_a_part_shows_on_the_days_it_is_played(account):
    contact = make_contact(account=account)
    days = [
        ("champion", dt.date(2026, 1, 1), None),
        ("decision_maker", dt.date(2026, 1, 1), dt.date(2026, 6, 1)),
        ("executive_sponsor", dt.date(2026, 6, 2), None),
    ]
    for role, starts_on, ends_on in days:
        StakeholderRole.objects.create(
            account=account,
            contact=contact,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
            recorded_at=AT,
        )

    (person,) = shown(PeoplePanel(), account)["people"]

    assert [part.role for part in person.roles] == ["champion"]


def test_a_contract_shows_until_its_last_day_and_on_while_it_renews_by_itself(account):
    first, may = dt.date(2025, 6, 1), dt.date(2026, 5, 31)
    make_contract(account=account, starts_on=first, ends_on=may)
    make_contract(
        account=account, starts_on=first, ends_on=may, auto_renews=True, notice_received_on=first
    )
    renewing = make_contract(account=account, starts_on=first, ends_on=may, auto_renews=True)
    last = make_contract(account=account, starts_on=first, ends_on=dt.date(2026, 6, 1))

    contracts = shown(ContractsPanel(), account)["contracts"]

    assert {contract for contract, _ in contracts} == {renewing, last}


def test_who_sees_no_talks_is_not_told_that_one_is_overdue(account):
    assert shown(TalksPanel(), account) is not None
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="none", write_scope="none"
    )
    assert shown(TalksPanel(), account) is None


def test_who_sees_no_talks_reads_of_none_on_the_whole_page(client, account):
    contact = make_contact(account=account)
    talk = make_touchpoint(account=account, occurred_at=AT, subject="Said in secret")
    talk.contacts.add(contact)
    user = make_user(team=account.team)
    client.force_login(user)
    pages = [f"/accounts/{account.pk}/", f"/accounts/{account.pk}/map/", "/accounts/", "/"]
    dated = [client.get(page).content.decode() for page in pages]

    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="none", write_scope="none"
    )
    client.force_login(user)

    told = [client.get(page).content.decode() for page in pages]
    assert "Talks and promises" in dated[0]
    assert "Last talk" in dated[2]
    for page in told:
        assert "Next touch due" not in page
        assert "Said in secret" not in page
        assert "not talked to anybody" not in page
        assert "No talk for" not in page
    assert "Last talk" not in told[2]


def test_a_formula_over_talks_is_shown_to_who_sees_talks(account):
    AttributeDefinition.objects.create(
        key="quiet",
        type="number",
        label_en="Days of silence",
        label_ja="無接触日数",
        expression="days_since(last_two_way_at)",
    )
    make_touchpoint(account=account, occurred_at=AT)
    assert shown(AttributesPanel(), account)["attributes"]
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="none", write_scope="none"
    )

    assert shown(AttributesPanel(), account) is None


@pytest.mark.parametrize(("role", "may_write"), [("member", True), ("viewer", False)])
def test_todos_are_ticked_off_by_who_may_write_talks(account, role, may_write):
    talk = make_touchpoint(account=account)
    TouchpointTodo.objects.create(touchpoint=talk, side="ours", text="Send the plan")
    reader = make_user(team=account.team, role=role)

    context = TalksPanel().context(account=account, user=reader, at=AT)

    assert (len(context["todos"]), context["may_write"]) == (1, may_write)
