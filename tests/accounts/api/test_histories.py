"""What was once so is read over the API: with its days, and as it was known at an instant."""

import datetime as dt

import pytest

from accounts.models import AccessPolicy, AccountRole, AttributeValue
from accounts.services.accounts import create_account, update_account
from accounts.services.roles import assign_account_role
from accounts.services.stakeholders import set_standing
from accounts.services.tickets import record_ticket, retract_ticket, update_ticket
from config.lib.clock import app_now
from tests.factories import (
    LONG_AGO,
    make_account,
    make_account_role,
    make_contact,
    make_organisation,
    make_user,
    our_day,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NAMES = [
    "account-roles",
    "account-statuses",
    "account-phases",
    "attribute-values",
    "contact-standings",
    "ticket-states",
]


@pytest.fixture
def account(alice):
    make_organisation()
    return create_account(
        name="瀬戸製作所",
        team=alice.teams.get(),
        phase="onboarding",
        tier="b",
        at=app_now() - DAY,
    )


def listed(client, name, **asked):
    answer = client.get(f"/api/v1/{name}/", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_past_holders_of_a_role_are_told_with_their_days(api, alice, account):
    before, after = make_user(), make_user()
    make_account_role(account=account, user=before)
    assign_account_role(
        account=account, user=after, role="account_manager", on=our_day(), at=app_now()
    )

    rows = listed(api(alice), "account-roles", account=account.pk)
    days = {row["user"]: (row["starts_on"], row["ends_on"]) for row in rows}

    assert days == {
        before.pk: (LONG_AGO.isoformat(), our_day().isoformat()),
        after.pk: (our_day().isoformat(), None),
    }
    assert [r["user"] for r in listed(api(alice), "account-roles", user=before.pk)] == [before.pk]


def test_status_phase_and_tier_are_told_through_time(api, alice, account):
    changes = {"status": "leaving", "phase": "renewal", "tier": "a"}
    update_account(account=account, changes=changes, on=our_day(), at=app_now())
    client = api(alice)

    statuses = listed(client, "account-statuses", account=account.pk)
    phases = listed(client, "account-phases", account=account.pk)
    tiers = listed(client, "attribute-values", account=account.pk, key="tier")

    assert [row["status"] for row in statuses] == ["active", "leaving"]
    assert [row["phase"] for row in phases] == ["onboarding", "renewal"]
    assert [row["value"] for row in tiers] == ["b", "a"]
    assert tiers[0]["ends_on"] == tiers[1]["starts_on"]
    before = listed(client, "account-phases", holding_on=(our_day() - DAY).isoformat())
    assert [row["phase"] for row in before] == ["onboarding"]


def test_a_contacts_standing_and_a_tickets_states_are_told_through_time(api, alice, account):
    contact, at = make_contact(account=account), app_now()
    set_standing(contact=contact, stance="opponent", on=our_day() - DAY, at=at)
    set_standing(contact=contact, stance="supporter", on=our_day(), at=at)
    ticket = record_ticket(account=account, subject="A", severity="low", opened_at=at - DAY, at=at)
    update_ticket(ticket=ticket, changes={"state": "resolved"}, at=at)
    client = api(alice)

    standings = listed(client, "contact-standings", contact=contact.pk)
    states = listed(client, "ticket-states", ticket=ticket.pk)
    retract_ticket(ticket=ticket, at=at)

    assert [row["stance"] for row in standings] == ["opponent", "supporter"]
    assert [row["state"] for row in states] == ["open", "resolved"]
    assert listed(client, "ticket-states", account=account.pk) == []


def test_what_was_corrected_shows_where_one_asks_what_was_known(api, alice, account):
    now = app_now()
    wrong = AttributeValue.objects.create(
        account=account,
        key="plan",
        value="gold",
        starts_on=LONG_AGO,
        recorded_at=now - 9 * DAY,
        retracted_at=now - DAY,
    )
    right = AttributeValue.objects.create(
        account=account, key="plan", value="silver", starts_on=LONG_AGO, recorded_at=now - DAY
    )
    client, then = api(alice), (now - 2 * DAY).isoformat()

    known_now = listed(client, "attribute-values", key="plan")
    known_then = listed(client, "attribute-values", key="plan", known_at=then)

    assert [row["id"] for row in known_now] == [right.pk]
    assert [row["id"] for row in known_then] == [wrong.pk]
    assert client.get(f"/api/v1/attribute-values/{right.pk}/").json() == known_now[0]
    assert client.get(f"/api/v1/attribute-values/{wrong.pk}/").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_histories_are_read_and_never_written(api, alice, name):
    client = api(alice)

    assert client.post(f"/api/v1/{name}/", {}).status_code == 405
    assert client.patch(f"/api/v1/{name}/1/", {}).status_code == 405
    assert client.delete(f"/api/v1/{name}/1/").status_code == 405


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "asked", ["holding_on=soon", "known_at=soon", "known_at=9999-12-31T23:59:59-14:00", "n=1"]
)
def test_a_question_nobody_understands_is_refused(api, alice, name, asked):
    answer = api(alice).get(f"/api/v1/{name}/?{asked}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{asked.partition('=')[0]}"


def test_the_past_of_a_foreign_account_does_not_exist(api, alice):
    foreign = make_account()
    fact = make_account_role(account=foreign, user=make_user())

    assert listed(api(alice), "account-roles") == []
    assert api(alice).get(f"/api/v1/account-roles/{fact.pk}/").status_code == 404
    assert api(alice).get("/api/v1/account-roles/", {"account": foreign.pk}).status_code == 400


def test_who_sees_no_contacts_is_told_no_standings(api, alice, account):
    set_standing(contact=make_contact(account=account), stance="opponent", at=app_now())
    AccessPolicy.objects.create(
        role="member", kind="contact", read_scope="none", write_scope="none"
    )

    assert listed(api(alice), "contact-standings") == []


def test_a_page_of_roles_is_cut_by_position(api, alice, account):
    for _ in range(3):
        make_account_role(account=account, user=make_user(), ends_on=LONG_AGO)
    client = api(alice)

    first = client.get("/api/v1/account-roles/?page_size=2&ordering=-starts_on").json()
    second = client.get(first["next"]).json()

    ids = [row["id"] for page in (first, second) for row in page["results"]]
    assert sorted(ids) == sorted(AccountRole.objects.values_list("pk", flat=True))
    assert second["next"] is None
