import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Invoice, InvoicePayment, OnboardingMilestone, Ticket
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_invoice,
    make_milestone,
    make_payment,
    make_ticket,
    make_touchpoint,
    make_user,
)
from tests.playbooks.factories import make_task

pytestmark = pytest.mark.django_db
JUNE_5 = dt.datetime(2026, 6, 5, 5, tzinfo=dt.UTC)


@pytest.fixture
def account(alice):
    return make_account(
        team=alice.teams.get(), name="青嶺精機株式会社", search_text="青嶺精機株式会社"
    )


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("contacts", make_contact),
        ("contracts", make_contract),
        ("invoices", make_invoice),
        ("milestones", make_milestone),
        ("tasks", make_task),
        ("tickets", make_ticket),
        ("touchpoints", make_touchpoint),
    ],
)
def test_a_record_is_sent_back_with_its_account_and_never_moves_to_another(
    api, alice, account, kind, make
):
    address = f"/api/v1/{kind}/{make(account=account).pk}/"
    other = make_account(team=account.team)
    client = api(alice)

    same = client.patch(address, {"account": account.pk})
    moved = client.patch(address, {"account": other.pk})

    assert (same.status_code, same.json()["account"]) == (200, account.pk)
    assert (moved.status_code, moved.json()["code"]) == (400, "account_stays")
    assert [error["pointer"] for error in moved.json()["errors"]] == ["/account"]


def ids(answer):
    assert answer.status_code == 200, answer.json()
    return {row["id"] for row in answer.json()["results"]}


def test_a_ticket_is_made_resolved_and_taken_back(api, alice, account):
    client, contact = api(alice), make_contact(account=account)
    body = {"account": account.pk, "contact": contact.pk, "subject": "Slow", "external_id": "T-1"}

    made = client.post("/api/v1/tickets/", {**body, "opened_at": "2026-06-01T00:00:00Z"})
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["severity"]) == ("open", "normal")

    address = f"/api/v1/tickets/{made.json()['id']}/"
    changed = client.patch(address, {"resolved_at": "2026-06-03T00:00:00Z", "csat": 5}).json()
    assert (changed["state"], changed["csat"]) == ("resolved", 5)
    assert client.patch(address, {"state": "open"}).json()["resolved_at"] is None
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert Ticket.objects.get(pk=made.json()["id"]).retracted_at is not None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"opened_at": "2999-01-01T00:00:00Z"}, "/opened_at"),
        ({"resolved_at": "1999-01-01T00:00:00Z"}, "/resolved_at"),
        ({"csat": 6}, "/csat"),
        ({"severity": "huge"}, "/severity"),
        ({"subject": ""}, "/subject"),
        ({"external_id": ""}, "/external_id"),
    ],
)
def test_what_makes_no_ticket_is_refused_and_changes_nothing(api, alice, account, change, pointer):
    ticket = make_ticket(account=account)

    answer = api(alice).patch(f"/api/v1/tickets/{ticket.pk}/", change)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert Ticket.objects.count() == 1


def test_tickets_are_filtered_searched_and_sorted(api, alice, account):
    client, other = api(alice), make_account(team=alice.teams.get(), search_text="other")
    odd = make_ticket(account=account, subject="ﾌﾟﾘﾝﾀが止まる", severity="critical")
    done = make_ticket(account=other, resolved_at=JUNE_5, subject="Import")

    assert ids(client.get("/api/v1/tickets/?open=true")) == {odd.pk}
    assert ids(client.get("/api/v1/tickets/?severity=critical")) == {odd.pk}
    assert ids(client.get(f"/api/v1/tickets/?account={other.pk}")) == {done.pk}
    assert ids(client.get("/api/v1/tickets/?search=ぷりんた")) == {odd.pk}
    assert ids(client.get("/api/v1/tickets/?search=青嶺 プリンタ")) == {odd.pk}
    assert ids(client.get("/api/v1/tickets/?resolved_at_after=2026-06-05")) == {done.pk}
    assert len(ids(client.get("/api/v1/tickets/?ordering=-updated_at"))) == 2


def test_an_invoice_is_due_by_its_contract_and_paid_by_payments(api, alice, account):
    client, contract = api(alice), make_contract(account=account, payment_days=10)
    body = {"account": account.pk, "contract": contract.pk, "amount": "110000"}

    made = client.post("/api/v1/invoices/", {**body, "issued_on": "2026-05-25"}).json()
    assert (made["due_on"], made["balance"], made["paid_on"]) == ("2026-06-04", "110000.00", None)

    paid = client.post("/api/v1/payments/", {"invoice": made["id"], "paid_on": "2026-06-01"})
    assert paid.json()["amount"] == "110000.00"
    shown = client.get(f"/api/v1/invoices/{made['id']}/").json()
    assert (shown["balance"], shown["paid_on"]) == ("0.00", "2026-06-01")
    assert shown["payments"] == [
        {"id": paid.json()["id"], "paid_on": "2026-06-01", "amount": "110000.00"}
    ]
    assert client.delete(f"/api/v1/payments/{paid.json()['id']}/").status_code == 204
    assert client.get(f"/api/v1/invoices/{made['id']}/").json()["payments"] == []
    assert client.delete(f"/api/v1/invoices/{made['id']}/").status_code == 204
    assert Invoice.objects.get().retracted_at is not None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"due_on": "2020-01-01"}, "/due_on"),
        ({"amount": "0"}, "/amount"),
        ({"currency": "yen"}, "/currency"),
        ({"issued_on": None}, "/issued_on"),
    ],
)
def test_what_makes_no_invoice_is_refused(api, alice, account, change, pointer):
    invoice = make_invoice(account=account)

    answer = api(alice).patch(f"/api/v1/invoices/{invoice.pk}/", change)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_invoices_are_filtered_by_what_is_late_and_paid(api, alice, account):
    client = api(alice)
    late, paid = make_invoice(account=account), make_invoice(account=account)
    make_payment(invoice=paid)
    make_payment(invoice=late, amount=10)

    assert ids(client.get("/api/v1/invoices/?late=true")) == {late.pk}
    assert ids(client.get("/api/v1/invoices/?late=false")) == {paid.pk}
    assert ids(client.get("/api/v1/invoices/?paid=true")) == {paid.pk}
    assert ids(client.get(f"/api/v1/invoices/?search={late.external_id.lower()}")) == {late.pk}
    assert len(ids(client.get("/api/v1/invoices/?ordering=amount"))) == 2


