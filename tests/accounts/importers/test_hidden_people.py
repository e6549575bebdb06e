"""A file tells nobody of people what their pages keep from them."""

import pytest

from accounts.models import ExternalRef, Ticket
from tests.accounts.importers.files import faults, take_in
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        (
            "tickets",
            ["external_id", "subject", "opened_at", "contact_external_id"],
            ["T-1", "s", "2026-06-01", "鈴木花"],
        ),
        (
            "touchpoints",
            ["type", "subject", "occurred_at", "contact_external_ids"],
            ["call", "s", "2026-06-01", "鈴木花"],
        ),
        (
            "todos",
            ["touchpoint_external_id", "side", "text", "contact_external_id"],
            ["T-1", "ours", "s", "鈴木花"],
        ),
    ],
)
def test_nobody_learns_how_many_of_a_name_work_at_an_account_they_do_not_reach(
    team, kind, header, row
):
    account = make_account(external_id="A-1", team=team)
    for _ in range(2):
        make_contact(account=account, family_name="鈴木", given_name="花", search_text="鈴木花\n")
    stranger = make_user(team=make_team())

    run = take_in(kind, ["account_external_id", *header], ["A-1", *row], by=stranger)

    assert faults(run) == [(2, "account_external_id", "unknown_account")]


def test_an_id_of_another_system_counts_only_accounts_within_reach(team):
    own, hidden = make_account(external_id="A-1", team=team), make_account(team=make_team())
    for account, source in ((own, "hubspot"), (hidden, "salesforce")):
        ExternalRef.objects.create(kind="account", object_id=account.pk, source=source, value="7")
    header = ["external_id", "subject", "opened_at", "account_external_id"]

    run = take_in("tickets", header, ["T-1", "s", "2026-06-01", "7"], by=make_user(team=team))

    assert faults(run) == []
    assert Ticket.objects.get().account == own
