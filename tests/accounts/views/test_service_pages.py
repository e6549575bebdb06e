import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Invoice, InvoicePayment, OnboardingMilestone, Ticket
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_invoice,
    make_milestone,
    make_organisation,
    make_payment,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2026, 1, 5, 3, 0, tzinfo=dt.UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def reader(client, alice):
    make_organisation()
    client.force_login(alice)
    return client


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get())


def address(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def undo_of(client, account):
    """Return where the toast on the next page posts to."""
    shown = client.get(address("detail", account))
    return next(iter(shown.context["messages"])).extra_tags.removeprefix("undo:")


def test_a_ticket_is_noted_in_a_dialog_and_may_be_undone(reader, account):
    person = make_contact(account=account, family_name="佐藤")
    to_new = address("ticket_new", account)
    assert "佐藤" in text_of(reader.get(to_new, headers=HTMX))

    values = {"subject": "止まる", "severity": "critical", "opened_at": "2026-06-01T09:00"}
    answer = reader.post(to_new, {**values, "contact": person.pk}, headers=HTMX)

    ticket = Ticket.objects.get()
    assert answer["HX-Redirect"] == address("detail", account)
    assert (ticket.subject, ticket.severity, ticket.contact) == ("止まる", "critical", person)
    reader.post(undo_of(reader, account))
    assert Ticket.objects.get().retracted_at is not None


def test_what_a_ticket_can_not_be_stands_beside_the_field(reader, account):
    values = {"subject": "Slow", "severity": "low", "opened_at": "2999-01-01T09:00"}
    answer = reader.post(address("ticket_new", account), values)

    assert answer.context["form"].errors["opened_at"]
    assert not Ticket.objects.exists()


def test_a_ticket_is_resolved_reopened_and_waits(reader, account):
    ticket = make_ticket(account=account, opened_at=LONG_AGO)

    for move, state in (("resolve", "resolved"), ("reopen", "open"), ("wait", "waiting")):
        assert reader.post(address(f"ticket_{move}", ticket)).status_code == 302
        ticket.refresh_from_db()
        assert ticket.state == state
    shown = text_of(reader.get(address("ticket_detail", ticket)))
    assert "Waiting for the customer" in shown
    assert "y-late" in shown


def test_a_ticket_is_corrected_and_the_form_holds_what_is_stored(reader, account):
    ticket = make_ticket(account=account, opened_at=LONG_AGO, subject="Slow", external_id="T-1")
    form = reader.get(address("ticket_edit", ticket)).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    values["opened_at"] = "2026-01-05T12:00"

    reader.post(address("ticket_edit", ticket), {**values, "severity": "high"})

    ticket.refresh_from_db()
    assert (ticket.severity, ticket.subject, ticket.external_id) == ("high", "Slow", "T-1")
    assert Ticket.objects.exclude(retracted_at=None).get().severity == "normal"


def test_a_ticket_taken_back_is_gone_and_comes_back(reader, account):
    ticket = make_ticket(account=account)
    reader.post(address("ticket_retract", ticket))
    back = undo_of(reader, account)
    assert reader.get(address("ticket_detail", ticket)).status_code == 404

    reader.post(back)

    assert reader.get(address("ticket_detail", ticket)).status_code == 200


def test_an_invoice_is_noted_with_the_terms_of_its_contract(reader, account):
    contract = make_contract(account=account, payment_days=10)
    values = {"external_id": "INV-1", "amount": "110000", "currency": "JPY",
              "issued_on": "2026-05-25", "contract": contract.pk}  # fmt: skip

    answer = reader.post(address("invoice_new", account), values)

    assert answer.status_code == 302
    assert Invoice.objects.get().due_on == dt.date(2026, 6, 4)


def test_an_invoice_is_paid_on_its_page_and_the_payment_taken_back(reader, account):
    invoice = make_invoice(account=account, due_on=dt.date(2026, 5, 29))
    late = text_of(reader.get(address("invoice_detail", invoice)))
    assert "y-late" in late
    form = reader.get(address("payment_new", invoice)).context["form"]
    assert form["amount"].value() == invoice.amount

    reader.post(address("payment_new", invoice), {"paid_on": "2026-05-29", "amount": "110000"})

    assert "y-late" not in text_of(reader.get(address("invoice_detail", invoice)))
    take_back = address("payment_retract", InvoicePayment.objects.get())
    assert f'action="{take_back}"' not in reader.get(address("invoice_detail", invoice)).text
    assert "¥110,000" in text_of(reader.get(take_back))
    assert InvoicePayment.objects.get().retracted_at is None
    reader.post(take_back)
    assert InvoicePayment.objects.get().retracted_at is not None


def test_an_invoice_is_corrected_taken_back_and_restored(reader, account):
    invoice = make_invoice(account=account)
    values = {"external_id": invoice.external_id, "amount": "5", "currency": "JPY",
              "issued_on": "2026-05-01", "due_on": "2026-05-29"}  # fmt: skip
    reader.post(address("invoice_edit", invoice), values)
    assert Invoice.objects.standing().get().amount == 5

    reader.post(address("invoice_retract", invoice))
    assert reader.get(address("invoice_detail", invoice)).status_code == 404
    reader.post(address("invoice_restore", invoice))
    assert reader.get(address("invoice_detail", invoice)).status_code == 200


def test_onboarding_is_planned_reached_put_off_and_taken_out(reader, account):
    make_contract(account=account, starts_on=dt.date(2026, 4, 1))
    assert "No milestones yet" in text_of(reader.get(address("milestones", account)))
    reader.post(address("milestone_plan", account), {"starts_on": "2026-04-01"})
    assert OnboardingMilestone.objects.count() == 8
    first = OnboardingMilestone.objects.get(key="first_value")

    reader.post(address("milestone_complete", first))
    shown = text_of(reader.get(address("milestones", account)))
    assert "1 of 8 reached" in shown
    assert "y-late" in shown

    labels = {"label_en": "First value", "label_ja": "最初の成果", "is_first_value": "on"}
    reader.post(address("milestone_edit", first), {**labels, "due_on": "2026-12-01"})
    first.refresh_from_db()
    assert (first.due_on, first.done_on) == (dt.date(2026, 12, 1), None)
    reader.post(address("milestone_retract", first))
    reader.post(address("milestone_restore", first))
    assert OnboardingMilestone.objects.filter(key="first_value", retracted_at=None).exists()


def test_one_more_milestone_is_planned(reader, account):
    labels = {"label_en": "Second plant", "label_ja": "第二工場"}

    reader.post(address("milestone_new", account), labels)

    assert OnboardingMilestone.objects.get().key == "second_plant"


def test_the_account_page_shows_what_is_open_late_and_planned(reader, account):
    make_ticket(account=account, subject="Very slow", opened_at=LONG_AGO, severity="low")
    make_ticket(account=account, subject="Down", severity="critical")
    make_ticket(account=account, subject="Done", resolved_at=dt.datetime(2026, 6, 5, tzinfo=dt.UTC))
    late = make_invoice(account=account)
    make_payment(invoice=make_invoice(account=account))
    make_milestone(account=account, due_on=dt.date(2026, 5, 1), label_en="Kick-off")

    shown = reader.get(address("detail", account))
    panel = next(item for item in shown.context["side"] if item["panel"].key == "service")

    assert [age.ticket.subject for age in panel["tickets"]] == ["Down", "Very slow"]
    assert panel["tickets"][0].is_beyond
    assert [row.invoice for row in panel["late"]] == [late]
    assert [step.milestone.label_en for step in panel["behind"]] == ["Kick-off"]


def test_a_viewer_reads_and_is_offered_no_change(reader, client, alice, account):
    ticket, invoice = make_ticket(account=account), make_invoice(account=account)
    make_milestone(account=account)
    client.force_login(make_user(team=alice.teams.get(), role="viewer"))

    for name, row in (
        ("ticket_detail", ticket),
        ("invoice_detail", invoice),
        ("milestones", account),
    ):
        assert not reader.get(address(name, row)).context["editable"]
    assert client.post(address("ticket_resolve", ticket)).status_code in (403, 404)


def test_the_lists_find_by_subject_number_and_account(reader, account):
    make_ticket(account=account, subject="ﾌﾟﾘﾝﾀが止まる")
    make_invoice(account=account, external_id="INV-77")
    make_milestone(account=account, label_en="Kick-off")

    for key, text in (("tickets", "ぷりんた"), ("invoices", "inv-77"), ("milestones", "KICK")):
        assert len(reader.get(f"/{key}/?q={text}").context["rows"]) == 1
        assert len(reader.get(f"/{key}/?q=nothing").context["rows"]) == 0
    assert len(reader.get("/invoices/?late=True").context["rows"]) == 1
    assert len(reader.get("/invoices/?late=False").context["rows"]) == 0