def test_the_same_key_pays_once(api, alice, account):
    client, invoice = api(alice), make_invoice(account=account)
    body = {"invoice": invoice.pk, "paid_on": "2026-05-28", "amount": "5"}

    first, second = (
        client.post("/api/v1/payments/", body, headers={"Idempotency-Key": "k-1"}) for _ in "12"
    )

    assert first.json() == second.json()
    assert InvoicePayment.objects.count() == 1


def test_two_people_do_not_overwrite_each_others_invoice(api, alice, account):
    client, invoice = api(alice), make_invoice(account=account)
    address = f"/api/v1/invoices/{invoice.pk}/"
    tag = client.get(address)["ETag"]
    client.post("/api/v1/payments/", {"invoice": invoice.pk, "paid_on": "2026-05-28"})

    answer = client.patch(address, {"amount": "5"}, headers={"If-Match": tag})

    assert answer.status_code == 412


def test_nobody_pays_an_invoice_they_may_only_read(api, alice, account):
    viewer = make_user(team=alice.teams.get(), role="viewer")
    invoice = make_invoice(account=account)

    answer = api(viewer).post("/api/v1/payments/", {"invoice": invoice.pk, "paid_on": "2026-05-28"})

    assert answer.status_code == 403


def test_a_milestone_is_planned_put_off_reached_and_taken_out(api, alice, account):
    client = api(alice)
    labels = {"label_en": "Kick-off", "label_ja": "キックオフ"}

    made = client.post(
        "/api/v1/milestones/", {"account": account.pk, "due_on": "2026-05-01", **labels}
    ).json()
    assert made["key"] == "kick_off"

    address = f"/api/v1/milestones/{made['id']}/"
    assert ids(client.get("/api/v1/milestones/?late=true")) == {made["id"]}
    assert client.patch(address, {"due_on": "2026-05-11"}).json()["due_on"] == "2026-05-11"
    assert client.patch(address, {"done_on": "2026-05-08"}).json()["done_on"] == "2026-05-08"
    assert ids(client.get("/api/v1/milestones/?done=true")) == {made["id"]}
    assert ids(client.get("/api/v1/milestones/?search=きっくおふ")) == {made["id"]}
    assert client.patch(address, {"key": "other"}).status_code == 400
    assert client.patch(address, {"key": "kick_off"}).status_code == 200
    assert client.delete(address).status_code == 204
    assert not OnboardingMilestone.objects.filter(retracted_at=None).exists()


@pytest.mark.parametrize("resource", ["tickets", "invoices", "payments", "milestones"])
def test_seven_rows_cost_as_many_queries_as_one(api, alice, account, resource):
    def make():
        make_ticket(account=account)
        make_payment(invoice=make_invoice(account=account))
        make_milestone(account=account)

    def count():
        client = api(alice)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/{resource}/").json()["results"]
        return len(captured)

    make()
    one = count()
    for _ in range(6):
        make()
    assert count() == one <= 8


@pytest.mark.parametrize("resource", ["tickets", "invoices", "payments", "milestones"])
def test_who_is_of_another_team_finds_nothing(api, alice, charlie, account, resource):
    make_ticket(account=account)
    make_payment(invoice=make_invoice(account=account))
    make_milestone(account=account)

    assert ids(api(charlie).get(f"/api/v1/{resource}/")) == set()


def test_onboarding_is_planned_from_the_shipped_milestones(api, alice, account):
    client, address = api(alice), "/api/v1/milestones/plan/"
    day = {"account": account.pk, "starts_on": "2026-04-01"}

    made = client.post(address, day)
    again = client.post(address, day)

    assert made.status_code == again.status_code == 200
    assert [row["key"] for row in made.json()][:2] == ["handover", "kick_off"]
    assert max(row["due_on"] for row in made.json()) > "2026-04-01"
    assert again.json() == []
    assert ids(client.get(f"/api/v1/milestones/?account={account.pk}")) == {
        row["id"] for row in made.json()
    }


def test_an_onboarding_counts_from_some_day(api, alice, charlie, account):
    address = "/api/v1/milestones/plan/"

    answer = api(alice).post(address, {"account": account.pk})
    late = api(alice).post(address, {"account": account.pk, "starts_on": "9999-12-31"})
    foreign = api(charlie).post(address, {"account": account.pk, "starts_on": "2026-04-01"})

    assert (answer.status_code, answer.json()["code"]) == (400, "no_start_day")
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (400, "/starts_on")
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (400, "/account")
