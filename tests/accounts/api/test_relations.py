import datetime as dt

import pytest

from accounts.models import AccessPolicy, Contact, Contract, Touchpoint
from accounts.services.merges.accounts import merge_accounts
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, make_invoice, make_ticket

pytestmark = pytest.mark.django_db

BODIES = {
    "contacts": {"family_name": "Mori"},
    "contracts": {"arr": "1", "starts_on": "2026-04-01", "ends_on": "2027-03-31"},
    "touchpoints": {
        "type": "call",
        "subject": "Call",
        "occurred_at": "2026-05-01T10:00:00Z",
    },
}


@pytest.mark.parametrize("resource", BODIES)
def test_an_account_that_is_seen_is_not_one_that_may_be_added_to(api, alice, resource):
    kind = resource.removesuffix("s")
    AccessPolicy.objects.create(
        role=alice.role, kind="account", read_scope="all", write_scope="all"
    )
    AccessPolicy.objects.create(
        role=alice.role, kind=kind, read_scope="all", write_scope="own_team"
    )
    mine, foreign = make_account(team=alice.teams.get()), make_account()

    def add(account):
        return api(alice).post(f"/api/v1/{resource}/", {"account": account.pk, **BODIES[resource]})

    refused, made = add(foreign), add(mine)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/account"
    assert made.status_code == 201
    models = (Contact, Contract, Touchpoint)
    assert sum(model.objects.filter(account=foreign).count() for model in models) == 0


def test_nor_may_anything_be_hung_on_people_and_invoices_that_are_only_seen(api, alice):
    for kind in ("account", "contact", "invoice"):
        AccessPolicy.objects.create(
            role=alice.role, kind=kind, read_scope="all", write_scope="own_team"
        )
    foreign = make_account()
    one, other = make_contact(account=foreign), make_contact(account=foreign)
    invoice = make_invoice(account=foreign)
    client = api(alice)

    part = client.post("/api/v1/stakeholders/", {"contact": one.pk, "role": "champion"})
    line = {"from_contact": one.pk, "to_contact": other.pk, "kind": "reports_to"}
    relation = client.post("/api/v1/relations/", line)
    payment = client.post("/api/v1/payments/", {"invoice": invoice.pk, "paid_on": "2026-04-01"})

    assert client.get(f"/api/v1/contacts/{one.pk}/").status_code == 200
    pointers = [answer.json()["errors"][0]["pointer"] for answer in (part, relation, payment)]
    assert pointers == ["/contact", "/from_contact", "/invoice"]


@pytest.mark.parametrize("resource", BODIES)
def test_nothing_new_lands_at_an_account_that_was_merged_into_another(api, alice, resource):
    team = alice.teams.get()
    source, target = make_account(team=team), make_account(team=team)
    merge_accounts(source=source, into=target, at=app_now())

    def add(account):
        return api(alice).post(f"/api/v1/{resource}/", {"account": account.pk, **BODIES[resource]})

    refused, made = add(source), add(target)

    assert refused.json()["errors"][0]["pointer"] == "/account"
    assert (refused.status_code, made.status_code) == (400, 201)


def test_what_stayed_with_a_merged_account_is_corrected_there(api, alice):
    team = alice.teams.get()
    source, target = make_account(team=team), make_account(team=team)
    resolved = dt.datetime(2026, 6, 2, 5, 0, tzinfo=dt.UTC)
    ticket = make_ticket(account=source, resolved_at=resolved)
    merge_accounts(source=source, into=target, at=app_now())

    answer = api(alice).patch(
        f"/api/v1/tickets/{ticket.pk}/", {"account": source.pk, "subject": "Corrected"}
    )

    assert (answer.status_code, answer.json()["subject"]) == (200, "Corrected")
